package org.strait.engine.compress;

import org.strait.kernels.CodecOps;
import org.strait.memory.Doubles;
import org.strait.memory.Floats;
import org.strait.memory.HostMemory;
import org.strait.memory.Ints;

/// Finds the fewest elements of largest magnitude without which a vector is small enough: the
/// Euclidean norm of the others is at most what the caller tolerates. Magnitudes are counted in
/// bins, 32 to the octave, so up to one bin's elements more than necessary may be kept, never
/// fewer. The bins are filled by a plain loop: the choice is the same on every backend.
final class ErrorBudget {
  /// Part of a vector's own norm that is tolerated as long as the caller says nothing.
  static final double RELATIVE = 0.2;

  /// Fewest elements kept, as far as there are so many that are not 0: below it a message is mostly
  /// header, and tiny models want all of their gradient.
  static final int LEAST = 64;

  private static final int MAGNITUDE_MASK = 0x7fffffff;
  private static final int BIN_SHIFT = 18; // 8 bits of exponent and 5 of mantissa remain

  /// Number of bins; the next one would begin at infinity.
  private static final int BINS = 0x7f800000 >>> BIN_SHIFT;

  private final CodecOps codec;
  private final Doubles energy;
  private final Ints counts;
  private double tolerated = Double.NaN;
  private float threshold;

  ErrorBudget(CodecOps codec, HostMemory memory) {
    this.codec = codec;
    energy = memory.doubles(BINS);
    counts = memory.ints(BINS);
  }

  /// Largest norm of what may be left out from now on; NaN for {@value #RELATIVE} of each vector's
  /// own norm.
  ///
  /// @throws IllegalArgumentException if the norm is negative
  void tolerate(double norm) {
    check(norm);
    tolerated = norm;
  }

  /// Checks what a caller tolerates.
  ///
  /// @throws IllegalArgumentException if the norm is negative
  static void check(double norm) {
    if (norm < 0) {
      throw new IllegalArgumentException("tolerated norm is " + norm + ", must be at least 0");
    }
  }

  /// The longest step with which {@link StepValues} is expected to lose no more than the budget, to
  /// a 32nd of an octave: what lies in the dead zone is lost, the others lose what numbers lose
  /// that are spread evenly between roundings. Half of the elements that are not 0 stay out of the
  /// dead zone, up to {@value #LEAST}. 0 if nothing may be lost.
  ///
  /// @param x finite
  /// @param rounding what is added before rounding down
  double step(Floats x, long count, float rounding) {
    double total = addUp(x, count);
    double rest = rest(total);
    double spread = 1 / 12.0 + (0.5 - rounding) * (0.5 - rounding);
    double left = 0;
    long others = count - counts.get(0);
    long least = Math.min(LEAST, (others + 1) / 2);
    double longest = 0;
    for (int bin = 0; bin < BINS - 1; bin++) {
      left += energy.get(bin);
      others -= bin == 0 ? 0 : counts.get(bin);
      if (others < least) {
        break;
      }
      double step = Float.intBitsToFloat((bin + 1) << BIN_SHIFT) / (1.0 - rounding);
      if (left + others * spread * step * step > rest) {
        break;
      }
      longest = step;
    }
    return longest;
  }

  /// How many elements of x to keep. Modified: scratch.
  ///
  /// @param x finite
  long keep(Floats x, Ints scratch) {
    double rest = rest(addUp(x, x.length()));
    double left = 0;
    int bin = 0;
    while (bin < BINS && left + energy.get(bin) <= rest) {
      left += energy.get(bin);
      bin++;
    }
    // Bin 0 begins at 0, but zeros never travel for their own sake.
    threshold = bin == 0 ? Float.MIN_VALUE : Float.intBitsToFloat(bin << BIN_SHIFT);
    long kept = codec.countAtLeast(x, threshold);
    long least = Math.min(LEAST, x.length());
    if (kept >= least) {
      return kept;
    }
    threshold = least == 0 ? 0 : codec.kthMagnitude(x, least, scratch);
    if (threshold > 0) {
      return least;
    }
    threshold = Float.MIN_VALUE;
    return codec.countAtLeast(x, threshold);
  }

  /// Magnitude from which on elements were kept in the last {@link #keep}.
  float threshold() {
    return threshold;
  }

  private double rest(double total) {
    return Double.isNaN(tolerated) ? RELATIVE * RELATIVE * total : tolerated * tolerated;
  }

  private double addUp(Floats x, long count) {
    for (int bin = 0; bin < BINS; bin++) {
      energy.set(bin, 0);
      counts.set(bin, 0);
    }
    double total = 0;
    int n = (int) count;
    for (int i = 0; i < n; i++) {
      double value = x.get(i);
      int bin = (Float.floatToRawIntBits(x.get(i)) & MAGNITUDE_MASK) >>> BIN_SHIFT;
      energy.set(bin, energy.get(bin) + value * value);
      counts.set(bin, counts.get(bin) + 1);
      total += value * value;
    }
    return total;
  }
}
