package org.strait.engine;

import org.strait.engine.exchange.Timing;

/// How a training by local steps goes: every data centre takes steps of its own and tells the
/// others now and then how far it came (local SGD, Stich 2019; DiLoCo, Douillard et al. 2023; in
/// fragments and overlapped: Streaming DiLoCo, Douillard et al. 2025).
///
/// @param period steps between two rounds of the same weights, at least 1
/// @param fragments parts of the weights that travel in turn, one every {@code period/fragments}
///     steps, so that the peak rate falls by their number
/// @param timing whether steps go on while a round travels
/// @param outerRate part of the mean progress that is taken over, 1 for plain averaging
/// @param outerMomentum Nesterov momentum of the outer step, 0 for none
public record LocalSteps(
    int period, int fragments, Timing timing, double outerRate, double outerMomentum) {
  /// Checks ranges.
  public LocalSteps {
    if (period < 1) {
      throw new IllegalArgumentException("local steps are " + period + ", must be at least 1");
    }
    if (fragments < 1 || period % fragments != 0) {
      throw new IllegalArgumentException(
          "fragments are " + fragments + ", must divide the " + period + " local steps");
    }
    if (!(outerRate > 0 && outerRate <= 10)) {
      throw new IllegalArgumentException("outer rate is " + outerRate + ", must be in (0, 10]");
    }
    if (!(outerMomentum >= 0 && outerMomentum < 1)) {
      throw new IllegalArgumentException(
          "outer momentum is " + outerMomentum + ", must be in [0, 1)");
    }
  }

  /// Plain averaging after every {@code period} steps.
  public static LocalSteps every(int period) {
    return new LocalSteps(period, 1, Timing.SYNC, 1, 0);
  }

  /// The same with another timing.
  public LocalSteps with(Timing other) {
    return new LocalSteps(period, fragments, other, outerRate, outerMomentum);
  }

  /// The same in fragments.
  public LocalSteps inFragments(int count) {
    return new LocalSteps(period, count, timing, outerRate, outerMomentum);
  }

  /// The same with an outer Nesterov step.
  public LocalSteps nesterov(double rate, double momentum) {
    return new LocalSteps(period, fragments, timing, rate, momentum);
  }

  /// Reads the outer step: {@code average}, {@code nesterov} (rate 0.7, momentum 0.9: DiLoCo's) or
  /// {@code nesterov:RATE,MOMENTUM}.
  ///
  /// @throws IllegalArgumentException if it is none of these
  public LocalSteps withOuter(String word) {
    if (word.equals("average")) {
      return nesterov(1, 0);
    }
    if (word.equals("nesterov")) {
      return nesterov(0.7, 0.9);
    }
    String number = "\\d+(\\.\\d+)?";
    if (word.matches("nesterov:" + number + "," + number)) {
      String[] two = word.substring("nesterov:".length()).split(",", -1);
      return nesterov(Double.parseDouble(two[0]), Double.parseDouble(two[1]));
    }
    throw new IllegalArgumentException(
        "outer step is \"" + word + "\"; known: average, nesterov, nesterov:RATE,MOMENTUM");
  }

  /// The outer step as {@link #withOuter} reads it.
  public String outer() {
    return outerRate == 1 && outerMomentum == 0
        ? "average"
        : "nesterov:" + outerRate + "," + outerMomentum;
  }

  /// Steps between two rounds, whatever travels in them.
  public int stepsPerRound() {
    return period / fragments;
  }

  @Override
  public String toString() {
    return period
        + " local steps"
        + (fragments > 1 ? ", " + fragments + " fragments" : "")
        + ", "
        + timing
        + ", "
        + outer();
  }
}
