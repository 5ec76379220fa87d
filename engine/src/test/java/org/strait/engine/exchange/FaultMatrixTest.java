package org.strait.engine.exchange;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.nio.ByteBuffer;
import java.nio.channels.WritableByteChannel;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.strait.engine.checkpoint.Checkpoint;
import org.strait.engine.checkpoint.CheckpointFolder;
import org.strait.engine.checkpoint.CheckpointLayout;
import org.strait.engine.compress.Compressor;
import org.strait.engine.compress.Compressors;
import org.strait.engine.compress.TestCodec;
import org.strait.engine.disk.WholeFile;
import org.strait.engine.exchange.FaultyTransport.Call;
import org.strait.engine.exchange.FaultyTransport.Failed;
import org.strait.engine.exchange.FaultyTransport.Fault;
import org.strait.engine.ledger.Ledger;
import org.strait.engine.topology.Route;
import org.strait.engine.transport.Deadline;
import org.strait.engine.transport.LoopbackNetwork;
import org.strait.engine.transport.PeerLostException;
import org.strait.engine.transport.Transport;
import org.strait.kernels.CodecOps;
import org.strait.memory.Bytes;
import org.strait.memory.Doubles;
import org.strait.memory.Floats;
import org.strait.memory.HostMemory;

/// Four data centres and a hub: every fault × every phase of a round × leaf or hub, once where the
/// others may go on and once where all are needed (quorum all). The cases run side by side, since
/// silence takes seconds to be noticed.
@Timeout(280)
class FaultMatrixTest {
  private static final int DCS = 4;
  private static final int N = 300;
  private static final int ROUNDS = 6;
  private static final int FAULT_ROUND = 4;
  private static final int SIDE_BY_SIDE = 6;
  private static final long PATIENCE = 2_000_000_000L;

  /// Where in a round the fault comes.
  enum Phase {
    ENCODE,
    SEND,
    RECEIVE,
    DECODE,
    COMMIT,
    CHECKPOINT
  }

  /// Whom it meets.
  enum Place {
    LEAF(3),
    HUB(0);

    private final int dc;

    Place(int dc) {
      this.dc = dc;
    }
  }

  /// A case.
  ///
  /// @param all whether all are needed
  record Case(Fault fault, Phase phase, Place place, boolean all) {
    @Override
    public String toString() {
      return fault + " in " + phase + " of the " + place + (all ? ", quorum all" : "");
    }
  }

  /// What a data centre ended with: a hash of all its rounds.
  record Ending(int hash, int parties) {}

  @TempDir static Path folder;
  private static final Map<Case, Future<List<Object>>> CASES = new LinkedHashMap<>();
  private static ExecutorService threads;

  static List<Case> cases(boolean all) {
    List<Case> cases = new ArrayList<>();
    for (Fault fault : Fault.values()) {
      for (Phase phase : Phase.values()) {
        for (Place place : Place.values()) {
          cases.add(new Case(fault, phase, place, all));
        }
      }
    }
    return cases;
  }

  static Stream<Case> oneMayBeLost() {
    return cases(false).stream();
  }

  static Stream<Case> allAreNeeded() {
    return cases(true).stream();
  }

  @BeforeAll
  static void begin() {
    threads = Executors.newFixedThreadPool(SIDE_BY_SIDE);
    for (boolean all : new boolean[] {false, true}) {
      for (Case one : cases(all)) {
        CASES.put(one, threads.submit(() -> run(one)));
      }
    }
  }

  @AfterAll
  static void end() {
    threads.shutdownNow();
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("oneMayBeLost")
  void theOthersGoOnAlike(Case one) throws Exception {
    survives(one);
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("allAreNeeded")
  void allOthersEndWithOneErrorAndCanGoOn(Case one) throws Exception {
    endsClearly(one);
  }

  @Test
  void all48CasesWhereOneMayBeLostSurvive() throws Exception {
    int survived = 0;
    for (Case one : cases(false)) {
      survives(one);
      survived++;
    }
    assertEquals(48, survived);
  }

  @Test
  void all48CasesWhereAllAreNeededEndClearly() throws Exception {
    int ended = 0;
    for (Case one : cases(true)) {
      endsClearly(one);
      ended++;
    }
    assertEquals(48, ended);
  }

  private static void survives(Case one) throws Exception {
    List<Object> endings = CASES.get(one).get(250, TimeUnit.SECONDS);
    Ending first = null;
    for (int dc = 0; dc < DCS; dc++) {
      if (dc == one.place().dc) {
        assertInstanceOf(Failed.class, endings.get(dc), "" + one);
        continue;
      }
      if (endings.get(dc) instanceof Throwable thrown) {
        throw new AssertionError(one + ": dc" + (dc + 1), thrown);
      }
      Ending ending = (Ending) endings.get(dc);
      first = first == null ? ending : first;
      assertEquals(first, ending, one + ": dc" + (dc + 1));
      assertEquals(DCS - 1, ending.parties(), "" + one);
    }
    checkpointsAreWhole(one);
  }

  private static void endsClearly(Case one) throws Exception {
    List<Object> endings = CASES.get(one).get(250, TimeUnit.SECONDS);
    for (int dc = 0; dc < DCS; dc++) {
      if (dc == one.place().dc) {
        assertInstanceOf(Failed.class, endings.get(dc), "" + one);
        continue;
      }
      PeerLostException lost =
          assertInstanceOf(PeerLostException.class, endings.get(dc), one + ": dc" + (dc + 1));
      assertTrue(lost.getMessage().contains("exchange"), lost.getMessage());
    }
    checkpointsAreWhole(one);
  }

  /// Every data centre, the failed one too, has whole checkpoints, and all have one in common.
  private static void checkpointsAreWhole(Case one) {
    List<Long> common = null;
    for (int dc = 0; dc < DCS; dc++) {
      if (!one.all() && dc != one.place().dc) {
        continue; // it went on
      }
      CheckpointFolder kept = new CheckpointFolder(folder(one), "dc" + (dc + 1));
      List<Long> rounds = kept.rounds();
      assertFalse(rounds.isEmpty(), "" + one);
      rounds.forEach(kept::verify);
      common = common == null ? new ArrayList<>(rounds) : common;
      common.retainAll(rounds);
    }
    assertFalse(common.isEmpty(), one + ": no round of which all have a checkpoint");
  }

  private static Path folder(Case one) {
    return folder.resolve(one.toString().replace(' ', '-').replace(",", ""));
  }

  /// Everybody's ending, or what was thrown.
  private static List<Object> run(Case one) throws Exception {
    LoopbackNetwork network = new LoopbackNetwork();
    Transport[] transports = TestTransport.mesh(DCS, network);
    CountDownLatch over = new CountDownLatch(1);
    CountDownLatch well = new CountDownLatch(DCS - 1);
    List<Object> endings = new ArrayList<>();
    try (ExecutorService dcs = Executors.newFixedThreadPool(DCS)) {
      List<Future<Ending>> futures = new ArrayList<>();
      for (int i = 0; i < DCS; i++) {
        int dc = i;
        boolean fails = dc == one.place().dc;
        boolean closes = one.fault() == Fault.KILL || one.fault() == Fault.RESET;
        futures.add(
            dcs.submit(
                () -> {
                  boolean ended = false;
                  try {
                    FaultyTransport faulty =
                        fails ? new FaultyTransport(transports[dc], one.fault(), over) : null;
                    Ending ending = new Dc(one, dc, transports[dc], faulty).rounds();
                    ended = true;
                    return ending;
                  } finally {
                    // A process that ends closes its connections; a stopped one does not.
                    if (!ended && (!fails || closes)) {
                      transports[dc].close();
                    }
                    if (!fails) {
                      well.countDown();
                    }
                  }
                }));
      }
      boolean ended = well.await(100, TimeUnit.SECONDS);
      over.countDown();
      if (!ended) {
        for (Transport transport : transports) {
          transport.close(); // ends all waiting
        }
        throw new AssertionError(one + ": some survivors wait for each other");
      }
      for (Future<Ending> future : futures) {
        try {
          endings.add(future.get(60, TimeUnit.SECONDS));
        } catch (ExecutionException e) {
          endings.add(e.getCause());
        }
      }
    } finally {
      for (Transport transport : transports) {
        transport.close();
      }
      network.close();
    }
    return endings;
  }

  /// One data centre of a case.
  private static final class Dc {
    private final Case one;
    private final int dc;
    private final Transport transport;
    private final FaultyTransport faulty;
    private final CheckpointFolder checkpoints;
    private boolean encodes;
    private boolean decodes;

    /// @param faulty over the transport, in the data centre that fails; else null
    Dc(Case one, int dc, Transport transport, FaultyTransport faulty) {
      this.one = one;
      this.dc = dc;
      this.transport = faulty == null ? transport : faulty;
      this.faulty = faulty;
      checkpoints = new CheckpointFolder(folder(one), "dc" + (dc + 1));
    }

    Ending rounds() throws IOException {
      Deadline deadline = Deadline.seconds("exchange", one.all() ? PATIENCE / 1e9 : 20);
      try (HostMemory memory = HostMemory.unlimited("dc" + dc);
          Membership members =
              one.all()
                  ? Membership.fixed(transport, Ledger.NONE, memory)
                  : Membership.open(
                      transport, Quorum.MAJORITY, Ledger.NONE, change -> {}, PATIENCE, memory)) {
        Compressor compressor =
            Compressors.parse("top-k:10%,int8,difference", N, TestCodec.ops(), memory);
        try (Exchange exchange =
            Exchanges.open(
                Route.hub(DCS, Place.HUB.dc),
                members,
                new Encoding(compressor),
                N,
                "",
                decoding(TestCodec.ops()),
                false,
                false,
                memory,
                Dcs.DEADLINE)) {
          Floats vector = memory.floats(N);
          Doubles scalars = memory.doubles(1);
          int hash = 0;
          int parties = 0;
          for (int round = 1; round <= ROUNDS; round++) {
            for (int i = 0; i < N; i++) {
              vector.set(i, (float) Math.sin(i * (dc + 1.0) + round));
            }
            scalars.set(0, 1);
            arm(round);
            parties = exchange.average(vector, 1, scalars, deadline).parties();
            hash = 31 * hash + Arrays.hashCode(vector.toArray());
            keep(round, vector);
          }
          if (!one.all()) {
            exchange.average(memory.floats(0), 0, memory.doubles(0), deadline); // farewell
          }
          return new Ending(hash, parties);
        }
      }
    }

    private void arm(int round) {
      if (faulty == null || round != FAULT_ROUND) {
        return;
      }
      switch (one.phase()) {
        case ENCODE -> encodes = true;
        case SEND -> faulty.failAt(Call.POST, 2); // a header is out, its payload not
        case RECEIVE -> faulty.failAt(Call.RECEIVE, 2);
        case DECODE -> decodes = true;
        case COMMIT -> faulty.failAt(Call.FLUSH, 1); // everybody has its frame
        case CHECKPOINT -> {
          // After the round.
        }
      }
    }

    /// As {@link CheckpointFolder#write} does it, but for the fault.
    private void keep(int round, Floats vector) throws IOException {
      Checkpoint checkpoint =
          new Checkpoint(
              "s", round, new LinkedHashMap<>(), new LinkedHashMap<>(Map.of("w", vector)));
      boolean fails = faulty != null && round >= FAULT_ROUND && one.phase() == Phase.CHECKPOINT;
      if (!fails) {
        checkpoints.write(checkpoint);
        return;
      }
      WholeFile.write(
          checkpoints.file(round),
          out ->
              CheckpointLayout.write(
                  checkpoint,
                  new WritableByteChannel() {
                    private boolean begun;

                    @Override
                    public int write(ByteBuffer bytes) throws IOException {
                      if (begun) {
                        faulty.failNow();
                      }
                      begun = true;
                      return out.write(bytes);
                    }

                    @Override
                    public boolean isOpen() {
                      return out.isOpen();
                    }

                    @Override
                    public void close() throws IOException {
                      out.close();
                    }
                  }));
    }

    /// Fails when a payload is decoded, if it is to.
    private CodecOps decoding(CodecOps codec) {
      return (CodecOps)
          Proxy.newProxyInstance(
              CodecOps.class.getClassLoader(),
              new Class<?>[] {CodecOps.class},
              (proxy, method, arguments) -> {
                if (decodes) {
                  decodes = false;
                  faulty.failNow();
                }
                try {
                  return method.invoke(codec, arguments);
                } catch (InvocationTargetException e) {
                  throw e.getCause();
                }
              });
    }

    /// Fails when a vector is encoded, if it is to.
    private final class Encoding implements Compressor {
      private final Compressor inner;

      Encoding(Compressor inner) {
        this.inner = inner;
      }

      @Override
      public long encode(Floats vector, Bytes payload) {
        if (encodes) {
          encodes = false;
          faulty.failNow();
        }
        return inner.encode(vector, payload);
      }

      @Override
      public String name() {
        return inner.name();
      }

      @Override
      public long maxPayloadBytes(long n) {
        return inner.maxPayloadBytes(n);
      }

      @Override
      public long maxKept(long n) {
        return inner.maxKept(n);
      }

      @Override
      public boolean accumulates() {
        return inner.accumulates();
      }

      @Override
      public double residualNorm() {
        return inner.residualNorm();
      }

      @Override
      public void receiversHold(Floats vector) {
        inner.receiversHold(vector);
      }

      @Override
      public List<Floats> memories() {
        return inner.memories();
      }
    }
  }
}
