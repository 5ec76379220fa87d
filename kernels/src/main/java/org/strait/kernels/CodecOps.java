package org.strait.kernels;

import org.strait.memory.Bytes;
import org.strait.memory.Floats;
import org.strait.memory.Ints;

/// What a compressor needs over whole vectors: magnitudes, exact top-k selection, 8-bit block
/// quantisation, decode-add.
public interface CodecOps {
  /// Largest |x(i)|, 0 for an empty run. NaN elements make the result NaN.
  float maxAbs(Floats x);

  /// Number of elements with |x(i)| ≥ threshold.
  long countAtLeast(Floats x, float threshold);

  /// The exact k-th largest magnitude of x, 1 ≤ k ≤ length: at least k elements have |x(i)| ≥
  /// result, and fewer than k have
  /// |x(i)| > result. {@code scratch} has at least {@link #SELECT_SCRATCH} elements and is
  /// overwritten. x holds no NaN and at most 2^31 - 1 elements.
  float kthMagnitude(Floats x, long k, Ints scratch);

  /// Elements of scratch that {@link #kthMagnitude} needs.
  int SELECT_SCRATCH = 1 << 16;

  /// Writes the ascending indices of exactly k elements of largest magnitude to {@code indices}
  /// (ties: lower index first) and their values to {@code values}. {@code threshold} is what {@link
  /// #kthMagnitude} returned for the same x and k. Modified: indices, values (first k elements).
  ///
  /// @throws IllegalArgumentException if the threshold does not belong to k
  void select(Floats x, float threshold, long k, Ints indices, Floats values);

  /// Block quantisation of the first {@code count} elements to 8 bits: block b of {@code block}
  /// elements (the last may be shorter) gets scales(b) = max|x|/127 and codes(i) =
  /// round-half-even(x(i)/scales(b)) in [-127, 127]; a block of zeros gets scale 0 and codes 0.
  /// |x(i) - codes(i)·scales(b)| ≤ scales(b)/2·(1 + 2^-15). A block whose scale would be below the
  /// smallest normal float32 counts as zeros. A block with a NaN or an infinity gets scale NaN and
  /// codes 0, so that it decodes to NaN and not to plausible numbers. Modified: codes, scales.
  void quantize8(Floats x, long count, int block, Bytes codes, Floats scales);

  /// values(i) ← codes(i)·scales(i / block) for i < count. Modified: values.
  void dequantize8(Bytes codes, long count, int block, Floats scales, Floats values);

  /// sum(indices(j)) ← sum(indices(j)) + weight·values(j) for j < count; indices are distinct.
  /// Modified: sum.
  void scatterAdd(long count, Ints indices, float weight, Floats values, Floats sum);
}
