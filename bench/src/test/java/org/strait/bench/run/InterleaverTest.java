package org.strait.bench.run;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.strait.bench.run.Outcome.Part;

class InterleaverTest {
  private static final Pace PACE = new Pace(0, 0, 0, 0, 0, 3, 3, 0);

  private final List<String> order = new ArrayList<>();

  /// A contender whose call takes the given seconds, by its own account.
  private Contender taking(String who, double seconds, double result) {
    return Contender.timedByItself(
        who,
        true,
        Outcome.of(Part.number("result", () -> result)),
        repeats -> {
          order.add(who);
          return seconds * repeats;
        });
  }

  private static Bout bout(Contender... contenders) {
    return new Bout(
        "case",
        1,
        Work.moves(8),
        Outcome.of(Part.number("result", () -> 42)),
        1e-6,
        List.of(contenders));
  }

  @Test
  void contendersTakeTurnsAndEachRoundBeginsWithAnother() {
    List<Timing> times = new Interleaver(PACE).time(bout(taking("a", 1, 42), taking("b", 2, 42)));
    assertEquals(List.of(new Timing(1, 1, 1), new Timing(2, 2, 2)), times);
    // Calls longer than a twentieth of a second are not made twice.
    assertEquals(
        List.of("a", "b", "b", "a", "a", "b"), order.subList(order.size() - 6, order.size()));
  }

  @Test
  void aWrongResultIsAnErrorThatSaysWhoAndWhere() {
    WrongResultException wrong =
        assertThrows(
            WrongResultException.class,
            () -> new Interleaver(PACE).time(bout(taking("right", 1, 42), taking("off", 1, 43))));
    assertEquals(
        "wrong result of off, case \"case\", 1 thread(s): result(0) is 43.0, expected 42.0",
        wrong.getMessage());
  }

  @Test
  void notANumberIsWrongToo() {
    assertThrows(
        WrongResultException.class,
        () -> new Interleaver(PACE).time(bout(taking("nan", 1, Double.NaN))));
  }

  @Test
  void differencesAreRelativeToTheLargestNumberOfThePart() {
    Outcome expected = Outcome.of(new Part("x", 3, i -> 100 * i));
    Outcome near = Outcome.of(new Part("x", 3, i -> 100 * i + 0.1));
    assertTrue(near.difference(expected, 1e-3).isEmpty());
    assertEquals("x(0) is 0.1, expected 0.0", near.difference(expected, 1e-4).orElseThrow());
    assertEquals(
        "x has 2 elements, expected 3",
        Outcome.of(new Part("x", 2, i -> 0)).difference(expected, 1).orElseThrow());
  }

  @Test
  void theEndOfALongRunIsCompared() {
    long n = 10_000_001;
    Outcome expected = Outcome.of(new Part("x", n, i -> 1));
    Outcome wrongAtTheEnd = Outcome.of(new Part("x", n, i -> i == n - 2 ? 2 : 1));
    assertTrue(wrongAtTheEnd.difference(expected, 1e-3).isPresent());
  }

  @Test
  void percentilesAreNearestRanks() {
    double[] seconds = {11, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10};
    assertEquals(new Timing(6, 2, 10), Timing.of(seconds));
    assertEquals(new Timing(1.5, 1, 2), Timing.of(new double[] {2, 1}));
  }
}
