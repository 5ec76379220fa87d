package org.strait.kernels;

import org.strait.memory.Bytes;
import org.strait.memory.Floats;
import org.strait.memory.Ints;

/// What a compressor needs over whole vectors or the elements from ≤ i < to of them: magnitudes,
/// selection, block quantisation to 8 bits and fewer, halves, and decode-add. Element i's code,
/// scale or half stands where i says, whatever the range.
public interface CodecOps {
  /// Largest |x(i)|, 0 for no elements. NaN elements make the result NaN.
  float maxAbs(Floats x, long from, long to);

  /// Number of elements with |x(i)| ≥ threshold.
  long countAtLeast(Floats x, float threshold, long from, long to);

  /// The exact k-th largest magnitude of x, 1 ≤ k ≤ length: at least k elements have |x(i)| ≥
  /// result, and fewer than k have |x(i)| > result. {@code scratch} has at least {@link
  /// #SELECT_SCRATCH} elements and is overwritten. x holds no NaN and at most 2^31 - 1 elements.
  float kthMagnitude(Floats x, long k, Ints scratch);

  /// Elements of scratch that {@link #kthMagnitude} needs.
  int SELECT_SCRATCH = KthMagnitude.SCRATCH;

  /// One pass of {@link KthMagnitude}: writes the bits of the magnitudes low ≤ |x(i)| < high to
  /// {@code kept}, from element {@code at} on, as far as {@code room} elements reach. x holds no
  /// NaN. Modified: kept.
  ///
  /// @param low bits of a magnitude
  /// @param high bits of a magnitude, or what is above all
  /// @return 2^32·(number of |x(i)| ≥ high) + number of magnitudes between;
  ///     as soon as there are more than there is room for, it looks no further
  long keepBetween(Floats x, int low, int high, long from, long to, Ints kept, long at, long room);

  /// Writes the ascending indices of exactly k elements of largest magnitude to {@code indices}
  /// (ties: lower index first) and their values to {@code values}. {@code threshold} is what {@link
  /// #kthMagnitude} returned for the same x and k. Modified: indices, values (first k elements).
  ///
  /// @throws IllegalArgumentException if the threshold does not belong to k
  void select(Floats x, float threshold, long k, Ints indices, Floats values);

  /// Writes the ascending indices and the values of elements with |x(i)| > threshold, and of the
  /// first {@code ties} elements with |x(i)| = threshold, from element {@code at} of indices and
  /// values on, until {@code room} are written. Returns how many. x has at most 2^31 - 1 elements.
  /// Modified: indices and values from at on; what they hold behind the last one written, within
  /// the room, is undefined.
  long keep(
      Floats x,
      float threshold,
      long ties,
      long from,
      long to,
      Ints indices,
      Floats values,
      long at,
      long room);

  /// Block quantisation to 8, 6, 5, 4, 2 or 1 bits: block b of {@code block} elements (the last may
  /// be shorter) gets scales(b), and element i a code where {@link PackedCodes} says, so that x(i)
  /// is about level(code)·scales(b).
  ///
  /// - 4 to 8 bits: scale = max|x|/L with L = 2^(bits-1) - 1, level = code, a two's complement
  ///   number in [-L, L]. code = round-half-even(x·(1/scale)). |x - level·scale| ≤ scale/2·(1 +
  ///   2^-15).
  /// - 2 bits: scale = max|x|/2, level = code - 1.5 with code 0 … 3: -1.5, -0.5, 0.5, 1.5.
  ///   |x - level·scale| ≤ scale/2·(1 + 2^-15).
  /// - 1 bit: scale = mean|x|, summed in float64 and rounded once, level = -1 for code 1 (the sign
  ///   bit of x), 1 for code 0. Σ(x - level·scale)² = Σx² - n·scale², up to rounding; one element's
  ///   error is at most the greater of scale and max|x| - scale.
  ///
  /// A block whose scale would be below the smallest normal float32 counts as zeros: scale 0, codes
  /// 0. A block with a NaN or an infinity gets scale NaN and codes 0, so that it decodes to NaN and
  ///   not to plausible numbers. {@code from} is a multiple of block, {@code to} one or the end of
  ///   the vector; the codes that fill up the last group are 0. Modified: codes, scales.
  ///
  /// @param block elements with one scale; for fewer than 8 bits a multiple of {@link
  ///     PackedCodes#GROUP}
  void quantize(int bits, Floats x, int block, Bytes codes, Floats scales, long from, long to);

  /// values(i) ← level(i)·scales(i / block). Modified: values.
  void dequantize(
      int bits, Bytes codes, int block, Floats scales, Floats values, long from, long to);

  /// sum(i) ← sum(i) + (weight·scales(i / block))·level(i), each operation rounded. Modified: sum.
  void addDequantized(
      int bits,
      float weight,
      Bytes codes,
      int block,
      Floats scales,
      Floats sum,
      long from,
      long to);

  /// As {@link #quantize} to 4 bits or more, but every code is a byte: what an entropy coder wants
  /// and {@link #dequantize} from 8 bits reads. Modified: codes (a byte per element), scales.
  void quantizeToBytes(
      int bits, Floats x, int block, Bytes codes, Floats scales, long from, long to);

  /// Quantises to multiples of one step with a dead zone around 0: codes(i) ← sign(x)·min({@value
  /// #MOST_STEPS}, rint(|x(i)|/step + rounding - 1/2)), so that what lies below (1 - rounding)·step
  /// becomes 0; the quotient is a product with 1/step in float32. x(i) is about codes(i)·step. x is
  /// finite. Modified: codes (a byte per element).
  ///
  /// @param step above 0, and 1/step finite
  /// @param rounding more than 0, at most 1/2 (nearest)
  void quantizeSteps(Floats x, float step, float rounding, Bytes codes, long from, long to);

  /// Largest magnitude of a code of {@link #quantizeSteps}.
  int MOST_STEPS = 127;

  /// sum(i) ← sum(i) + weight·x(i), rounded twice. Modified: sum, of the same length as x.
  void addScaled(float weight, Floats x, Floats sum, long from, long to);

  /// Σ x(i)², the bits of {@link DenseOps#dot} of x with itself.
  double sumOfSquares(Floats x, long from, long to);

  /// Packs codes of one byte each, of which the low bits count, as {@link PackedCodes} says. From
  /// is a multiple of {@link PackedCodes#GROUP}, to one or the end. Modified: packed.
  void pack(int bits, Bytes codes, Bytes packed, long from, long to);

  /// The inverse of {@link #pack}: two's complement for 4 bits and more, 0 … 3 and 0, 1 for fewer.
  /// Modified: codes.
  void unpack(int bits, Bytes packed, Bytes codes, long from, long to);

  /// halves(i) ← x(i), to nearest, ties to even; infinities stay, what is too large becomes one,
  /// NaN becomes the quiet NaN of its sign. Two bytes per element. Modified: halves.
  void narrow(Half format, Floats x, Bytes halves, long from, long to);

  /// values(i) ← halves(i), exactly. Modified: values.
  void widen(Half format, Bytes halves, Floats values, long from, long to);

  /// sum(i) ← sum(i) + weight·halves(i). Modified: sum.
  void addWidened(Half format, float weight, Bytes halves, Floats sum, long from, long to);

  /// sum(indices(j)) ← sum(indices(j)) + weight·values(j) for from ≤ j < to; indices are distinct.
  /// Modified: sum.
  void scatterAdd(Ints indices, float weight, Floats values, Floats sum, long from, long to);

  /// Work in parts that only the numbers of the parts tell apart.
  @FunctionalInterface
  interface Parts {
    /// Does one part.
    ///
    /// @param part number of the part, from 0
    /// @param worker number of the thread that runs it, from 0, for its own scratch
    void run(int part, int worker);
  }

  /// Threads that {@link #inParts} runs work on.
  default int threads() {
    return 1;
  }

  /// Runs all parts, on as many threads as there are, and returns when they are done; throws what
  /// the lowest part that failed threw. Parts may not call operations of this object.
  default void inParts(int parts, Parts work) {
    for (int part = 0; part < parts; part++) {
      work.run(part, 0);
    }
  }

  /// {@link #addScaled(float, Floats, Floats, long, long)} of all elements.
  default void addScaled(float weight, Floats x, Floats sum) {
    addScaled(weight, x, sum, 0, x.length());
  }

  /// {@link #maxAbs(Floats, long, long)} of all elements.
  default float maxAbs(Floats x) {
    return maxAbs(x, 0, x.length());
  }

  /// {@link #countAtLeast(Floats, float, long, long)} of all elements.
  default long countAtLeast(Floats x, float threshold) {
    return countAtLeast(x, threshold, 0, x.length());
  }

  /// Indices and values of the elements with |x(i)| ≥ threshold, as many as indices and values have
  /// room for; returns how many. Modified: indices, values, all of them.
  default long selectAtLeast(Floats x, float threshold, Ints indices, Floats values) {
    long room = Math.min(indices.length(), values.length());
    return keep(x, threshold, Long.MAX_VALUE, 0, x.length(), indices, values, 0, room);
  }

  /// {@link #quantize} of the first elements to 8 bits.
  default void quantize8(Floats x, long count, int block, Bytes codes, Floats scales) {
    quantize(8, x, block, codes, scales, 0, count);
  }

  /// {@link #dequantize} of the first elements from 8 bits.
  default void dequantize8(Bytes codes, long count, int block, Floats scales, Floats values) {
    dequantize(8, codes, block, scales, values, 0, count);
  }

  /// {@link #scatterAdd(Ints, float, Floats, Floats, long, long)} of the first elements.
  default void scatterAdd(long count, Ints indices, float weight, Floats values, Floats sum) {
    scatterAdd(indices, weight, values, sum, 0, count);
  }
}
