package org.strait.bench.run;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.locks.LockSupport;

/// Times contenders in turns, so that whatever disturbs the machine disturbs them alike. First each
/// has to show the right result, then it runs until its times settle (the JVM compiles meanwhile),
/// then come the rounds, each beginning with another contender.
final class Interleaver {
  /// Whoever's call is longer than this settles within it.
  private static final double LONG_CALL_SECONDS = 0.05;

  private static final double SETTLED = 0.03;

  private final Pace pace;

  Interleaver(Pace pace) {
    this.pace = pace;
  }

  /// Seconds of each contender, in the order of the bout.
  ///
  /// @throws WrongResultException if one of them is wrong
  List<Timing> time(Bout bout) {
    List<Contender> contenders = bout.contenders();
    int count = contenders.size();
    int[] repeats = new int[count];
    double round = 0;
    for (int c = 0; c < count; c++) {
      Contender contender = contenders.get(c);
      check(bout, contender);
      double call = warmUp(contender, bout.threads());
      repeats[c] = (int) Math.clamp(Math.ceil(pace.sampleSeconds() / call), 1, 1 << 20);
      round += repeats[c] * call;
    }
    int runs = (int) Math.clamp(pace.boutSeconds() / round, pace.leastRuns(), pace.mostRuns());
    double[][] seconds = new double[count][runs];
    for (int run = 0; run < runs; run++) {
      for (int turn = 0; turn < count; turn++) {
        int c = (run + turn) % count;
        seconds[c][run] = sample(contenders.get(c), repeats[c], bout.threads());
      }
    }
    return Arrays.stream(seconds).map(Timing::of).toList();
  }

  private static void check(Bout bout, Contender contender) {
    contender.reset();
    contender.seconds(1);
    contender
        .outcome()
        .difference(bout.expected(), bout.tolerance())
        .ifPresent(
            difference -> {
              throw new WrongResultException(bout, contender.who(), difference);
            });
  }

  /// Runs until two groups of calls in a row took the same time; returns the seconds of a call.
  private double warmUp(Contender contender, int threads) {
    rest(threads);
    double spent = 0;
    double before = Double.MAX_VALUE;
    List<Double> group = new ArrayList<>();
    int repeats = 1;
    while (true) {
      double run = contender.seconds(repeats);
      spent += run;
      if (run < pace.sampleSeconds() / 2) {
        repeats = Math.min(2 * repeats, 1 << 20);
      }
      group.add(Math.max(run, 1e-9) / repeats);
      if (group.size() < 5 && spent < pace.mostWarmSeconds()) {
        continue;
      }
      double now = Timing.of(group.stream().mapToDouble(Double::doubleValue).toArray()).median();
      boolean settled = Math.abs(now - before) <= SETTLED * before;
      if ((settled && spent >= pace.warmSeconds()) || spent >= pace.mostWarmSeconds()) {
        return now;
      }
      before = now;
      group.clear();
    }
  }

  private double sample(Contender contender, int repeats, int threads) {
    rest(threads);
    double spent = contender.seconds(1);
    if (repeats == 1 && spent > LONG_CALL_SECONDS) {
      return spent;
    }
    while (spent < pace.settleSeconds()) {
      spent += contender.seconds(1);
    }
    return contender.seconds(repeats) / repeats;
  }

  private void rest(int threads) {
    if (threads > 1 && pace.restNanos() > 0) {
      long until = System.nanoTime() + pace.restNanos();
      while (System.nanoTime() < until) {
        LockSupport.parkNanos(until - System.nanoTime());
      }
    }
  }
}
