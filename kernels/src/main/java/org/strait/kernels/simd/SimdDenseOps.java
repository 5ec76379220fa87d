package org.strait.kernels.simd;

import static jdk.incubator.vector.FloatVector.fromMemorySegment;
import static org.strait.kernels.simd.Lanes.COUNT;
import static org.strait.kernels.simd.Lanes.FLOATS;
import static org.strait.kernels.simd.Lanes.FLOATS_SWAP_2;
import static org.strait.kernels.simd.Lanes.FLOATS_SWAP_4;
import static org.strait.kernels.simd.Lanes.FLOATS_SWAP_8;
import static org.strait.kernels.simd.Lanes.ORDER;

import java.lang.foreign.MemorySegment;
import jdk.incubator.vector.FloatVector;
import org.strait.kernels.DenseOps;
import org.strait.kernels.Lengths;
import org.strait.memory.Floats;

/// Dense vectors and matrices. Offsets are in bytes; one loop over whole vectors, one over the
/// rest. The bits of a result do not depend on where its row lies in the matrix.
final class SimdDenseOps implements DenseOps {
  private final DenseOps plain;
  private final SimdGemm gemm = new SimdGemm();

  SimdDenseOps(DenseOps plain) {
    this.plain = plain;
  }

  @Override
  public double dot(Floats x, Floats y) {
    Lengths.check("y", y.length(), x.length());
    return SimdDot.dot(x.segment(), y.segment(), x.length() * Floats.BYTES);
  }

  @Override
  public void axpy(float alpha, Floats x, Floats y) {
    Lengths.check("y", y.length(), x.length());
    MemorySegment xs = x.segment();
    MemorySegment ys = y.segment();
    long bytes = x.length() * Floats.BYTES;
    long whole = Lanes.whole(bytes, Lanes.BYTES);
    long i = 0;
    for (; i < whole; i += Lanes.BYTES) {
      fromMemorySegment(FLOATS, ys, i, ORDER)
          .add(fromMemorySegment(FLOATS, xs, i, ORDER).mul(alpha))
          .intoMemorySegment(ys, i, ORDER);
    }
    for (; i < bytes; i += Floats.BYTES) {
      Lanes.set(ys, i, Lanes.get(ys, i) + alpha * Lanes.get(xs, i));
    }
  }

  @Override
  public void scale(float alpha, Floats x) {
    MemorySegment xs = x.segment();
    long bytes = x.length() * Floats.BYTES;
    long whole = Lanes.whole(bytes, Lanes.BYTES);
    long i = 0;
    for (; i < whole; i += Lanes.BYTES) {
      fromMemorySegment(FLOATS, xs, i, ORDER).mul(alpha).intoMemorySegment(xs, i, ORDER);
    }
    for (; i < bytes; i += Floats.BYTES) {
      Lanes.set(xs, i, alpha * Lanes.get(xs, i));
    }
  }

  @Override
  public void gemv(int rows, int cols, float alpha, Floats a, Floats x, float beta, Floats y) {
    Lengths.checkGemv(rows, cols, a.length(), x.length(), cols, y.length(), rows);
    MemorySegment as = a.segment();
    MemorySegment xs = x.segment();
    MemorySegment ys = y.segment();
    int r = 0;
    for (; r + 4 <= rows; r += 4) {
      fourRows(as, r, cols, xs, alpha, beta, ys);
    }
    for (; r < rows; r++) {
      oneRow(as, r, cols, xs, alpha, beta, ys);
    }
  }

  /// Four rows share each load of x and give four independent sums.
  private static void fourRows(
      MemorySegment a, int r, int cols, MemorySegment x, float alpha, float beta, MemorySegment y) {
    long bytes = cols * Floats.BYTES;
    long a0 = r * bytes;
    long a1 = a0 + bytes;
    long a2 = a1 + bytes;
    long a3 = a2 + bytes;
    FloatVector s0 = FloatVector.zero(FLOATS);
    FloatVector s1 = s0;
    FloatVector s2 = s0;
    FloatVector s3 = s0;
    long whole = Lanes.whole(bytes, Lanes.BYTES);
    long i = 0;
    for (; i < whole; i += Lanes.BYTES) {
      FloatVector xi = fromMemorySegment(FLOATS, x, i, ORDER);
      s0 = fromMemorySegment(FLOATS, a, a0 + i, ORDER).fma(xi, s0);
      s1 = fromMemorySegment(FLOATS, a, a1 + i, ORDER).fma(xi, s1);
      s2 = fromMemorySegment(FLOATS, a, a2 + i, ORDER).fma(xi, s2);
      s3 = fromMemorySegment(FLOATS, a, a3 + i, ORDER).fma(xi, s3);
    }
    s0 = COUNT > 8 ? s0.add(s0.rearrange(FLOATS_SWAP_8)) : s0;
    s0 = COUNT > 4 ? s0.add(s0.rearrange(FLOATS_SWAP_4)) : s0;
    s0 = s0.add(s0.rearrange(FLOATS_SWAP_2));
    float t0 = s0.lane(0) + s0.lane(1);
    s1 = COUNT > 8 ? s1.add(s1.rearrange(FLOATS_SWAP_8)) : s1;
    s1 = COUNT > 4 ? s1.add(s1.rearrange(FLOATS_SWAP_4)) : s1;
    s1 = s1.add(s1.rearrange(FLOATS_SWAP_2));
    float t1 = s1.lane(0) + s1.lane(1);
    s2 = COUNT > 8 ? s2.add(s2.rearrange(FLOATS_SWAP_8)) : s2;
    s2 = COUNT > 4 ? s2.add(s2.rearrange(FLOATS_SWAP_4)) : s2;
    s2 = s2.add(s2.rearrange(FLOATS_SWAP_2));
    float t2 = s2.lane(0) + s2.lane(1);
    s3 = COUNT > 8 ? s3.add(s3.rearrange(FLOATS_SWAP_8)) : s3;
    s3 = COUNT > 4 ? s3.add(s3.rearrange(FLOATS_SWAP_4)) : s3;
    s3 = s3.add(s3.rearrange(FLOATS_SWAP_2));
    float t3 = s3.lane(0) + s3.lane(1);
    for (; i < bytes; i += Floats.BYTES) {
      float xi = Lanes.get(x, i);
      t0 += Lanes.get(a, a0 + i) * xi;
      t1 += Lanes.get(a, a1 + i) * xi;
      t2 += Lanes.get(a, a2 + i) * xi;
      t3 += Lanes.get(a, a3 + i) * xi;
    }
    long at = r * Floats.BYTES;
    blend(y, at, alpha * t0, beta);
    blend(y, at + Floats.BYTES, alpha * t1, beta);
    blend(y, at + 2 * Floats.BYTES, alpha * t2, beta);
    blend(y, at + 3 * Floats.BYTES, alpha * t3, beta);
  }

  private static void oneRow(
      MemorySegment a, int r, int cols, MemorySegment x, float alpha, float beta, MemorySegment y) {
    long bytes = cols * Floats.BYTES;
    long row = r * bytes;
    FloatVector s = FloatVector.zero(FLOATS);
    long whole = Lanes.whole(bytes, Lanes.BYTES);
    long i = 0;
    for (; i < whole; i += Lanes.BYTES) {
      s =
          fromMemorySegment(FLOATS, a, row + i, ORDER)
              .fma(fromMemorySegment(FLOATS, x, i, ORDER), s);
    }
    s = COUNT > 8 ? s.add(s.rearrange(FLOATS_SWAP_8)) : s;
    s = COUNT > 4 ? s.add(s.rearrange(FLOATS_SWAP_4)) : s;
    s = s.add(s.rearrange(FLOATS_SWAP_2));
    float t = s.lane(0) + s.lane(1);
    for (; i < bytes; i += Floats.BYTES) {
      t += Lanes.get(a, row + i) * Lanes.get(x, i);
    }
    blend(y, r * Floats.BYTES, alpha * t, beta);
  }

  /// y ← value + beta·y, where beta = 0 means that y is not looked at.
  private static void blend(MemorySegment y, long at, float value, float beta) {
    Lanes.set(y, at, beta == 0 ? value : value + beta * Lanes.get(y, at));
  }

  /// Adds four scaled rows to y at a time, so that y travels once for four rows.
  @Override
  public void gemvTransposed(
      int rows, int cols, float alpha, Floats a, Floats x, float beta, Floats y) {
    Lengths.checkGemv(rows, cols, a.length(), x.length(), rows, y.length(), cols);
    if (beta == 0) {
      y.segment().fill((byte) 0);
    } else if (beta != 1) {
      scale(beta, y);
    }
    MemorySegment as = a.segment();
    MemorySegment ys = y.segment();
    int r = 0;
    for (; r + 4 <= rows; r += 4) {
      addFourRows(
          as,
          r,
          cols,
          alpha * x.get(r),
          alpha * x.get(r + 1L),
          alpha * x.get(r + 2L),
          alpha * x.get(r + 3L),
          ys);
    }
    for (; r < rows; r++) {
      addRow(as, r, cols, alpha * x.get(r), ys);
    }
  }

  private static void addFourRows(
      MemorySegment a, int r, int cols, float c0, float c1, float c2, float c3, MemorySegment y) {
    long bytes = cols * Floats.BYTES;
    long a0 = r * bytes;
    long a1 = a0 + bytes;
    long a2 = a1 + bytes;
    long a3 = a2 + bytes;
    FloatVector v0 = FloatVector.broadcast(FLOATS, c0);
    FloatVector v1 = FloatVector.broadcast(FLOATS, c1);
    FloatVector v2 = FloatVector.broadcast(FLOATS, c2);
    FloatVector v3 = FloatVector.broadcast(FLOATS, c3);
    long whole = Lanes.whole(bytes, Lanes.BYTES);
    long i = 0;
    for (; i < whole; i += Lanes.BYTES) {
      FloatVector low =
          fromMemorySegment(FLOATS, a, a0 + i, ORDER)
              .fma(v0, fromMemorySegment(FLOATS, y, i, ORDER));
      FloatVector high = fromMemorySegment(FLOATS, a, a1 + i, ORDER).mul(v1);
      low = fromMemorySegment(FLOATS, a, a2 + i, ORDER).fma(v2, low);
      high = fromMemorySegment(FLOATS, a, a3 + i, ORDER).fma(v3, high);
      low.add(high).intoMemorySegment(y, i, ORDER);
    }
    for (; i < bytes; i += Floats.BYTES) {
      float low = Lanes.get(y, i) + c0 * Lanes.get(a, a0 + i) + c2 * Lanes.get(a, a2 + i);
      Lanes.set(y, i, low + (c1 * Lanes.get(a, a1 + i) + c3 * Lanes.get(a, a3 + i)));
    }
  }

  private static void addRow(MemorySegment a, int r, int cols, float c, MemorySegment y) {
    long bytes = cols * Floats.BYTES;
    long row = r * bytes;
    long whole = Lanes.whole(bytes, Lanes.BYTES);
    FloatVector v = FloatVector.broadcast(FLOATS, c);
    long i = 0;
    for (; i < whole; i += Lanes.BYTES) {
      fromMemorySegment(FLOATS, a, row + i, ORDER)
          .fma(v, fromMemorySegment(FLOATS, y, i, ORDER))
          .intoMemorySegment(y, i, ORDER);
    }
    for (; i < bytes; i += Floats.BYTES) {
      Lanes.set(y, i, Lanes.get(y, i) + c * Lanes.get(a, row + i));
    }
  }

  @Override
  public void gemm(
      boolean transposeA,
      boolean transposeB,
      int m,
      int n,
      int k,
      float alpha,
      Floats a,
      Floats b,
      float beta,
      Floats c) {
    Lengths.checkGemm(m, n, k, a.length(), b.length(), c.length());
    if (transposeA && transposeB) {
      // Nobody's training step multiplies two transposed matrices; the plain loop will do.
      plain.gemm(true, true, m, n, k, alpha, a, b, beta, c);
      return;
    }
    if (beta == 0) {
      c.segment().fill((byte) 0);
    } else if (beta != 1) {
      scale(beta, c);
    }
    if (transposeB) {
      gemm.addTimesTransposed(m, n, k, alpha, a.segment(), b.segment(), c.segment());
    } else {
      gemm.addTimes(transposeA, m, n, k, alpha, a.segment(), b.segment(), c.segment());
    }
  }
}
