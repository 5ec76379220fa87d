package org.strait.engine.optim;

import java.util.Locale;

/// Learning rate by step: it rises in a line for {@code warmup} steps (Goyal et al. 2017) to {@code
/// rate}, times what a {@link Decay} says of the step.
///
/// @param rate learning rate, above 0
/// @param warmup steps until it is reached; 0 for none
/// @param decay how it falls
public record Schedule(double rate, long warmup, Decay decay) {
  private static final String FORMS =
      "write constant, sqrt:AFTER, cosine, or step:EVERY:FACTOR, with steps or epochs (30e)";

  /// Checks the rate.
  public Schedule {
    if (!(rate > 0) || Double.isInfinite(rate)) {
      throw new IllegalArgumentException("learning rate is " + rate + ", must be above 0");
    }
    if (warmup < 0) {
      throw new IllegalArgumentException("warm-up of " + warmup + " steps, must be at least 0");
    }
  }

  /// The rate for {@code decayAfter} steps, then falling as rate·√(decayAfter/step).
  ///
  /// @param decayAfter Long.MAX_VALUE for a constant rate
  public Schedule(double rate, long decayAfter) {
    this(rate, 0, new Decay.Root(decayAfter));
  }

  /// The same rate for ever.
  public static Schedule constant(double rate) {
    return new Schedule(rate, Long.MAX_VALUE);
  }

  /// Reads {@code constant}, {@code sqrt:AFTER}, {@code cosine} (to the end of the training) or
  /// {@code step:EVERY:FACTOR}, where AFTER, EVERY and the warm-up are steps ({@code 500}) or
  /// epochs ({@code 30e}).
  ///
  /// @param stepsPerEpoch steps that visit every row once
  /// @param steps of the whole training
  /// @throws IllegalArgumentException if it is none of them
  public static Schedule parse(
      String text, double rate, String warmup, long stepsPerEpoch, long steps) {
    String[] words = text.strip().split(":", -1);
    Decay decay =
        switch (words[0] + words.length) {
          case "constant1" -> new Decay.Root(Long.MAX_VALUE);
          case "sqrt2" -> new Decay.Root(steps(words[1], stepsPerEpoch));
          case "cosine1" -> new Decay.Cosine(steps);
          case "step3" -> new Decay.Stairs(steps(words[1], stepsPerEpoch), number(words[2]));
          default -> throw malformed(text, null);
        };
    return new Schedule(rate, steps(warmup, stepsPerEpoch), decay);
  }

  private static long steps(String text, long stepsPerEpoch) {
    boolean epochs = text.endsWith("e");
    double count = number(epochs ? text.substring(0, text.length() - 1) : text);
    return Math.round(count * (epochs ? stepsPerEpoch : 1));
  }

  private static double number(String text) {
    try {
      double number = Double.parseDouble(text.strip());
      if (number >= 0 && !Double.isInfinite(number)) {
        return number;
      }
    } catch (NumberFormatException e) {
      throw malformed(text, e);
    }
    throw malformed(text, null);
  }

  private static IllegalArgumentException malformed(String text, Exception cause) {
    return new IllegalArgumentException("\"" + text + "\" is no schedule; " + FORMS, cause);
  }

  /// Rate of a step, counted from 0.
  public double rate(long step) {
    double rising = step < warmup ? (step + 1.0) / warmup : 1;
    return rate * rising * decay.factor(step);
  }

  @Override
  public String toString() {
    return String.format(Locale.ROOT, "rate %.3g", rate)
        + decay
        + (warmup == 0 ? "" : ", warm-up " + warmup);
  }
}
