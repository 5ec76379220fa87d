package org.strait.bench.run;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import com.google.gson.JsonObject;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.strait.bench.run.Outcome.Part;
import org.strait.memory.HostMemory;

class LedgerTest {
  private static final Limit LIMIT = new Limit(Limit.Kind.READ, SizeClass.MEMORY);

  /// A case whose contenders are given.
  private record Given(String name, Limit limit, List<Contender> contenders) implements BenchCase {
    @Override
    public List<Bout> bouts(Workplace place, HostMemory memory) {
      return place.threads().stream()
          .map(threads -> new Bout(name, threads, Work.moves(1000), Outcome.of(), 0, contenders))
          .toList();
    }
  }

  private static Contender taking(String who, boolean peer, double seconds) {
    Contender itself =
        Contender.timedByItself(who, true, Outcome.of(), repeats -> seconds * repeats);
    return new Contender() {
      @Override
      public String who() {
        return who;
      }

      @Override
      public boolean peer() {
        return peer;
      }

      @Override
      public void reset() {}

      @Override
      public double seconds(int repeats) {
        return itself.seconds(repeats);
      }

      @Override
      public Outcome outcome() {
        return Outcome.of(Part.number("nothing", () -> 0));
      }
    };
  }

  @Test
  void ratiosAreToTheFastestPeerAndSharesToTheFastestLimit() throws Exception {
    Given limit =
        new Given("limit", LIMIT, List.of(taking("java", false, 2), taking("C", true, 1)));
    Given work =
        new Given(
            "work",
            LIMIT,
            List.of(taking("strait", false, 4), taking("C", true, 8), taking("torch", true, 5)));
    try (Workplace place =
        Workplace.open("scalar", List.of(1), true, Optional.empty(), Optional.empty())) {
      Ledger ledger = new Ledger("kernels", place, Map.of(LIMIT, limit), line -> {});
      ledger.run(work);
      ledger.run(limit);
      assertEquals(
          List.of("java", "C", "strait", "C", "torch"),
          ledger.rows().stream().map(Row::who).toList());
      JsonObject strait = ledger.rows().get(2).json();
      assertEquals(1.25, strait.get("ratioToBestPeer").getAsDouble());
      assertEquals(0.25, strait.get("shareOfLimit").getAsDouble());
      assertEquals(4.0, strait.get("seconds").getAsDouble());
      assertEquals(2.5e-7, strait.get("gbPerSecond").getAsDouble());
      assertFalse(strait.has("gflopPerSecond"));
      assertEquals(1.0, ledger.rows().get(1).json().get("shareOfLimit").getAsDouble());
    }
  }
}
