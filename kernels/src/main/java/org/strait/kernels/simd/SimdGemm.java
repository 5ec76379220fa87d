package org.strait.kernels.simd;

import static java.lang.foreign.ValueLayout.JAVA_FLOAT_UNALIGNED;
import static jdk.incubator.vector.FloatVector.fromMemorySegment;
import static org.strait.kernels.simd.AddressSpace.ALL;
import static org.strait.kernels.simd.AddressSpace.BASE;
import static org.strait.kernels.simd.AddressSpace.REACH;
import static org.strait.kernels.simd.Lanes.COUNT;
import static org.strait.kernels.simd.Lanes.FLOATS;
import static org.strait.kernels.simd.Lanes.FLOATS_SWAP_2;
import static org.strait.kernels.simd.Lanes.FLOATS_SWAP_4;
import static org.strait.kernels.simd.Lanes.FLOATS_SWAP_8;
import static org.strait.kernels.simd.Lanes.ORDER;

import jdk.incubator.vector.FloatVector;
import org.strait.memory.Floats;

/// Matrix products by register tiles, sums in float32. A tile is the part of C that stays in
/// registers while k runs: four rows by two vectors, so eight independent sums, which is what two
/// multiply-add units of latency four need. k runs in blocks, so that the strip of B below a tile
/// is still in the first-level cache for the next four rows. Nothing is packed: that needs memory,
/// and for large products OpenBLAS is the answer.
///
/// Matrices are given by the address of the part's first element and the bytes from row to row (A
/// also from column to column). An element has the same bits in every tile, and outside of them.
final class SimdGemm {
  /// Rows of B per block: 128 rows of two vectors are 16 KiB at 512 bits.
  private static final int BLOCK = 128;

  private static final int TILE_ROWS = 4;
  private static final int TILE_COLS = 2 * COUNT;

  private SimdGemm() {}

  /// C ← C + alpha·op(A)·B for an m × n part of C.
  static void addTimes(
      int m,
      int n,
      int k,
      float alpha,
      long a,
      long aRow,
      long aCol,
      long b,
      long bRow,
      long c,
      long cRow) {
    for (int from = 0; from < k; from += BLOCK) {
      int depth = Math.min(BLOCK, k - from);
      long aBlock = a + from * aCol;
      long bBlock = b + from * bRow;
      int j = 0;
      for (; j + TILE_COLS <= n; j += TILE_COLS) {
        long right = j * Floats.BYTES;
        strip(m, depth, alpha, aBlock, aRow, aCol, bBlock + right, bRow, c + right, cRow);
      }
      for (; j + COUNT <= n; j += COUNT) {
        long right = j * Floats.BYTES;
        for (int i = 0; i < m; i++) {
          vector(depth, alpha, aBlock + i * aRow, aCol, bBlock + right, bRow, c + i * cRow + right);
        }
      }
      for (; j < n; j++) {
        long right = j * Floats.BYTES;
        for (int i = 0; i < m; i++) {
          element(
              depth, alpha, aBlock + i * aRow, aCol, bBlock + right, bRow, c + i * cRow + right);
        }
      }
    }
  }

  /// All rows of C for TILE_COLS columns.
  private static void strip(
      int m,
      int depth,
      float alpha,
      long a,
      long aRow,
      long aCol,
      long b,
      long bRow,
      long c,
      long cRow) {
    int i = 0;
    for (; i + TILE_ROWS <= m; i += TILE_ROWS) {
      tile(depth, alpha, a + i * aRow, aRow, aCol, b, bRow, c + i * cRow, cRow);
    }
    for (; i < m; i++) {
      vector(depth, alpha, a + i * aRow, aCol, b, bRow, c + i * cRow);
      vector(depth, alpha, a + i * aRow, aCol, b + Lanes.BYTES, bRow, c + i * cRow + Lanes.BYTES);
    }
  }

  /// Four rows by two vectors of C. Calls the Vector API only: the compiler stops inlining our own
  /// methods when a body has grown large, and a vector that crosses a real call becomes an object.
  private static void tile(
      int depth, float alpha, long a, long aRow, long aCol, long b, long bRow, long c, long cRow) {
    FloatVector s00 = FloatVector.zero(FLOATS);
    FloatVector s01 = s00;
    FloatVector s10 = s00;
    FloatVector s11 = s00;
    FloatVector s20 = s00;
    FloatVector s21 = s00;
    FloatVector s30 = s00;
    FloatVector s31 = s00;
    long bAt = b;
    long aAt = a;
    for (int p = 0; p < depth; p++) {
      FloatVector b0 = fromMemorySegment(FLOATS, ALL, bAt & REACH, ORDER);
      FloatVector b1 = fromMemorySegment(FLOATS, ALL, (bAt + Lanes.BYTES) & REACH, ORDER);
      FloatVector a0 = FloatVector.broadcast(FLOATS, ALL.get(JAVA_FLOAT_UNALIGNED, aAt & REACH));
      s00 = a0.fma(b0, s00);
      s01 = a0.fma(b1, s01);
      FloatVector a1 =
          FloatVector.broadcast(FLOATS, ALL.get(JAVA_FLOAT_UNALIGNED, (aAt + aRow) & REACH));
      s10 = a1.fma(b0, s10);
      s11 = a1.fma(b1, s11);
      FloatVector a2 =
          FloatVector.broadcast(FLOATS, ALL.get(JAVA_FLOAT_UNALIGNED, (aAt + 2 * aRow) & REACH));
      s20 = a2.fma(b0, s20);
      s21 = a2.fma(b1, s21);
      FloatVector a3 =
          FloatVector.broadcast(FLOATS, ALL.get(JAVA_FLOAT_UNALIGNED, (aAt + 3 * aRow) & REACH));
      s30 = a3.fma(b0, s30);
      s31 = a3.fma(b1, s31);
      bAt += bRow;
      aAt += aCol;
    }
    long c0 = c & BASE;
    long c1 = (c0 + cRow) & BASE;
    long c2 = (c1 + cRow) & BASE;
    long c3 = (c2 + cRow) & BASE;
    long right = Lanes.BYTES;
    fromMemorySegment(FLOATS, ALL, c0, ORDER).add(s00.mul(alpha)).intoMemorySegment(ALL, c0, ORDER);
    fromMemorySegment(FLOATS, ALL, c0 + right, ORDER)
        .add(s01.mul(alpha))
        .intoMemorySegment(ALL, c0 + right, ORDER);
    fromMemorySegment(FLOATS, ALL, c1, ORDER).add(s10.mul(alpha)).intoMemorySegment(ALL, c1, ORDER);
    fromMemorySegment(FLOATS, ALL, c1 + right, ORDER)
        .add(s11.mul(alpha))
        .intoMemorySegment(ALL, c1 + right, ORDER);
    fromMemorySegment(FLOATS, ALL, c2, ORDER).add(s20.mul(alpha)).intoMemorySegment(ALL, c2, ORDER);
    fromMemorySegment(FLOATS, ALL, c2 + right, ORDER)
        .add(s21.mul(alpha))
        .intoMemorySegment(ALL, c2 + right, ORDER);
    fromMemorySegment(FLOATS, ALL, c3, ORDER).add(s30.mul(alpha)).intoMemorySegment(ALL, c3, ORDER);
    fromMemorySegment(FLOATS, ALL, c3 + right, ORDER)
        .add(s31.mul(alpha))
        .intoMemorySegment(ALL, c3 + right, ORDER);
  }

  /// One row by one vector of C.
  private static void vector(int depth, float alpha, long a, long aCol, long b, long bRow, long c) {
    FloatVector s = FloatVector.zero(FLOATS);
    for (int p = 0; p < depth; p++) {
      FloatVector ap = FloatVector.broadcast(FLOATS, AddressSpace.get(a + p * aCol));
      s = ap.fma(fromMemorySegment(FLOATS, ALL, (b + p * bRow) & REACH, ORDER), s);
    }
    long at = c & BASE;
    fromMemorySegment(FLOATS, ALL, at, ORDER).add(s.mul(alpha)).intoMemorySegment(ALL, at, ORDER);
  }

  /// One element of C.
  private static void element(
      int depth, float alpha, long a, long aCol, long b, long bRow, long c) {
    float sum = 0;
    for (int p = 0; p < depth; p++) {
      sum = Math.fma(AddressSpace.get(a + p * aCol), AddressSpace.get(b + p * bRow), sum);
    }
    AddressSpace.set(c, AddressSpace.get(c) + alpha * sum);
  }

  /// C ← C + alpha·A·Bᵀ for an m × n part of C: rows of A against rows of B, lanes along k.
  static void addTimesTransposed(
      int m, int n, int k, float alpha, long a, long aRow, long b, long bRow, long c, long cRow) {
    int bytes = (int) (k * Floats.BYTES);
    int j = 0;
    for (; j + 4 <= n; j += 4) {
      long row = b + j * bRow;
      for (int i = 0; i < m; i++) {
        fourDots(bytes, alpha, a + i * aRow, row, bRow, c + i * cRow + j * Floats.BYTES);
      }
    }
    for (; j < n; j++) {
      long row = b + j * bRow;
      for (int i = 0; i < m; i++) {
        dot(bytes, alpha, a + i * aRow, row, c + i * cRow + j * Floats.BYTES);
      }
    }
  }

  /// A row of A against four rows of B.
  private static void fourDots(int bytes, float alpha, long a, long b, long bRow, long c) {
    long aAt = a & BASE;
    long b0 = b & BASE;
    long b1 = (b0 + bRow) & BASE;
    long b2 = (b1 + bRow) & BASE;
    long b3 = (b2 + bRow) & BASE;
    FloatVector s0 = FloatVector.zero(FLOATS);
    FloatVector s1 = s0;
    FloatVector s2 = s0;
    FloatVector s3 = s0;
    int whole = bytes & -Lanes.BYTES;
    for (int p = 0; p < whole; p += Lanes.BYTES) {
      FloatVector x = fromMemorySegment(FLOATS, ALL, (aAt + p) & REACH, ORDER);
      s0 = fromMemorySegment(FLOATS, ALL, (b0 + p) & REACH, ORDER).fma(x, s0);
      s1 = fromMemorySegment(FLOATS, ALL, (b1 + p) & REACH, ORDER).fma(x, s1);
      s2 = fromMemorySegment(FLOATS, ALL, (b2 + p) & REACH, ORDER).fma(x, s2);
      s3 = fromMemorySegment(FLOATS, ALL, (b3 + p) & REACH, ORDER).fma(x, s3);
    }
    s0 = COUNT > 8 ? s0.add(s0.rearrange(FLOATS_SWAP_8)) : s0;
    s0 = COUNT > 4 ? s0.add(s0.rearrange(FLOATS_SWAP_4)) : s0;
    s0 = s0.add(s0.rearrange(FLOATS_SWAP_2));
    finish(alpha, s0.lane(0) + s0.lane(1), aAt, b0, whole, bytes, c);
    s1 = COUNT > 8 ? s1.add(s1.rearrange(FLOATS_SWAP_8)) : s1;
    s1 = COUNT > 4 ? s1.add(s1.rearrange(FLOATS_SWAP_4)) : s1;
    s1 = s1.add(s1.rearrange(FLOATS_SWAP_2));
    finish(alpha, s1.lane(0) + s1.lane(1), aAt, b1, whole, bytes, c + Floats.BYTES);
    s2 = COUNT > 8 ? s2.add(s2.rearrange(FLOATS_SWAP_8)) : s2;
    s2 = COUNT > 4 ? s2.add(s2.rearrange(FLOATS_SWAP_4)) : s2;
    s2 = s2.add(s2.rearrange(FLOATS_SWAP_2));
    finish(alpha, s2.lane(0) + s2.lane(1), aAt, b2, whole, bytes, c + 2 * Floats.BYTES);
    s3 = COUNT > 8 ? s3.add(s3.rearrange(FLOATS_SWAP_8)) : s3;
    s3 = COUNT > 4 ? s3.add(s3.rearrange(FLOATS_SWAP_4)) : s3;
    s3 = s3.add(s3.rearrange(FLOATS_SWAP_2));
    finish(alpha, s3.lane(0) + s3.lane(1), aAt, b3, whole, bytes, c + 3 * Floats.BYTES);
  }

  private static void dot(int bytes, float alpha, long a, long b, long c) {
    long aAt = a & BASE;
    long bAt = b & BASE;
    int whole = bytes & -Lanes.BYTES;
    FloatVector s = FloatVector.zero(FLOATS);
    for (int p = 0; p < whole; p += Lanes.BYTES) {
      s =
          fromMemorySegment(FLOATS, ALL, (bAt + p) & REACH, ORDER)
              .fma(fromMemorySegment(FLOATS, ALL, (aAt + p) & REACH, ORDER), s);
    }
    s = COUNT > 8 ? s.add(s.rearrange(FLOATS_SWAP_8)) : s;
    s = COUNT > 4 ? s.add(s.rearrange(FLOATS_SWAP_4)) : s;
    s = s.add(s.rearrange(FLOATS_SWAP_2));
    finish(alpha, s.lane(0) + s.lane(1), aAt, bAt, whole, bytes, c);
  }

  /// Adds to a sum what is left of the two rows from whole on, and the sum to C.
  private static void finish(
      float alpha, float sumOfLanes, long a, long b, int whole, int bytes, long c) {
    float sum = sumOfLanes;
    for (int p = whole; p < bytes; p += (int) Floats.BYTES) {
      sum = Math.fma(AddressSpace.get(a + p), AddressSpace.get(b + p), sum);
    }
    AddressSpace.set(c, AddressSpace.get(c) + alpha * sum);
  }
}
