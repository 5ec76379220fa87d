package org.strait.bench.run;

import java.util.function.IntConsumer;
import java.util.function.IntToDoubleFunction;

/// One way of doing a bout's work.
public interface Contender {
  /// Name for the rows.
  String who();

  /// Whether it is somebody else's way.
  boolean peer();

  /// Puts operands to the values that the checked call starts from.
  void reset();

  /// Does the work so many times; returns the seconds that took.
  double seconds(int repeats);

  /// What a call after {@link #reset} leaves behind.
  Outcome outcome();

  /// A way that runs in this process, timed from outside.
  ///
  /// @param reset see {@link #reset}
  /// @param work does the work so many times
  static Contender here(
      String who, boolean peer, Outcome outcome, Runnable reset, IntConsumer work) {
    record Here(String who, boolean peer, Outcome outcome, Runnable start, IntConsumer work)
        implements Contender {
      @Override
      public void reset() {
        start.run();
      }

      @Override
      public double seconds(int repeats) {
        long from = System.nanoTime();
        work.accept(repeats);
        return (System.nanoTime() - from) * 1e-9;
      }
    }
    return new Here(who, peer, outcome, reset, work);
  }

  /// A way in another process that says itself how long it took.
  ///
  /// @param work does the work so many times, returns the seconds
  static Contender timedByItself(
      String who, boolean peer, Outcome outcome, IntToDoubleFunction work) {
    record Elsewhere(String who, boolean peer, Outcome outcome, IntToDoubleFunction work)
        implements Contender {
      @Override
      public void reset() {}

      @Override
      public double seconds(int repeats) {
        return work.applyAsDouble(repeats);
      }
    }
    return new Elsewhere(who, peer, outcome, work);
  }
}
