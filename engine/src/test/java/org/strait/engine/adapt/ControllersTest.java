package org.strait.engine.adapt;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// What controllers and the guard make of given figures.
class ControllersTest {
  private static final Setting.Bounds DENSITIES = new Setting.Bounds(11, 1, 1);
  private static final Setting.Bounds BOTH = new Setting.Bounds(11, 4, 64);
  private static final Controller TIME = Controllers.named("time");

  /// A link of 1 Mbit/s and 40 ms.
  private static Figures slow(double compute, double bytes) {
    return new Figures(compute, 0.04 + bytes * 8e-6, 0.04, 8e-6, bytes, Double.NaN);
  }

  @Test
  void aLinkThatIsTooSlowGetsCoarserPayloads() {
    // 100 kB take 0.84 s, allowed are 0.5: 57.5 kB, 0.8 octaves less, two rungs.
    assertEquals(new Setting(8, 1), TIME.next(slow(0.5, 100e3), new Setting(10, 1), DENSITIES));
    // A tenth: 3.7 octaves, six rungs at most.
    assertEquals(new Setting(4, 1), TIME.next(slow(0.1, 100e3), new Setting(10, 1), DENSITIES));
    // The delay alone is too long.
    assertEquals(new Setting(0, 1), TIME.next(slow(0.01, 100e3), new Setting(5, 1), DENSITIES));
    assertEquals(new Setting(0, 1), TIME.next(slow(0.01, 1e3), new Setting(0, 1), DENSITIES));
  }

  @Test
  void aFastLinkGetsFinerPayloads() {
    assertEquals(new Setting(10, 1), TIME.next(slow(50, 10e3), new Setting(5, 1), DENSITIES));
    assertEquals(new Setting(3, 1), TIME.next(slow(0.16, 7e3), new Setting(1, 1), DENSITIES));
    // Near enough.
    assertEquals(new Setting(5, 1), TIME.next(slow(0.16, 15e3), new Setting(5, 1), DENSITIES));
    // Nobody has measured yet.
    assertEquals(new Setting(5, 1), TIME.next(slow(0, 15e3), new Setting(5, 1), DENSITIES));
  }

  @Test
  void periodsGrowOnlyBelowTheCoarsestPayload() {
    assertEquals(new Setting(4, 4), TIME.next(slow(0.01, 100e3), new Setting(10, 4), BOTH));
    assertEquals(new Setting(0, 20), TIME.next(slow(0.01, 1250), new Setting(0, 4), BOTH));
    assertEquals(new Setting(0, 64), TIME.next(slow(0.001, 1250), new Setting(0, 16), BOTH));
    // And shrink first.
    assertEquals(new Setting(0, 4), TIME.next(slow(10, 1250), new Setting(0, 16), BOTH));
    assertEquals(new Setting(6, 4), TIME.next(slow(10, 1250), new Setting(0, 4), BOTH));
  }

  @Test
  void halfTheTimeHalvesTheBytes() {
    Setting whole = TIME.next(slow(1, 100e3), new Setting(10, 1), DENSITIES);
    Setting half =
        Controllers.named("time:0.5").next(slow(1, 100e3), new Setting(10, 1), DENSITIES);
    assertEquals(new Setting(10, 1), whole);
    assertEquals(new Setting(8, 1), half);
  }

  @Test
  void fewBytesGoesDownAndTheGuardHoldsIt() {
    Controller bytes = Controllers.named("bytes");
    Guard guard = new Guard(0.5, BOTH);
    Setting now = bytes.first(BOTH);
    assertEquals(new Setting(0, 64), now);
    double[] needs = {9, 0.9, 0.6, 0.4, 0.4, 0.4, 0.4, 0.7, 0.4};
    int[] rungs = {2, 4, 6, 6, 6, 6, 5, 7, 7};
    for (int i = 0; i < needs.length; i++) {
      now = guard.check(needs[i], now, bytes.next(slow(1, 1e3), now, BOTH));
      assertEquals(rungs[i], now.rung(), "sample " + i);
    }
  }

  @Test
  void atTheFinestTheGuardShortensThePeriod() {
    Guard guard = new Guard(0.5, BOTH);
    Setting now = new Setting(10, 64);
    now = guard.check(0.8, now, new Setting(10, 64));
    assertEquals(new Setting(10, 32), now);
    now = guard.check(Double.NaN, now, new Setting(10, 64));
    assertEquals(new Setting(10, 32), now);
    Guard other = new Guard(0.5, BOTH);
    other.restore(guard.numbers(), 0);
    assertEquals(now, other.check(0.1, now, new Setting(10, 64)));
  }

  @Test
  void withoutAGuardTheControllerDecides() {
    Guard guard = new Guard(Double.NaN, DENSITIES);
    assertEquals(new Setting(0, 1), guard.check(99, new Setting(3, 1), new Setting(0, 1)));
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "off", "bytes:1", "time:", "time:x", "time:0", "time:-1", "tima"})
  void unknownWordsAreNamed(String word) {
    IllegalArgumentException e =
        assertThrows(IllegalArgumentException.class, () -> Controllers.named(word));
    assertTrue(e.getMessage().contains("time"), e.getMessage());
  }
}
