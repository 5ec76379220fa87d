package org.strait.bench.allreduce;

import static java.lang.foreign.ValueLayout.JAVA_FLOAT;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.lang.foreign.MemorySegment;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.strait.engine.collective.Collectives;
import org.strait.engine.rendezvous.FileStore;
import org.strait.engine.rendezvous.Store;
import org.strait.engine.topology.Group;
import org.strait.engine.transport.ConnectOptions;
import org.strait.engine.transport.Deadline;
import org.strait.engine.transport.LoopbackNetwork;
import org.strait.engine.transport.Transport;
import org.strait.engine.transport.Transports;
import org.strait.engine.transport.mpi.MpiEnvironment;
import org.strait.kernels.BackendUnavailableException;
import org.strait.kernels.Backends;
import org.strait.kernels.DenseOps;
import org.strait.memory.Floats;
import org.strait.memory.HostMemory;

/// A process with one rank of ours, or with all of them as threads: {@code PORT ENGINE[:ALGORITHM]
/// RANK|mpi|threads RANKS MOST_BYTES FOLDER BACKEND [JAR…]}. Every rank rewrites its vector before
/// each call, a barrier comes before its clock starts and one after it has stopped, and then it
/// looks at every float of the result.
public final class RankMain {
  /// The gradient is memory that the transport gave.
  static final String SHARED = "shared";

  /// The gradient is the rank's own memory.
  static final String PRIVATE = "private";

  /// Every rank doubles its own vector: each byte is read once and written once, no sum.
  static final String LIMIT = "limit";

  /// MPJ Express's own Allreduce.
  static final String MPJ_EXPRESS = "mpj-express";

  private static final Deadline SOON = Deadline.seconds("allreduce", 45);

  private RankMain() {}

  /// One thing that ranks can be told to do with a vector.
  private record Turn(MemorySegment data, Runnable barrier, Runnable work, boolean sum) {}

  /// What a rank makes a turn of.
  private interface Turns {
    Turn of(String way, int floats);
  }

  /// Runs until the connection ends.
  public static void main(String[] args) throws IOException {
    int ranks = Integer.parseInt(args[3]);
    LoopbackNetwork network = new LoopbackNetwork();
    if (!args[2].equals("threads")) {
      int me =
          args[2].equals("mpi")
              ? MpiEnvironment.of(System.getenv()).orElseThrow().rank()
              : Integer.parseInt(args[2]);
      run(args, me, network);
      // MPJ Express leaves threads behind.
      System.exit(0);
    }
    for (int r = 0; r < ranks; r++) {
      int me = r;
      Thread.ofPlatform()
          .name("rank-" + r)
          .start(
              () -> {
                try {
                  run(args, me, network);
                } catch (IOException e) {
                  throw new java.io.UncheckedIOException(e);
                }
              });
    }
  }

  private static void run(String[] args, int me, LoopbackNetwork network) throws IOException {
    int ranks = Integer.parseInt(args[3]);
    try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), Integer.parseInt(args[0]))) {
      socket.setTcpNoDelay(true);
      OutputStream out = socket.getOutputStream();
      try (Store store = new FileStore(Path.of(args[5]));
          HostMemory memory = HostMemory.unlimited("rank")) {
        List<Path> jars = Arrays.stream(args).skip(7).map(Path::of).toList();
        if (args[1].equals(MPJ_EXPRESS)) {
          MpjExpress mpj = MpjExpress.join(jars, me, ranks, store);
          serve(socket, me, ranks, (way, n) -> turn(mpj, n));
          mpj.close();
          return;
        }
        String engine = Engines.engine(args[1]);
        String algorithm = Engines.algorithm(args[1]);
        DenseOps dense = Backends.choose(args[6]).backend().dense();
        ConnectOptions options = ConnectOptions.defaults().withNetwork(network).withMpjJars(jars);
        long floats = Long.parseLong(args[4]) / Float.BYTES;
        try (Transport transport =
                Transports.connect(engine, Group.of("bench", ranks, me), store, options);
            Collectives collectives = Collectives.over(transport, algorithm, memory, dense)) {
          Floats own = memory.floats(floats);
          Floats shared = engine.equals("shared-memory") ? collectives.floats(floats) : own;
          serve(
              socket,
              me,
              ranks,
              (way, n) -> turn(collectives, dense, (way.equals(PRIVATE) ? own : shared), way, n));
        }
      } catch (BackendUnavailableException | RuntimeException e) {
        say(out, "failed " + String.valueOf(e.getMessage()).replaceAll("\\s+", " "));
        throw new IllegalStateException(e);
      }
    }
  }

  private static Turn turn(Collectives collectives, DenseOps dense, Floats all, String way, int n) {
    Floats vector = all.slice(0, n);
    Runnable barrier = () -> collectives.barrier(SOON);
    return way.equals(LIMIT)
        ? new Turn(
            vector.segment(),
            barrier,
            () -> {
              dense.scale(2, vector);
              collectives.barrier(SOON);
            },
            false)
        : new Turn(vector.segment(), barrier, () -> collectives.sum(vector, SOON), true);
  }

  private static Turn turn(MpjExpress mpj, int n) {
    float[] vector = new float[n];
    return new Turn(MemorySegment.ofArray(vector), mpj::barrier, () -> mpj.sum(vector), true);
  }

  private static void serve(Socket socket, int me, int ranks, Turns turns) throws IOException {
    OutputStream out = socket.getOutputStream();
    say(out, System.getenv(Crew.TOKEN) + " " + me + " " + ProcessHandle.current().pid());
    BufferedReader in =
        new BufferedReader(new InputStreamReader(socket.getInputStream(), StandardCharsets.UTF_8));
    for (String line = in.readLine(); line != null; line = in.readLine()) {
      String[] words = line.split(" ", -1);
      int n = (int) (Long.parseLong(words[1]) / Float.BYTES);
      int warm = Integer.parseInt(words[2]);
      long[] nanos = new long[Integer.parseInt(words[3])];
      say(out, time(turns.of(words[0], n), n, me, ranks, warm, nanos));
    }
  }

  private static String time(Turn turn, int n, int me, int ranks, int warm, long[] nanos) {
    for (int call = -warm; call < nanos.length; call++) {
      int addend = Pattern.addend(me, call);
      Pattern.fill(turn.data, n, addend);
      turn.barrier.run();
      long start = System.nanoTime();
      turn.work.run();
      if (call >= 0) {
        nanos[call] = System.nanoTime() - start;
      }
      // A rank that shares this one's core and has its sum already must get to its clock first.
      turn.barrier.run();
      int factor = turn.sum ? ranks : 2;
      int added = turn.sum ? Pattern.addends(ranks, call) : 2 * addend;
      int wrong = Pattern.firstWrong(turn.data, n, factor, added);
      if (wrong >= 0) {
        return "wrong "
            + wrong
            + " "
            + turn.data.getAtIndex(JAVA_FLOAT, wrong)
            + " "
            + Pattern.expected(wrong, factor, added);
      }
    }
    List<String> words = new ArrayList<>(List.of("ok"));
    Arrays.stream(nanos).forEach(t -> words.add(Long.toString(t)));
    return String.join(" ", words);
  }

  private static void say(OutputStream out, String line) throws IOException {
    out.write((line + "\n").getBytes(StandardCharsets.UTF_8));
    out.flush();
  }
}
