package org.strait.engine.exchange;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.strait.engine.compress.Compressor;
import org.strait.engine.compress.Compressors;
import org.strait.engine.compress.TestCodec;
import org.strait.engine.exchange.FaultyTransport.Fault;
import org.strait.engine.ledger.Ledger;
import org.strait.engine.topology.Route;
import org.strait.engine.transport.LoopbackNetwork;
import org.strait.engine.transport.Transport;
import org.strait.memory.Doubles;
import org.strait.memory.Floats;
import org.strait.memory.HostMemory;

/// Data centres fail at every call of their transport; those that are left end every round with the
/// same bits. {@code -Dstrait.faults=N} tries N random double faults instead of a few.
@Timeout(240)
class LossTest {
  private static final int N = 300;
  static final int ROUNDS = 6;
  private static final long PATIENCE = 2_000_000_000L;

  /// What a DC ended with.
  record Ending(int hash, int parties, long ticks, long forwarded, List<MemberChange> changes) {}

  /// Calls of a rank in one tick: 2 posts to each peer, 3 receives from each, a flush.
  private static int callsOfRound(int dcs) {
    return 5 * (dcs - 1) + 1;
  }

  /// Everybody's ending, or exception.
  ///
  /// @param at by number of the failing DC: the call at which it fails
  private static List<Object> run(
      int dcs, String spec, Quorum quorum, Fault fault, Map<Integer, Integer> at) throws Exception {
    return run(Route.mesh(), dcs, spec, quorum, fault, at);
  }

  static List<Object> run(
      Route route, int dcs, String spec, Quorum quorum, Fault fault, Map<Integer, Integer> at)
      throws Exception {
    LoopbackNetwork network = new LoopbackNetwork();
    Transport[] transports = TestTransport.mesh(dcs, network);
    CountDownLatch over = new CountDownLatch(1);
    CountDownLatch well = new CountDownLatch(dcs - at.size());
    List<Object> endings = new ArrayList<>();
    try (ExecutorService threads = Executors.newFixedThreadPool(dcs)) {
      List<Future<Ending>> futures = new ArrayList<>();
      for (int i = 0; i < dcs; i++) {
        int dc = i;
        Transport used =
            at.containsKey(dc)
                ? new FaultyTransport(transports[dc], fault, at.get(dc), over)
                : transports[dc];
        futures.add(
            threads.submit(
                () -> {
                  try {
                    return rounds(route, dc, spec, quorum, used);
                  } finally {
                    if (at.containsKey(dc)) {
                      // Its process is gone; a stopped one keeps its connections.
                      if (fault == Fault.KILL || fault == Fault.RESET) {
                        transports[dc].close();
                      }
                    } else {
                      well.countDown();
                    }
                  }
                }));
      }
      boolean ended = well.await(60, TimeUnit.SECONDS);
      over.countDown();
      if (!ended) {
        for (Transport transport : transports) {
          transport.close(); // ends all waiting
        }
        throw new AssertionError(
            spec + ", " + fault + " at " + at + ": some survivors wait for each other");
      }
      for (Future<Ending> future : futures) {
        try {
          endings.add(future.get());
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

  private static Ending rounds(
      Route route, int dc, String spec, Quorum quorum, Transport transport) {
    List<MemberChange> changes = new ArrayList<>();
    try (HostMemory memory = HostMemory.unlimited("dc" + dc);
        Membership members =
            Membership.open(transport, quorum, Ledger.NONE, changes::add, PATIENCE, memory)) {
      Compressor compressor = Compressors.parse(spec, N, TestCodec.ops(), memory);
      try (Exchange exchange =
          Exchanges.open(
              route,
              members,
              compressor,
              N,
              "",
              TestCodec.ops(),
              false,
              false,
              memory,
              Dcs.DEADLINE)) {
        Floats vector = memory.floats(N);
        Doubles scalars = memory.doubles(2);
        SplittableRandom[] randoms = new SplittableRandom[members.dcs()];
        Arrays.setAll(randoms, SplittableRandom::new);
        float[][] all = new float[members.dcs()][N];
        int hash = 0;
        int parties = 0;
        for (int round = 0; round < ROUNDS; round++) {
          for (int p = 0; p < all.length; p++) {
            for (int i = 0; i < N; i++) {
              all[p][i] = (float) randoms[p].nextGaussian();
            }
            double drawn = randoms[p].nextDouble();
            scalars.set(0, p == dc ? drawn : scalars.get(0));
          }
          vector.copyFrom(all[dc]);
          scalars.set(1, 1);
          parties = exchange.average(vector, 1 + dc, scalars, Dcs.DEADLINE).parties();
          assertEquals(parties, scalars.get(1), "scalars count the DCs that count");
          if (spec.equals("dense")) {
            assertArrayEquals(mean(all, members), vector.toArray(), 1e-5f, "round " + round);
          }
          hash = 31 * hash + Arrays.hashCode(vector.toArray());
          hash = 31 * hash + Arrays.hashCode(scalars.toArray());
        }
        long ticks = members.tick();
        long forwarded = 0;
        for (int p = 0; p < members.dcs(); p++) {
          forwarded += members.links().bytesTo(p, LinkBytes.Kind.FORWARD);
        }
        try {
          exchange.average(memory.floats(0), 0, memory.doubles(0), Dcs.DEADLINE);
        } catch (QuorumLostException e) {
          assertTrue(forwarded >= 0); // the others went first
        }
        return new Ending(hash, parties, ticks, forwarded, changes);
      }
    }
  }

  /// Mean over those that count.
  private static float[] mean(float[][] all, Membership members) {
    float[] mean = new float[N];
    double weights = 0;
    for (int p = 0; p < all.length; p++) {
      weights += members.counted(p) ? 1 + p : 0;
    }
    for (int p = 0; p < all.length; p++) {
      for (int i = 0; i < N && members.counted(p); i++) {
        mean[i] += (float) ((1 + p) / weights * all[p][i]);
      }
    }
    return mean;
  }

  /// Checks that all but the failed ended alike; returns bytes that they forwarded.
  static long check(List<Object> endings, Map<Integer, Integer> at, String what) {
    Ending first = null;
    long forwarded = 0;
    for (int dc = 0; dc < endings.size(); dc++) {
      if (at.containsKey(dc)) {
        continue;
      }
      Object found = endings.get(dc);
      if (!(found instanceof Ending ending)) {
        throw new AssertionError(
            what + ": dc" + (dc + 1) + " ended with " + found, (Throwable) found);
      }
      first = first == null ? ending : first;
      assertEquals(first.hash(), ending.hash(), what + ": dc" + (dc + 1));
      assertEquals(first.ticks(), ending.ticks(), what + ": ticks of dc" + (dc + 1));
      forwarded += ending.forwarded();
    }
    return forwarded;
  }

  /// A DC dies at every call of one round in turn.
  @ParameterizedTest
  @ValueSource(ints = {3, 4})
  void aDcDiesAtAnyCall(int dcs) throws Exception {
    long forwarded = 0;
    for (int victim : new int[] {0, dcs - 1}) {
      for (int call = 0; call <= callsOfRound(dcs); call++) {
        int at = 3 * callsOfRound(dcs) + call;
        Fault fault = call % 2 == 0 ? Fault.KILL : Fault.RESET;
        String spec = call % 3 == 0 ? "dense" : "top-k:10%,int8,difference";
        Map<Integer, Integer> failing = Map.of(victim, at);
        List<Object> endings = run(dcs, spec, Quorum.MAJORITY, fault, failing);
        String what = fault + " of dc" + (victim + 1) + " at call " + at;
        assertInstanceOf(FaultyTransport.Failed.class, endings.get(victim), what);
        forwarded += check(endings, failing, what);
        for (int dc = 0; dc < dcs; dc++) {
          if (dc != victim) {
            Ending ending = (Ending) endings.get(dc);
            assertEquals(dcs - 1, ending.parties(), what);
            assertEquals(1, ending.changes().size(), what + " " + ending.changes());
            assertEquals("dc" + (victim + 1), ending.changes().getFirst().dc());
          }
        }
      }
    }
    assertTrue(forwarded > 0, "no frame was ever forwarded: the test shows nothing");
  }

  /// A DC falls silent: before it sends, between two sends, while it receives, at the end.
  @ParameterizedTest
  @EnumSource(names = {"STOP", "BLACK_HOLE"})
  void aDcFallsSilent(Fault fault) throws Exception {
    for (int call : new int[] {0, 2, 4, 8, callsOfRound(3) - 1}) {
      int victim = call % 4 == 0 ? 2 : 0;
      Map<Integer, Integer> failing = Map.of(victim, 2 * callsOfRound(3) + call);
      List<Object> endings = run(3, "top-k:10%,difference", Quorum.MAJORITY, fault, failing);
      check(endings, failing, fault + " of dc" + (victim + 1) + " at call " + call);
    }
  }

  /// Two DCs of five die near each other, the second perhaps while the first loss is agreed on.
  @Test
  void twoDcsDie() throws Exception {
    int tries = Integer.getInteger("strait.faults", 60);
    for (int seed = 0; seed < tries; seed++) {
      SplittableRandom random = new SplittableRandom(seed);
      int first = random.nextInt(5);
      int second = (first + 1 + random.nextInt(4)) % 5;
      int at = callsOfRound(5) + random.nextInt(3 * callsOfRound(5));
      Map<Integer, Integer> failing = new TreeMap<>();
      failing.put(first, at);
      failing.put(second, Math.max(0, at - 5 + random.nextInt(30)));
      List<Object> endings = run(5, "int8,difference", Quorum.MAJORITY, Fault.KILL, failing);
      check(endings, failing, "seed " + seed + " " + failing);
    }
  }

  @Test
  void belowTheQuorumEveryoneSaysSo() throws Exception {
    Map<Integer, Integer> failing = Map.of(0, 40, 1, 44);
    List<Object> endings = run(3, "int8", Quorum.MAJORITY, Fault.KILL, failing);
    String message = assertInstanceOf(QuorumLostException.class, endings.get(2)).getMessage();
    assertTrue(
        message.contains("1 of 3 data centres are left, too few for --quorum majority"), message);
    List<Object> enough = run(3, "int8", Quorum.parse("1"), Fault.KILL, failing);
    assertInstanceOf(Ending.class, enough.get(2));
  }

  @Test
  void halfIsEnoughForTheSideOfTheFirst() throws Exception {
    Map<Integer, Integer> last = Map.of(1, 25);
    assertInstanceOf(Ending.class, run(2, "int8", Quorum.MAJORITY, Fault.KILL, last).get(0));
    Map<Integer, Integer> first = Map.of(0, 25);
    assertInstanceOf(
        QuorumLostException.class, run(2, "int8", Quorum.MAJORITY, Fault.KILL, first).get(1));
  }

  @Test
  void quorumsAreRead() {
    boolean[] two = {false, true, true};
    assertTrue(Quorum.parse("majority").met(two));
    assertFalse(Quorum.parse("all").met(two));
    assertTrue(Quorum.parse("2").met(two));
    assertFalse(Quorum.parse("3").met(two));
    assertTrue(Quorum.MAJORITY.met(new boolean[] {true, true, false, false}));
    assertFalse(Quorum.MAJORITY.met(new boolean[] {false, false, true, true}));
  }
}
