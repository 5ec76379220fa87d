package org.strait.bench.allreduce;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.strait.bench.run.WrongResultException;
import org.strait.launcher.bench.BenchFailure;

/// The processes of one engine. Each rank has a connection to here, on which it says {@code TOKEN
/// RANK PID} and then waits, without spinning, for orders {@code WAY BYTES WARM CALLS}. It answers
/// {@code ok NANOS…}, one number per call, or {@code wrong PLACE GOT EXPECTED} or {@code failed
/// WHY}. The end of the connection ends the rank.
final class Crew implements AutoCloseable {
  /// Environment variable with the token.
  static final String TOKEN = "STRAIT_BENCH_TOKEN";

  private static final String HERE = "here";
  private static final long START_SECONDS = 90;
  private static final long ANSWER_SECONDS = 90;
  private static final long END_SECONDS = 5;
  private static final long LAST_WORDS_MILLIS = 500;

  /// What a rank said; a null line says that it is gone. Rank -1: a process ended.
  private record Event(int rank, String line) {}

  private final String name;
  private final int ranks;
  private final Path log;
  private final ServerSocket server;
  private final String token;
  private final BlockingQueue<Event> events = new LinkedBlockingQueue<>();
  private final List<Process> processes = new ArrayList<>();
  private final List<CompletableFuture<Void>> watches = new ArrayList<>();
  private final Socket[] sockets;
  private final ProcessHandle[] handles;

  /// A crew without processes.
  ///
  /// @param log where the processes' words go
  Crew(String name, int ranks, Path log) throws IOException {
    this.name = name;
    this.ranks = ranks;
    this.log = log;
    server = new ServerSocket(0, ranks + 8, InetAddress.getLoopbackAddress());
    byte[] secret = new byte[16];
    new SecureRandom().nextBytes(secret);
    token = HexFormat.of().formatHex(secret);
    sockets = new Socket[ranks];
    handles = new ProcessHandle[ranks];
    Thread.ofPlatform().daemon().name("crew-" + name).start(this::accept);
  }

  String name() {
    return name;
  }

  int ranks() {
    return ranks;
  }

  /// Where ranks connect to, on the loopback interface.
  int port() {
    return server.getLocalPort();
  }

  /// Starts processes and returns when all ranks are there.
  ///
  /// @throws BenchFailure if one ends before, or the time is over
  void start(List<List<String>> commands, Map<String, String> environment) throws IOException {
    for (List<String> command : commands) {
      ProcessBuilder builder =
          new ProcessBuilder(command)
              .redirectErrorStream(true)
              .redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()));
      builder.environment().putAll(environment);
      builder.environment().put(TOKEN, token);
      Process process = builder.start();
      // Nothing to read: the ranks' connection tells them when to end.
      process.getOutputStream().close();
      synchronized (processes) {
        processes.add(process);
      }
      watches.add(
          process
              .onExit()
              .thenAccept(ended -> events.add(new Event(-1, "status " + ended.exitValue()))));
    }
    for (int there = 0; there < ranks; ) {
      Event event = next(START_SECONDS * 1000);
      if (event == null) {
        throw failure("not all ranks have come in " + START_SECONDS + " s");
      }
      if (event.rank < 0) {
        throw failure("a process ended with " + event.line + " before all ranks were there");
      }
      if (event.line == null) {
        throw failure(rank(event.rank) + " ended at its start");
      }
      if (!event.line.equals(HERE)) {
        throw failure(rank(event.rank) + " did not start: " + event.line);
      }
      there++;
    }
  }

  private void accept() {
    try {
      while (true) {
        Socket socket = server.accept();
        Thread.ofPlatform().daemon().name("crew-" + name + "-rank").start(() -> serve(socket));
      }
    } catch (IOException e) {
      // Closed.
      System.getLogger(Crew.class.getName()).log(System.Logger.Level.DEBUG, "accept", e);
    }
  }

  private void serve(Socket socket) {
    int rank = -1;
    try (socket) {
      socket.setTcpNoDelay(true);
      BufferedReader in =
          new BufferedReader(
              new InputStreamReader(socket.getInputStream(), StandardCharsets.UTF_8));
      String[] hello = String.valueOf(in.readLine()).split(" ", -1);
      if (hello.length != 3 || !hello[0].equals(token)) {
        return;
      }
      rank = Integer.parseInt(hello[1]);
      synchronized (sockets) {
        sockets[rank] = socket;
        handles[rank] = ProcessHandle.of(Long.parseLong(hello[2])).orElse(null);
      }
      events.add(new Event(rank, HERE));
      for (String line = in.readLine(); line != null; line = in.readLine()) {
        events.add(new Event(rank, line));
      }
    } catch (IOException e) {
      System.getLogger(Crew.class.getName()).log(System.Logger.Level.DEBUG, "rank", e);
    } finally {
      if (rank >= 0) {
        events.add(new Event(rank, null));
      }
    }
  }

  /// Has all ranks do something some times.
  ///
  /// @param warm calls before those that are timed
  /// @return seconds of each call, the slowest rank's
  /// @throws WrongResultException if a sum is wrong
  /// @throws BenchFailure if a rank is lost
  double[] order(String way, long bytes, int warm, int calls) {
    byte[] line =
        (way + " " + bytes + " " + warm + " " + calls + "\n").getBytes(StandardCharsets.UTF_8);
    String what = Sizes.name(bytes);
    for (int r = 0; r < ranks; r++) {
      try {
        OutputStream out = sockets[r].getOutputStream();
        out.write(line);
        out.flush();
      } catch (IOException e) {
        throw failure(rank(r) + " is gone before " + what, e);
      }
    }
    double[] slowest = new double[calls];
    boolean[] answered = new boolean[ranks];
    for (int got = 0; got < ranks; ) {
      Event event = next(ANSWER_SECONDS * 1000);
      if (event == null) {
        int silent = IntStream.range(0, ranks).filter(r -> !answered[r]).findFirst().orElse(0);
        throw failure(rank(silent) + " has not answered for " + ANSWER_SECONDS + " s, at " + what);
      }
      take(event, way, what, slowest);
      if (event.rank >= 0) {
        answered[event.rank] = true;
        got++;
      }
    }
    return slowest;
  }

  private void take(Event event, String way, String what, double[] slowest) {
    if (event.rank < 0) {
      throw failure(blame("a process ended with " + event.line, what));
    }
    if (event.line == null) {
      throw failure(rank(event.rank) + " ended during " + what);
    }
    String[] words = event.line.split(" ", 2);
    switch (words[0]) {
      case "ok" -> {
        String[] nanos = words[1].split(" ", -1);
        for (int c = 0; c < slowest.length; c++) {
          slowest[c] = Math.max(slowest[c], Long.parseLong(nanos[c]) * 1e-9);
        }
      }
      case "wrong" -> {
        String[] at = words[1].split(" ", -1);
        throw new WrongResultException(
            name + " (" + way + ")",
            "float32 " + what + ", " + rank(event.rank),
            "float " + at[0] + " is " + at[1] + ", expected " + at[2]);
      }
      default ->
          throw failure(blame(rank(event.rank) + " failed during " + what + ": " + words[1], what));
    }
  }

  /// Who complains may have lost a peer; that one's end, if it is known by now, says more.
  private String blame(String complaint, String what) {
    for (Event event = next(LAST_WORDS_MILLIS); event != null; event = next(LAST_WORDS_MILLIS)) {
      if (event.rank >= 0 && event.line == null) {
        return rank(event.rank) + " ended during " + what;
      }
    }
    return complaint;
  }

  private Event next(long millis) {
    try {
      return events.poll(millis, TimeUnit.MILLISECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw failure("interrupted", e);
    }
  }

  private String rank(int r) {
    return "rank "
        + r
        + " of "
        + ranks
        + (handles[r] == null ? "" : " (process " + handles[r].pid() + ")");
  }

  private BenchFailure failure(String what, Exception... cause) {
    BenchFailure failure =
        new BenchFailure(
            "engine " + name + ": " + what + lastLine().map(line -> "; " + line).orElse(""));
    Arrays.stream(cause).forEach(failure::addSuppressed);
    return failure;
  }

  private Optional<String> lastLine() {
    try {
      return Files.readAllLines(log).stream()
          .map(String::strip)
          .filter(line -> !line.isEmpty() && !line.startsWith("at ") && !line.contains("WARNING"))
          .filter(line -> line.chars().anyMatch(Character::isLetter))
          .reduce((first, second) -> second)
          .map(line -> line + " (" + log + ")");
    } catch (IOException e) {
      return Optional.empty();
    }
  }

  /// Ends all processes, at the latest after some seconds.
  @Override
  public void close() {
    close(END_SECONDS);
  }

  /// Ends all processes at once.
  void kill() {
    close(0);
  }

  private void close(long seconds) {
    try {
      server.close();
      synchronized (sockets) {
        for (Socket socket : sockets) {
          if (socket != null) {
            socket.close();
          }
        }
      }
    } catch (IOException e) {
      System.getLogger(Crew.class.getName()).log(System.Logger.Level.DEBUG, "close", e);
    }
    synchronized (processes) {
      long until = System.nanoTime() + TimeUnit.SECONDS.toNanos(seconds);
      for (Process process : processes) {
        try {
          if (!process.waitFor(Math.max(0, until - System.nanoTime()), TimeUnit.NANOSECONDS)) {
            List<ProcessHandle> children = process.descendants().toList();
            process.destroyForcibly();
            children.forEach(ProcessHandle::destroyForcibly);
          }
        } catch (InterruptedException e) {
          process.destroyForcibly();
          Thread.currentThread().interrupt();
        }
      }
    }
    // Whoever started a rank may be gone before it.
    for (ProcessHandle rank : handles) {
      if (rank != null && !rank.equals(ProcessHandle.current())) {
        rank.destroyForcibly();
      }
    }
  }

  /// What the ranks have used of the processors so far; 0 where the system does not say.
  long cpuMillis() {
    long sum = 0;
    for (ProcessHandle rank : handles) {
      if (rank != null) {
        sum += rank.info().totalCpuDuration().map(Duration::toMillis).orElse(0L);
      }
    }
    return sum;
  }

  /// What was started.
  List<Process> processes() {
    synchronized (processes) {
      return List.copyOf(processes);
    }
  }
}
