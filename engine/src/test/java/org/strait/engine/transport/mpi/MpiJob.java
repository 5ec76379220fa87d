package org.strait.engine.transport.mpi;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_FLOAT;
import static java.lang.foreign.ValueLayout.JAVA_INT;

import com.sun.management.ThreadMXBean;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import java.util.SplittableRandom;
import java.util.zip.CRC32C;
import org.strait.engine.rendezvous.FileStore;
import org.strait.engine.rendezvous.RendezvousException;
import org.strait.engine.topology.Group;
import org.strait.engine.transport.ConnectOptions;
import org.strait.engine.transport.Deadline;
import org.strait.engine.transport.GroupCollectives;
import org.strait.engine.transport.GroupCollectives.Element;
import org.strait.engine.transport.GroupCollectives.Reduction;
import org.strait.engine.transport.Transport;
import org.strait.memory.HostMemory;

/// What one process of an MPI job does in {@link MpiJobTest}: {@code SCENARIO STORE [MORE]}. Prints
/// lines that begin with a word the test looks for.
final class MpiJob {
  private static final Deadline SOON = Deadline.seconds("test", 30);

  private final MpiEnvironment me = MpiEnvironment.of(System.getenv()).orElseThrow();
  private final Path store;

  private MpiJob(Path store) {
    this.store = store;
  }

  public static void main(String[] args) throws Throwable {
    MpiJob job = new MpiJob(Path.of(args[1]));
    try {
      switch (args[0]) {
        case "bits" -> job.bits();
        case "pieces" -> job.pieces();
        case "allocation" -> job.allocation();
        case "nulls" -> job.nulls();
        case "dies" -> job.dies();
        case "library" -> job.join(ConnectOptions.defaults().withMpiLibrary(args[2]), 0).close();
        case "order" -> job.join(ConnectOptions.defaults(), 1).close();
        case "more" -> job.more();
        case "world" -> job.world(Integer.parseInt(args[2]));
        case "level" -> job.level();
        default -> throw new IllegalArgumentException(args[0]);
      }
    } catch (RendezvousException | IllegalArgumentException e) {
      say("refused " + e.getMessage());
    }
  }

  // One call, so that lines of several processes do not mix.
  private static void say(String line) {
    System.out.print(line + System.lineSeparator());
    System.out.flush();
  }

  /// @param shift member i of the group is process i + shift, around
  private Transport join(ConnectOptions options, int shift) {
    int index = (me.rank() + shift) % me.size();
    return MpiTransport.join(
        Group.of("all", me.size(), index), new FileStore(store), options.withTimeoutSeconds(30));
  }

  private Transport join() {
    return join(ConnectOptions.defaults(), 0);
  }

  private void bits() {
    CRC32C crc = new CRC32C();
    try (HostMemory memory = HostMemory.unlimited("rank");
        Transport transport = join()) {
      SplittableRandom random = new SplittableRandom(20261121 + me.rank());
      for (int length : new int[] {1, 1000, 20_011, 300_007, 3_000_017}) {
        MemorySegment data = memory.floats(length).segment();
        for (int i = 0; i < length; i++) {
          data.setAtIndex(JAVA_FLOAT, i, (float) (random.nextDouble() - 0.5));
        }
        transport
            .groupCollectives()
            .orElseThrow()
            .allReduce(data, Element.FLOAT32, Reduction.SUM, SOON);
        crc.update(data.asByteBuffer());
      }
    }
    say("bits " + crc.getValue());
  }

  private void pieces() throws Exception {
    MpiProcess process = MpiProcess.start("", MpiEnvironment.of(System.getenv()), SOON.idleNanos());
    int n = me.size();
    int[] ranks = new int[n];
    for (int i = 0; i < n; i++) {
      ranks[i] = i;
    }
    MpiGroup group =
        new MpiGroup(
            process,
            Group.of("pieces", n, me.rank()),
            process.communicator(ranks, 1, SOON.idleNanos()));
    GroupCollectives whole = new MpiCollectives(group, System::nanoTime, 1000);
    try (HostMemory memory = HostMemory.unlimited("rank")) {
      for (int length : new int[] {999, 1000, 1001, 2000, 54_321}) {
        MemorySegment data = memory.ints(length).segment();
        fill(data, length, me.rank());
        whole.allReduce(data, Element.INT32, Reduction.SUM, SOON);
        check(data, length, 0, n * (n - 1) / 2);
        fill(data, length, me.rank());
        whole.broadcast(data, n - 1, SOON);
        check(data, length, 0, n - 1);
        MemorySegment all = memory.ints((long) n * length).segment();
        fill(data, length, me.rank());
        whole.allGather(data, all, SOON);
        for (int r = 0; r < n; r++) {
          check(all.asSlice(4L * r * length, 4L * length), length, 0, r);
        }
        fill(all, n * length, me.rank());
        whole.reduceScatter(all, data, Element.INT32, Reduction.MAX, SOON);
        check(data, length, me.rank() * length, n - 1);
      }
      whole.barrier(SOON);
    }
    group.close(null);
    for (int i = 0; i < n; i++) {
      if (i != me.rank()) {
        group.sayClosed(i);
      }
    }
    say("right");
  }

  private static void fill(MemorySegment data, int length, int add) {
    for (int i = 0; i < length; i++) {
      data.setAtIndex(JAVA_INT, i, i * 1000 + add);
    }
  }

  // A sum over n members has n times the index, everything else the index.
  private void check(MemorySegment data, int length, int from, int add) {
    int n = me.size();
    boolean sum = add == n * (n - 1) / 2 && add != n - 1 && from == 0;
    for (int i = 0; i < length; i++) {
      int once = (from + i) * 1000;
      int value = data.getAtIndex(JAVA_INT, i);
      if (value != once + add && !(sum && value == n * once + add)) {
        throw new AssertionError("element " + i + " of " + length + " is " + value);
      }
    }
  }

  private void allocation() {
    ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    try (HostMemory memory = HostMemory.unlimited("rank");
        Transport transport = join()) {
      MemorySegment vector = memory.floats(100_000).segment();
      MemorySegment all = memory.bytes(64L * me.size()).segment();
      MemorySegment mine = memory.bytes(64).segment();
      step(transport, vector, mine, all);
      long before = threads.getCurrentThreadAllocatedBytes();
      step(transport, vector, mine, all);
      long bytes = threads.getCurrentThreadAllocatedBytes() - before;
      say("bytes-per-step " + bytes / STEPS);
    }
  }

  private static final int STEPS = 300;

  private void step(
      Transport transport, MemorySegment vector, MemorySegment mine, MemorySegment all) {
    GroupCollectives whole = transport.groupCollectives().orElseThrow();
    int next = (me.rank() + 1) % me.size();
    int previous = (me.rank() + me.size() - 1) % me.size();
    for (int i = 0; i < STEPS; i++) {
      whole.allReduce(vector, Element.FLOAT32, Reduction.MAX, SOON);
      whole.allGather(mine, all, SOON);
      whole.reduceScatter(all, mine, Element.FLOAT64, Reduction.SUM, SOON);
      whole.broadcast(vector, 0, SOON);
      whole.barrier(SOON);
      transport.post(next, vector);
      transport.receive(previous, vector, SOON);
      transport.flush(SOON);
    }
  }

  /// NullPointerExceptions of compiled code are SIGSEGVs that the JVM must see.
  private void nulls() {
    try (Transport transport = join()) {
      transport.groupCollectives().orElseThrow().barrier(SOON);
      int seen = 0;
      for (int i = 0; i < 400_000; i++) {
        try {
          seen += length(i % 40_000 == 39_999 ? null : "three") == 5 ? 0 : 1;
        } catch (NullPointerException e) {
          seen++;
        }
      }
      say("nulls " + seen);
    }
  }

  private static int length(String text) {
    return text.length();
  }

  private void dies() {
    try (HostMemory memory = HostMemory.unlimited("rank");
        Transport transport = join()) {
      GroupCollectives whole = transport.groupCollectives().orElseThrow();
      whole.barrier(SOON);
      if (me.rank() == 1) {
        Runtime.getRuntime().halt(7);
      }
      whole.allReduce(
          memory.floats(1000).segment(),
          Element.FLOAT32,
          Reduction.SUM,
          Deadline.seconds("test", 100));
    }
  }

  private void more() {
    MpiTransport.join(
            Group.of("more", me.size() + 1, me.rank()),
            new FileStore(store),
            ConnectOptions.defaults())
        .close();
  }

  /// Process 0 joins as a member of a group whose other one is in another job.
  private void world(int index) {
    if (me.rank() != 0) {
      MpiProcess.start("", MpiEnvironment.of(System.getenv()), SOON.idleNanos());
      return;
    }
    MpiTransport.join(
            Group.of("both", 2, index),
            new FileStore(store),
            ConnectOptions.defaults().withTimeoutSeconds(60))
        .close();
  }

  /// Something else in the process has initialised MPI for one thread only.
  private void level() throws Throwable {
    MpiLibrary library = MpiLibrary.open("", MpiEnvironment.of(System.getenv()));
    try (Arena arena = Arena.ofConfined()) {
      int rc =
          (int)
              library
                  .bind("MPI_Init_thread", ADDRESS, ADDRESS, JAVA_INT, ADDRESS)
                  .invokeExact(MemorySegment.NULL, MemorySegment.NULL, 0, arena.allocate(JAVA_INT));
      library.check(rc, "MPI_Init_thread");
    }
    try {
      join().close();
    } finally {
      library.check((int) library.bind("MPI_Finalize").invokeExact(), "MPI_Finalize");
    }
  }
}
