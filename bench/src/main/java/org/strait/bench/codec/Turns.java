package org.strait.bench.codec;

import java.util.ArrayList;
import java.util.List;
import org.strait.bench.run.Timing;

/// Times calls in turns, so that whatever disturbs the machine disturbs them alike, after each has
/// run long enough to be compiled.
final class Turns {
  private final double warmSeconds;
  private final int rounds;

  /// @param quick whether a check is wanted, no measurement
  Turns(boolean quick) {
    warmSeconds = quick ? 0 : 0.25;
    rounds = quick ? 1 : 9;
  }

  List<Timing> time(List<Runnable> calls) {
    double[][] seconds = new double[calls.size()][rounds];
    for (Runnable call : calls) {
      double spent = 0;
      do {
        spent += once(call);
      } while (spent < warmSeconds);
    }
    for (int round = 0; round < rounds; round++) {
      for (int turn = 0; turn < calls.size(); turn++) {
        int c = (round + turn) % calls.size();
        seconds[c][round] = once(calls.get(c));
      }
    }
    List<Timing> timings = new ArrayList<>();
    for (double[] each : seconds) {
      timings.add(Timing.of(each));
    }
    return timings;
  }

  private static double once(Runnable call) {
    long from = System.nanoTime();
    call.run();
    return Math.max(1, System.nanoTime() - from) * 1e-9;
  }
}
