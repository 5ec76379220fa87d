package org.strait.engine.exchange;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.strait.engine.exchange.FaultyTransport.Fault;
import org.strait.engine.exchange.LossTest.Ending;
import org.strait.engine.topology.Route;

/// The hub, a leaf or an inner data centre fails at every call of a round; those that are left end
/// every round with the same bits, and every round counts the vectors of those whose scalars it
/// counts. {@code -Dstrait.faults=N} tries N random double faults instead of a few.
@Timeout(400)
class TreeLossTest {
  /// 0 averages; 1 leads 2 and 3, 4 leads 5.
  private static final Route TREE = Route.tree(-1, 0, 1, 1, 0, 4);

  /// Calls of a data centre in a round: 2 posts and 3 receives of each other's frame and one more
  /// post; 2 posts and 2 receives for each neighbour in the tree; a flush.
  private static int callsOfRound(Route route, int dcs, int dc) {
    int neighbours = route.children(dc).length + (dc == route.root() ? 0 : 1);
    return 5 * (dcs - 1) + 4 * neighbours + 1;
  }

  private static Route route(String name) {
    return switch (name) {
      case "hub" -> Route.hub(4, 0);
      case "other hub" -> Route.hub(4, 2);
      default -> TREE;
    };
  }

  private static int dcs(String name) {
    return name.equals("tree") ? 6 : 4;
  }

  /// Whether the round was repeated.
  private static boolean fails(String name, int victim, Fault fault, int call) throws Exception {
    Route route = route(name);
    int dcs = dcs(name);
    int at = 3 * callsOfRound(route, dcs, victim) + call;
    String spec =
        switch (call % 3) {
          case 0 -> "dense";
          case 1 -> "top-k:10%,int8,difference";
          default -> "int8,ef";
        };
    Map<Integer, Integer> failing = Map.of(victim, at);
    List<Object> endings = LossTest.run(route, dcs, spec, Quorum.MAJORITY, fault, failing);
    String what = name + ", " + spec + ", " + fault + " of dc" + (victim + 1) + " at call " + at;
    assertInstanceOf(FaultyTransport.Failed.class, endings.get(victim), what);
    LossTest.check(endings, failing, what);
    for (int dc = 0; dc < dcs; dc++) {
      if (dc != victim) {
        Ending ending = (Ending) endings.get(dc);
        assertEquals(dcs - 1, ending.parties(), what);
        assertEquals(1, ending.changes().size(), what + " " + ending.changes());
        assertEquals("dc" + (victim + 1), ending.changes().getFirst().dc());
      }
    }
    Ending any = (Ending) endings.get(victim == 0 ? 1 : 0);
    return any.ticks() > 1 + LossTest.ROUNDS; // one for the hello
  }

  @ParameterizedTest
  @CsvSource({
    "hub,0",
    "hub,3",
    "other hub,2",
    "other hub,0",
    "tree,0",
    "tree,1",
    "tree,3",
    "tree,4"
  })
  void oneDiesAtAnyCall(String name, int victim) throws Exception {
    int repeated = 0;
    int calls = callsOfRound(route(name), dcs(name), victim);
    for (int call = 0; call <= calls; call++) {
      repeated += fails(name, victim, call % 2 == 0 ? Fault.KILL : Fault.RESET, call) ? 1 : 0;
      repeated += fails(name, victim, call % 2 == 0 ? Fault.RESET : Fault.KILL, call + 1) ? 1 : 0;
    }
    assertTrue(repeated > calls / 4, repeated + " rounds were repeated");
  }

  /// Silence takes seconds to be noticed, so several cases run side by side; with {@code
  /// -Dstrait.faults} at every call, else at every third.
  @ParameterizedTest
  @CsvSource({"hub,0", "hub,3", "tree,1"})
  void oneFallsSilentAtAnyCall(String name, int victim) throws Exception {
    int calls = callsOfRound(route(name), dcs(name), victim);
    int step = Integer.getInteger("strait.faults") == null ? 3 : 1;
    try (ExecutorService cases = Executors.newFixedThreadPool(8)) {
      List<Future<?>> running = new ArrayList<>();
      for (Fault fault : new Fault[] {Fault.STOP, Fault.BLACK_HOLE}) {
        for (int call = 0; call < calls; call += step) {
          int at = call;
          running.add(
              cases.submit(
                  () -> {
                    fails(name, victim, fault, at);
                    return null;
                  }));
        }
      }
      for (Future<?> one : running) {
        one.get(300, TimeUnit.SECONDS);
      }
    }
  }

  /// Two of six die near each other, the second perhaps while the first loss is agreed on or the
  /// round repeated.
  @Test
  void twoDie() throws Exception {
    int tries = Integer.getInteger("strait.faults", 60);
    for (int seed = 0; seed < tries; seed++) {
      SplittableRandom random = new SplittableRandom(seed);
      Route route = seed % 2 == 0 ? TREE : Route.hub(6, 0);
      int first = random.nextInt(3) == 0 ? random.nextInt(6) : 0;
      int second = (first + 1 + random.nextInt(5)) % 6;
      int at = 30 + random.nextInt(120);
      Map<Integer, Integer> failing = new TreeMap<>();
      failing.put(first, at);
      failing.put(second, Math.max(0, at - 5 + random.nextInt(60)));
      String spec = seed % 3 == 0 ? "dense" : "int8,difference";
      List<Object> endings = LossTest.run(route, 6, spec, Quorum.MAJORITY, Fault.KILL, failing);
      LossTest.check(endings, failing, "seed " + seed + " " + failing);
    }
  }
}
