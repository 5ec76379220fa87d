package org.strait.bench.run;

import java.util.List;
import java.util.Optional;
import java.util.function.DoubleSupplier;
import java.util.function.LongToDoubleFunction;
import org.strait.memory.Bytes;
import org.strait.memory.Floats;
import org.strait.memory.Ints;

/// What work leaves behind, to be compared with what it should.
///
/// @param parts its numbers and runs
public record Outcome(List<Part> parts) {
  private static final long MOST_COMPARED = 1 << 20;
  private static final long END = 1024;

  /// A named run of numbers.
  ///
  /// @param name the same for every contender
  /// @param length how many
  /// @param at reads one, at the time of the comparison
  public record Part(String name, long length, LongToDoubleFunction at) {
    /// One number.
    public static Part number(String name, DoubleSupplier value) {
      return new Part(name, 1, i -> value.getAsDouble());
    }

    /// Floats.
    public static Part of(String name, Floats run) {
      return new Part(name, run.length(), run::get);
    }

    /// The first so many integers.
    public static Part of(String name, Ints run, long count) {
      return new Part(name, count, run::get);
    }

    /// Signed bytes.
    public static Part of(String name, Bytes run, long count) {
      return new Part(name, count, run::get);
    }

    /// The same numbers, kept: for a judge whose memory is used again.
    public Part kept() {
      double[] copy = new double[Math.toIntExact(length)];
      for (int i = 0; i < copy.length; i++) {
        copy[i] = at.applyAsDouble(i);
      }
      return new Part(name, length, i -> copy[(int) i]);
    }
  }

  /// Several parts.
  public static Outcome of(Part... parts) {
    return new Outcome(List.of(parts));
  }

  /// The first number that is further from the expected one than tolerance times the largest
  /// expected magnitude of its part; parts this outcome has not are not compared, and of long parts
  /// only about a million elements.
  public Optional<String> difference(Outcome expected, double tolerance) {
    for (Part part : parts) {
      for (Part right : expected.parts) {
        if (part.name.equals(right.name)) {
          Optional<String> found = difference(part, right, tolerance);
          if (found.isPresent()) {
            return found;
          }
        }
      }
    }
    return Optional.empty();
  }

  private static Optional<String> difference(Part part, Part right, double tolerance) {
    if (part.length != right.length) {
      return Optional.of(part.name + " has " + part.length + " elements, expected " + right.length);
    }
    // Long runs: the end, and elements an odd number apart, so that every lane has its turn.
    long step = right.length / MOST_COMPARED | 1;
    double largest = 0;
    for (long i = 0; i < right.length; i += step) {
      largest = Math.max(largest, Math.abs(right.at.applyAsDouble(i)));
    }
    for (long i = 0; i < right.length; i += i < right.length - END ? step : 1) {
      double got = part.at.applyAsDouble(i);
      double wanted = right.at.applyAsDouble(i);
      if (!(Math.abs(got - wanted) <= tolerance * largest)) {
        return Optional.of(part.name + "(" + i + ") is " + got + ", expected " + wanted);
      }
    }
    return Optional.empty();
  }
}
