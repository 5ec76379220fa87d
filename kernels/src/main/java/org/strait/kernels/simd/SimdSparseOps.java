package org.strait.kernels.simd;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import org.strait.kernels.Csr;
import org.strait.kernels.Lengths;
import org.strait.kernels.SparseOps;
import org.strait.memory.Floats;
import org.strait.memory.Ints;
import org.strait.memory.Longs;

/// Sparse rows. The Vector API gathers from heap arrays only, so weights in native memory are read
/// one by one; what pays is four sums side by side. Scattering stays with the plain loop.
final class SimdSparseOps implements SparseOps {
  private final SparseOps plain;

  SimdSparseOps(SparseOps plain) {
    this.plain = plain;
  }

  @Override
  public void margins(Csr rows, Floats weights, Floats margins) {
    Lengths.check("weights", weights.length(), rows.cols());
    Lengths.check("margins", margins.length(), rows.rows());
    Longs rowStart = rows.rowStart();
    MemorySegment index = rows.index().segment();
    MemorySegment value = rows.value().segment();
    MemorySegment w = weights.segment();
    long from = rowStart.get(0);
    for (int r = 0; r < rows.rows(); r++) {
      long to = rowStart.get(r + 1L);
      margins.set(r, (float) rowDot(index, value, from, to, w));
      from = to;
    }
  }

  private static double rowDot(
      MemorySegment index, MemorySegment value, long from, long to, MemorySegment w) {
    double s0 = 0;
    double s1 = 0;
    double s2 = 0;
    double s3 = 0;
    long e = from;
    for (; e + 4 <= to; e += 4) {
      s0 += product(index, value, e, w);
      s1 += product(index, value, e + 1, w);
      s2 += product(index, value, e + 2, w);
      s3 += product(index, value, e + 3, w);
    }
    for (; e < to; e++) {
      s0 += product(index, value, e, w);
    }
    return s0 + s1 + (s2 + s3);
  }

  private static double product(MemorySegment index, MemorySegment value, long e, MemorySegment w) {
    long column = index.get(ValueLayout.JAVA_INT, e * Ints.BYTES);
    return (double) Lanes.get(value, e * Floats.BYTES) * Lanes.get(w, column * Floats.BYTES);
  }

  @Override
  public void addScaledRows(Csr rows, Floats coefficients, Floats gradient) {
    plain.addScaledRows(rows, coefficients, gradient);
  }

  @Override
  public void addScaledSquares(Csr rows, Floats coefficients, Floats squares) {
    plain.addScaledSquares(rows, coefficients, squares);
  }
}
