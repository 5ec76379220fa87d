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
  private double tolerated = Double.NaN;
  private float threshold;

  ErrorBudget(CodecOps codec, HostMemory memory) {
    this.codec = codec;
    energy = memory.doubles(BINS);
  }

  /// Largest norm of what may be left out from now on; NaN for {@value #RELATIVE} of each vector's
  /// own norm.
  ///
  /// @throws IllegalArgumentException if the norm is negative
  void tolerate(double norm) {
    if (norm < 0) {
      throw new IllegalArgumentException("tolerated norm is " + norm + ", must be at least 0");
    }
    tolerated = norm;
  }

  /// How many elements of x to keep. Modified: scratch.
  ///
  /// @param x finite
  long keep(Floats x, Ints scratch) {
    double total = addUp(x);
    double rest = Double.isNaN(tolerated) ? RELATIVE * RELATIVE * total : tolerated * tolerated;
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

  private double addUp(Floats x) {
    for (int bin = 0; bin < BINS; bin++) {
      energy.set(bin, 0);
    }
    double total = 0;
    int n = (int) x.length();
    for (int i = 0; i < n; i++) {
      double value = x.get(i);
      int bin = (Float.floatToRawIntBits(x.get(i)) & MAGNITUDE_MASK) >>> BIN_SHIFT;
      energy.set(bin, energy.get(bin) + value * value);
      total += value * value;
    }
    return total;
  }
}
