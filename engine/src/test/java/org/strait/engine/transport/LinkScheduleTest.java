package org.strait.engine.transport;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

class LinkScheduleTest {
  private static final long MS = 1_000_000L;

  @Test
  void delayAloneMovesEveryPieceByTheDelay() {
    LinkSchedule schedule = new LinkSchedule(new LinkShape(40 * MS, 0, 0, 0));
    assertEquals(41 * MS, schedule.arrivalNanos(MS, 1000));
    assertEquals(41 * MS, schedule.arrivalNanos(MS, 1_000_000));
    assertEquals(47 * MS, schedule.arrivalNanos(7 * MS, 1));
  }

  @Test
  void piecesQueueBehindEachOtherAtTheBandwidth() {
    // 8 Mbit/s: a byte takes a microsecond.
    LinkSchedule schedule = new LinkSchedule(new LinkShape(10 * MS, 8_000_000, 0, 0));
    assertEquals(11 * MS, schedule.arrivalNanos(0, 1000));
    assertEquals(13 * MS, schedule.arrivalNanos(0, 2000));
    assertEquals(14 * MS, schedule.arrivalNanos(2 * MS, 1000), "still busy at 2 ms, free at 3 ms");
    assertEquals(111 * MS, schedule.arrivalNanos(100 * MS, 1000), "idle at 100 ms");
  }

  @Test
  void fractionsOfANanosecondAreCarried() {
    // 3 bit/ns: a byte takes 8/3 ns, three bytes exactly 8 ns.
    LinkSchedule schedule = new LinkSchedule(new LinkShape(0, 3_000_000_000L, 0, 0));
    long arrival = 0;
    for (int i = 0; i < 3_000; i++) {
      arrival = schedule.arrivalNanos(0, 1);
    }
    assertEquals(8_000, arrival);
  }

  @Test
  void worksAcrossTheOverflowOfTheClock() {
    LinkSchedule schedule = new LinkSchedule(new LinkShape(MS, 8_000_000, 0, 0));
    long now = Long.MAX_VALUE - 10;
    long first = schedule.arrivalNanos(now, 1000);
    assertEquals(2 * MS, first - now);
    assertEquals(3 * MS, schedule.arrivalNanos(now + 20, 1000) - now);
  }

  @Test
  void jitterIsBoundedRepeatableAndKeepsTheOrder() {
    LinkShape shape = new LinkShape(10 * MS, 0, 5 * MS, 42);
    LinkSchedule one = new LinkSchedule(shape);
    LinkSchedule same = new LinkSchedule(shape);
    LinkSchedule other = new LinkSchedule(new LinkShape(10 * MS, 0, 5 * MS, 43));
    long last = 0;
    long differing = 0;
    for (int i = 0; i < 1000; i++) {
      long now = i * MS;
      long arrival = one.arrivalNanos(now, 100);
      assertEquals(arrival, same.arrivalNanos(now, 100));
      differing += arrival == other.arrivalNanos(now, 100) ? 0 : 1;
      assertTrue(arrival >= last && arrival >= now + 10 * MS && arrival <= now + 15 * MS);
      last = arrival;
    }
    assertNotEquals(0, differing);
  }

  @Test
  void lossesStallWhatIsBehindAndDoNotDependOnHowBytesAreCut() {
    long loss = 20 * MS; // a round trip of 10 ms each way
    LinkShape shape = new LinkShape(10 * MS, 0, 0, 0.01, 7);
    LinkSchedule whole = new LinkSchedule(shape);
    LinkSchedule cut = new LinkSchedule(shape);
    int stalls = 0;
    for (int i = 0; i < 2000; i++) {
      long now = 1000L * i * MS;
      long arrival = whole.arrivalNanos(now, 4000);
      long last = 0;
      for (int k = 0; k < 4; k++) {
        last = cut.arrivalNanos(now, 1000);
      }
      assertEquals(arrival, last, "message " + i);
      assertTrue(arrival == now + 10 * MS || arrival == now + 10 * MS + loss);
      stalls += arrival == now + 10 * MS ? 0 : 1;
    }
    // 2000 messages of 2.76 packets, of which one in a hundred is lost
    assertTrue(stalls > 35 && stalls < 80, stalls + " stalls");
  }
}
