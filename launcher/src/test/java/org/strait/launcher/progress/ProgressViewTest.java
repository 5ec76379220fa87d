package org.strait.launcher.progress;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ProgressViewTest {
  private final List<String> out = new ArrayList<>();
  private long now;

  @Test
  void plainViewWritesTheFirstRoundALineEveryTwoSecondsAndTheLast() {
    ProgressView view = new PlainView(out::add, () -> now);
    for (int round = 1; round <= 50; round++) {
      now += 100_000_000L;
      view.round("main", "dc1", round, 1.0 / round, round * 0.1, round * 10L, round * 1000L);
    }
    view.finish();
    assertEquals(
        List.of(
            "round 1  objective 1.00000  100 ms  sent 1.00 kB",
            "round 21  objective 0.0476190  2.1 s  sent 21.0 kB",
            "round 41  objective 0.0243902  4.1 s  sent 41.0 kB",
            "round 50  objective 0.0200000  5.0 s  sent 50.0 kB"),
        out);
  }

  @Test
  void plainViewNamesThePhase() {
    ProgressView view = new PlainView(out::add, () -> now);
    view.round("reference", "dc1", 3, 0.5, 1, 0, 10);
    view.round("main", "dc1", 1, 0.6, 0.1, 0, 5);
    view.finish();
    assertEquals("reference: round 3  objective 0.500000  1.0 s  sent 10 B", out.getFirst());
    assertEquals("round 1  objective 0.600000  100 ms  sent 5 B", out.getLast());
  }

  @Test
  void liveViewRedrawsInPlace() {
    LiveView view = new LiveView(out::add, () -> now, false, 100, List.of("dc1", "dc2"), 10);
    view.ready(1, 4);
    assertEquals("  Ranks      1 of 4 ready\n", out.removeFirst());
    view.round("main", "dc2", 1, 0.6, 0.5, 250, 900);
    assertTrue(out.getLast().startsWith("\u001b[1A\r\u001b[J"), "erases the line about ranks");
    view.round("main", "dc1", 1, 0.6, 0.5, 500, 1000);
    assertEquals(1, out.size(), "not faster than ten times a second");
    now += 100_000_000L;
    view.round("main", "dc1", 2, 0.4, 1.0, 1000, 2000);
    String frame = out.getLast();
    assertTrue(frame.startsWith("\u001b[3A\r\u001b[J"), "erases the three lines drawn before");
    assertTrue(
        frame.contains("round 2 of at most 10  objective 0.400000 █▁  1.0 s  sent 2.90 kB"), frame);
    assertTrue(frame.contains("  dc1      1.00 k rows/s  sent 2.00 kB\n  dc2"), frame);
    view.note("hello");
    assertTrue(out.get(out.size() - 2).endsWith("hello\n"));
    view.finish();
    assertFalse(
        Pattern.compile("\u001b\\[[0-9]+m").matcher(String.join("", out)).find(),
        "no colours unless asked for");
  }

  @Test
  void liveViewCutsLinesToTheTerminal() {
    LiveView view = new LiveView(out::add, () -> now, false, 30, List.of("dc1"), 10);
    view.round("main", "dc1", 1, 0.6, 0.5, 500, 1000);
    for (String line : out.getLast().lines().toList()) {
      assertTrue(line.length() < 30, line);
    }
  }

  @Test
  void clockAndBytesOfADataCentreThatCameBackGoOn() {
    ProgressView view = new ContinuedView(new PlainView(out::add, () -> now));
    view.round("main", "dc1", 100, 0.5, 4.0, 0, 4000);
    view.round("main", "dc2", 100, 0.5, 4.0, 0, 3000); // killed here
    now += 2_000_000_000L;
    view.round("main", "dc1", 200, 0.4, 6.0, 0, 5000);
    now += 2_000_000_000L;
    view.round("main", "dc2", 205, 0.3, 0.1, 0, 100); // back: counts from 0
    now += 2_000_000_000L;
    view.round("main", "dc2", 260, 0.2, 2.0, 0, 600);
    now += 2_000_000_000L;
    view.round("reference", "dc2", 1, 0.6, 0.2, 0, 50); // starts anew
    view.finish();
    assertEquals(
        List.of(
            "round 100  objective 0.500000  4.0 s  sent 4.00 kB",
            "round 200  objective 0.400000  6.0 s  sent 8.00 kB",
            "round 205  objective 0.300000  6.0 s  sent 8.10 kB",
            "round 260  objective 0.200000  7.9 s  sent 8.60 kB",
            "reference: round 1  objective 0.600000  200 ms  sent 50 B"),
        out);
  }

  @Test
  void unknownViewNamesTheKnownOnes() {
    IllegalArgumentException e =
        assertThrows(
            IllegalArgumentException.class,
            () -> ProgressViews.of("loud", System.err, List.of(), 1, System::nanoTime));
    assertEquals("unknown progress \"loud\"; known: live, plain, none", e.getMessage());
  }

  @ParameterizedTest
  @CsvSource({
    "0,0 B",
    "999,999 B",
    "1000,1.00 kB",
    "999499,999 kB",
    "999500,1.00 MB",
    "12345678,12.3 MB"
  })
  void bytes(long bytes, String text) {
    assertEquals(text, Figures.bytes((double) bytes));
  }

  @ParameterizedTest
  @CsvSource({"0.85,850 ms", "3.21,3.2 s", "125,2 min 5 s", "7260,2 h 1 min"})
  void seconds(double seconds, String text) {
    assertEquals(text, Figures.seconds(seconds));
  }

  @ParameterizedTest
  @CsvSource({"0,0 USD", "12.345,12.35 USD", "0.0312,0.0312 USD", "0.00000688,< 0.0001 USD"})
  void money(double amount, String text) {
    assertEquals(text, Figures.money(amount, "USD"));
  }
}
