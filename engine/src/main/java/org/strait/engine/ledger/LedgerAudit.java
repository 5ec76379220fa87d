package org.strait.engine.ledger;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collections;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// What a ledger says, and whether it is whole.
///
/// @param dc that messages left; empty if the first line is wrong
/// @param lines that are right, from the first
/// @param problem the first thing that is wrong, with its line; empty if nothing is
/// @param ended whether the last line is there
/// @param lastChain hash of the last right line
/// @param sums bytes and messages by phase, receiving DC and kind
public record LedgerAudit(
    String dc, long lines, String problem, boolean ended, String lastChain, Map<Flow, Sum> sums) {
  private static final Pattern LINE =
      Pattern.compile("(\\{.*),\"chain\":\"([0-9a-f]{64})\"\\}", Pattern.DOTALL);
  private static final Pattern FIRST = Pattern.compile("\\{\"ledger\":(\\d+),\"dc\":(\".*\")");
  private static final Pattern MESSAGE =
      Pattern.compile(
          "\\{\"n\":(\\d+),\"ms\":\\d+,\"to\":(\".*\"),\"kind\":\"(\\w+)\",\"round\":\\d+,"
              + "\"bytes\":(\\d{1,18})");
  private static final Pattern PHASE = Pattern.compile("\\{\"phase\":(\".*\")");
  private static final Pattern END =
      Pattern.compile("\\{\"end\":true,\"messages\":(\\d{1,18}),\"bytes\":(\\d{1,18})");

  /// Part of a run, receiving DC and kind of message.
  public record Flow(String phase, String to, String kind) implements Comparable<Flow> {
    @Override
    public int compareTo(Flow other) {
      return (phase + "\n" + to + "\n" + kind)
          .compareTo(other.phase + "\n" + other.to + "\n" + other.kind);
    }
  }

  /// Messages and their bytes.
  public record Sum(long messages, long bytes) {
    private Sum and(Sum other) {
      return new Sum(messages + other.messages, bytes + other.bytes);
    }
  }

  /// Reads a ledger up to its end or the first thing that is wrong.
  ///
  /// @throws IOException if the file cannot be read
  public static LedgerAudit of(Path file) throws IOException {
    State state = new State();
    // What is no UTF-8 is read as something that no ledger has, not refused.
    try (BufferedReader in =
        new BufferedReader(
            new InputStreamReader(Files.newInputStream(file), StandardCharsets.UTF_8))) {
      StringBuilder text = new StringBuilder();
      for (int c = in.read(); c >= 0 && state.problem.isEmpty(); c = in.read()) {
        if (c == '\n') {
          state.take(text.toString());
          text.setLength(0);
        } else {
          text.append((char) c);
        }
      }
      if (state.problem.isEmpty() && !text.isEmpty()) {
        state.problem = "line " + (state.lines + 1) + " is cut short";
      }
    }
    if (state.problem.isEmpty() && state.lines == 0) {
      state.problem = "line 1 is missing: the file is empty";
    }
    return new LedgerAudit(
        state.dc,
        state.lines,
        state.problem,
        state.ended,
        state.lastChain,
        Collections.unmodifiableMap(state.sums));
  }

  private static final class State {
    private final LedgerLine chain = new LedgerLine();
    private final Map<Flow, Sum> sums = new TreeMap<>();
    private String dc = "";
    private String phase = "";
    private String problem = "";
    private String lastChain = "";
    private long lines;
    private long messages;
    private long bytes;
    private boolean ended;

    void take(String line) {
      Matcher whole = LINE.matcher(line);
      if (!whole.matches()) {
        fail("is not a line of a ledger");
      } else if (ended) {
        fail("stands after the last line");
      } else if (!chain.next(whole.group(1)).equals(whole.group(2))) {
        fail("was changed, or a line before it was changed, removed or moved");
      } else {
        content(whole.group(1));
      }
      if (problem.isEmpty()) {
        lines++;
        lastChain = whole.group(2);
      }
    }

    private void content(String text) {
      Matcher first = FIRST.matcher(text);
      Matcher message = MESSAGE.matcher(text);
      Matcher part = PHASE.matcher(text);
      Matcher end = END.matcher(text);
      if (lines == 0) {
        if (!first.matches() || !first.group(1).equals("" + LedgerLine.VERSION)) {
          fail("is not the first of a ledger of version " + LedgerLine.VERSION);
          return;
        }
        dc = plain(first.group(2));
      } else if (message.matches() && message.group(1).equals("" + lines)) {
        Sum one = new Sum(1, Long.parseLong(message.group(4)));
        messages++;
        bytes += one.bytes();
        sums.merge(new Flow(phase, plain(message.group(2)), message.group(3)), one, Sum::and);
      } else if (part.matches()) {
        phase = plain(part.group(1));
      } else if (end.matches()) {
        ended = true;
        if (Long.parseLong(end.group(1)) != messages || Long.parseLong(end.group(2)) != bytes) {
          fail("sums up " + end.group(1) + " messages, the lines are " + messages);
        }
      } else {
        fail("says nothing that a ledger says");
      }
    }

    private void fail(String what) {
      problem = "line " + (lines + 1) + " " + what;
    }

    private static String plain(String quoted) {
      return quoted.substring(1, quoted.length() - 1).replaceAll("\\\\(.)", "$1");
    }
  }
}
