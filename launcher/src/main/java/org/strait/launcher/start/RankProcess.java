package org.strait.launcher.start;

import java.io.BufferedReader;
import java.io.BufferedWriter;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.function.Consumer;

/// One rank's process and the two threads that read what it says. Its standard input stays open and
/// silent for as long as the launcher lives: a rank that reads the end of it knows that the
/// launcher is gone.
final class RankProcess {
  private static final int TAIL_LINES = 12;
  private static final Duration DRAIN = Duration.ofSeconds(1);

  private final RankSpec spec;
  private final Process process;
  private final RankListener listener;
  private final BufferedWriter logFile;
  private final Deque<String> tail = new ArrayDeque<>();
  private final Thread outputReader;
  private final Thread errorReader;

  private RankProcess(RankSpec spec, Process process, RankListener listener, Path log)
      throws IOException {
    this.spec = spec;
    this.process = process;
    this.listener = listener;
    this.logFile = Files.newBufferedWriter(log, StandardCharsets.UTF_8);
    outputReader = reader("out", process.getInputStream(), this::output);
    errorReader = reader("err", process.getErrorStream(), this::log);
  }

  /// Starts the process.
  static RankProcess start(RankSpec spec, RankListener listener, Path logs) throws IOException {
    ProcessBuilder builder = new ProcessBuilder(spec.command());
    builder.environment().putAll(spec.environment());
    Process process = builder.start();
    try {
      process.getOutputStream().write(spec.input().getBytes(StandardCharsets.UTF_8));
      process.getOutputStream().flush();
    } catch (IOException e) {
      // It ended before it read: its exit status says why.
      System.getLogger(RankProcess.class.getName()).log(System.Logger.Level.DEBUG, "input", e);
    }
    try {
      Path log = logs.resolve("rank-" + spec.rank() + ".log");
      for (int life = 2; Files.exists(log); life++) {
        log = logs.resolve("rank-" + spec.rank() + "~" + life + ".log");
      }
      return new RankProcess(spec, process, listener, log);
    } catch (IOException e) {
      process.destroyForcibly();
      throw e;
    }
  }

  private Thread reader(String name, InputStream stream, Consumer<String> take) {
    return Thread.ofPlatform()
        .daemon()
        .name("rank-" + spec.rank() + "-" + name)
        .start(
            () -> {
              try (BufferedReader lines =
                  new BufferedReader(new InputStreamReader(stream, StandardCharsets.UTF_8))) {
                for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                  take.accept(line);
                }
              } catch (IOException e) {
                log("strait: lost the " + name + " stream of this rank: " + e.getMessage());
              }
            });
  }

  private void output(String line) {
    if (!listener.output(spec.rank(), line)) {
      log(line);
    }
  }

  private void log(String line) {
    if (line.startsWith("WARNING: Using incubator modules")) {
      return; // the JVM greets every rank with it; it says nothing about this run
    }
    synchronized (tail) {
      tail.addLast(line);
      if (tail.size() > TAIL_LINES) {
        tail.removeFirst();
      }
      try {
        logFile.write(line);
        logFile.newLine();
        logFile.flush();
      } catch (IOException e) {
        // A full disk; what the rank says is read all the same.
        System.getLogger(RankProcess.class.getName())
            .log(System.Logger.Level.DEBUG, "log of rank " + spec.rank(), e);
      }
    }
    listener.log(spec.rank(), line);
  }

  RankSpec spec() {
    return spec;
  }

  Process process() {
    return process;
  }

  /// After the process ended: waits until what it said last has been read. Its children may hold
  /// the streams open, so not for ever.
  void drain() {
    try {
      outputReader.join(DRAIN);
      errorReader.join(DRAIN);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  List<String> lastLines() {
    synchronized (tail) {
      return new ArrayList<>(tail);
    }
  }

  void closeLog() {
    synchronized (tail) {
      try {
        logFile.close();
      } catch (IOException e) {
        System.getLogger(RankProcess.class.getName())
            .log(System.Logger.Level.DEBUG, "log of rank " + spec.rank(), e);
      }
    }
  }
}
