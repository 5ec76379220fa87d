package org.strait.launcher.record;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.strait.engine.ledger.LedgerAudit;
import org.strait.engine.ledger.LedgerAudit.Flow;
import org.strait.engine.ledger.LedgerAudit.Sum;

/// Checks the ledgers of a run: each for itself, against the hash that the record has of it, and
/// against the bytes that the record counts at the sockets.
public final class LedgerCheck {
  private static final String MAIN = "main";

  private final JsonObject record;
  private final JsonArray ledgers = new JsonArray();
  private final List<String> problems = new ArrayList<>();
  private final Map<String, Sum> sums = new TreeMap<>();
  private final Map<List<String>, Long> mainBytes = new java.util.HashMap<>();

  private LedgerCheck(JsonObject record) {
    this.record = record;
  }

  /// The result: {@code right}, {@code problems}, {@code ledgers}, {@code sums}.
  ///
  /// @param record run.json of the run
  public static JsonObject of(Path folder, JsonObject record) throws IOException {
    LedgerCheck check = new LedgerCheck(record);
    List<Path> files = new ArrayList<>();
    try (DirectoryStream<Path> found =
        Files.newDirectoryStream(RunFolder.ledgers(folder), "*.jsonl")) {
      found.forEach(files::add);
    }
    Collections.sort(files);
    for (Path file : files) {
      check.ledger(file);
    }
    check.missing(files);
    check.bytes();
    return check.json();
  }

  private JsonObject recorded(String file) {
    if (record.has("ledgers")) {
      for (JsonElement element : record.getAsJsonArray("ledgers")) {
        if (element.getAsJsonObject().get("file").getAsString().equals(file)) {
          return element.getAsJsonObject();
        }
      }
    }
    return null;
  }

  private void ledger(Path file) throws IOException {
    String name = file.getFileName().toString();
    LedgerAudit audit = LedgerAudit.of(file);
    JsonObject recorded = recorded(name);
    String verdict = audit.ended() ? "whole" : "not ended: its data centre was killed or lost";
    if (!audit.problem().isEmpty() && (recorded != null || !cut(audit))) {
      verdict = audit.problem();
      problems.add(name + ": " + verdict);
    } else if (recorded != null && !audit.ended()) {
      verdict = "its end is missing after line " + audit.lines();
      problems.add(name + ": " + verdict);
    } else if (recorded != null && !recorded.get("chain").getAsString().equals(audit.lastChain())) {
      verdict = "is whole, but not the one that run.json knows";
      problems.add(name + ": " + verdict);
    }
    JsonObject json = new JsonObject();
    json.addProperty("file", name);
    json.addProperty("dc", audit.dc());
    json.addProperty("lines", audit.lines());
    json.addProperty("ended", audit.ended());
    json.addProperty("verdict", verdict);
    ledgers.add(json);
    for (Map.Entry<Flow, Sum> entry : audit.sums().entrySet()) {
      Flow flow = entry.getKey();
      add(audit.dc(), flow.to(), flow.kind(), entry.getValue());
      if (flow.phase().equals(MAIN) && recorded != null) {
        mainBytes.merge(List.of(audit.dc(), flow.to()), entry.getValue().bytes(), Long::sum);
      }
    }
  }

  /// A last line that was being written when its data centre was killed.
  private static boolean cut(LedgerAudit audit) {
    return audit.problem().endsWith("is cut short");
  }

  private void add(String from, String to, String kind, Sum sum) {
    Sum before = sums.getOrDefault(from + "\n" + to + "\n" + kind, new Sum(0, 0));
    sums.put(
        from + "\n" + to + "\n" + kind,
        new Sum(before.messages() + sum.messages(), before.bytes() + sum.bytes()));
  }

  private void missing(List<Path> files) {
    if (!record.has("ledgers")) {
      return;
    }
    for (JsonElement element : record.getAsJsonArray("ledgers")) {
      String name = element.getAsJsonObject().get("file").getAsString();
      if (files.stream().noneMatch(file -> file.getFileName().toString().equals(name))) {
        problems.add(name + ": the file is missing");
      }
    }
  }

  /// The record counts what left the sockets, the ledgers what was handed over: the same, but for
  /// links that broke.
  private void bytes() {
    JsonArray links = record.getAsJsonObject("wan").getAsJsonArray("byLink");
    for (JsonElement element : links) {
      JsonObject link = element.getAsJsonObject();
      String from = link.get("from").getAsString();
      String to = link.get("to").getAsString();
      long counted = link.get("bytes").getAsLong();
      Long noted = mainBytes.get(List.of(from, to));
      boolean right =
          noted != null && (link.has("broken") ? noted >= counted : noted.longValue() == counted);
      if (!right) {
        problems.add(
            from
                + " to "
                + to
                + ": run.json counts "
                + counted
                + " bytes, the ledger "
                + (noted == null ? "none" : noted));
      }
    }
  }

  private JsonObject json() {
    JsonObject json = new JsonObject();
    json.addProperty("command", "audit");
    json.addProperty("right", problems.isEmpty());
    JsonArray wrong = new JsonArray();
    problems.forEach(wrong::add);
    json.add("problems", wrong);
    json.add("ledgers", ledgers);
    JsonArray all = new JsonArray();
    for (Map.Entry<String, Sum> entry : sums.entrySet()) {
      String[] words = entry.getKey().split("\n", -1);
      JsonObject sum = new JsonObject();
      sum.addProperty("from", words[0]);
      sum.addProperty("to", words[1]);
      sum.addProperty("kind", words[2]);
      sum.addProperty("messages", entry.getValue().messages());
      sum.addProperty("bytes", entry.getValue().bytes());
      all.add(sum);
    }
    json.add("sums", all);
    return json;
  }
}
