package org.strait.kernels.simd;

import static java.lang.foreign.ValueLayout.JAVA_FLOAT;
import static jdk.incubator.vector.FloatVector.fromMemorySegment;
import static org.strait.kernels.simd.Lanes.COUNT;
import static org.strait.kernels.simd.Lanes.FLOATS;
import static org.strait.kernels.simd.Lanes.FLOATS_SWAP_2;
import static org.strait.kernels.simd.Lanes.FLOATS_SWAP_4;
import static org.strait.kernels.simd.Lanes.FLOATS_SWAP_8;
import static org.strait.kernels.simd.Lanes.ORDER;

import java.lang.foreign.MemorySegment;
import jdk.incubator.vector.FloatVector;
import org.strait.memory.Floats;

/// Matrix products by register tiles, sums in float32. A tile is the part of C that stays in
/// registers while k runs: four rows by two vectors, so eight independent sums, which is what two
/// multiply-add units of latency four need. k runs in blocks, so that the strip of B below a tile
/// is still in the first-level cache for the next four rows. Nothing is packed: that needs memory,
/// and for large products OpenBLAS is the answer.
final class SimdGemm {
  /// Rows of B per block: 128 rows of two vectors are 16 KiB at 512 bits.
  private static final int BLOCK = 128;

  private static final int TILE_ROWS = 4;
  private static final int TILE_COLS = 2 * COUNT;

  /// C ← C + alpha·op(A)·B.
  void addTimes(
      boolean transposeA,
      int m,
      int n,
      int k,
      float alpha,
      MemorySegment a,
      MemorySegment b,
      MemorySegment c) {
    long aRow = Floats.BYTES * (transposeA ? 1 : k);
    long aCol = Floats.BYTES * (transposeA ? m : 1);
    for (int from = 0; from < k; from += BLOCK) {
      int depth = Math.min(BLOCK, k - from);
      long aBlock = from * aCol;
      long bBlock = from * (n * Floats.BYTES);
      int j = 0;
      for (; j + TILE_COLS <= n; j += TILE_COLS) {
        strip(m, n, depth, alpha, a, aBlock, aRow, aCol, b, bBlock, j, c);
      }
      for (; j + COUNT <= n; j += COUNT) {
        for (int i = 0; i < m; i++) {
          vector(n, depth, alpha, a, aBlock + i * aRow, aCol, b, bBlock, i, j, c);
        }
      }
      for (; j < n; j++) {
        for (int i = 0; i < m; i++) {
          element(n, depth, alpha, a, aBlock + i * aRow, aCol, b, bBlock, i, j, c);
        }
      }
    }
  }

  /// All rows of C for the columns [j, j + TILE_COLS).
  private static void strip(
      int m,
      int n,
      int depth,
      float alpha,
      MemorySegment a,
      long aBlock,
      long aRow,
      long aCol,
      MemorySegment b,
      long bBlock,
      int j,
      MemorySegment c) {
    int i = 0;
    for (; i + TILE_ROWS <= m; i += TILE_ROWS) {
      tile(n, depth, alpha, a, aBlock + i * aRow, aRow, aCol, b, bBlock, i, j, c);
    }
    for (; i < m; i++) {
      vector(n, depth, alpha, a, aBlock + i * aRow, aCol, b, bBlock, i, j, c);
      vector(n, depth, alpha, a, aBlock + i * aRow, aCol, b, bBlock, i, j + COUNT, c);
    }
  }

  /// Four rows by two vectors of C. Calls the Vector API only: the compiler stops inlining our own
  /// methods when a body has grown large, and a vector that crosses a real call becomes an object.
  private static void tile(
      int n,
      int depth,
      float alpha,
      MemorySegment a,
      long aAt,
      long aRow,
      long aCol,
      MemorySegment b,
      long bBlock,
      int i,
      int j,
      MemorySegment c) {
    long row = n * Floats.BYTES;
    FloatVector s00 = FloatVector.zero(FLOATS);
    FloatVector s01 = s00;
    FloatVector s10 = s00;
    FloatVector s11 = s00;
    FloatVector s20 = s00;
    FloatVector s21 = s00;
    FloatVector s30 = s00;
    FloatVector s31 = s00;
    for (int p = 0; p < depth; p++) {
      long bAt = bBlock + p * row + j * Floats.BYTES;
      FloatVector b0 = fromMemorySegment(FLOATS, b, bAt, ORDER);
      FloatVector b1 = fromMemorySegment(FLOATS, b, bAt + Lanes.BYTES, ORDER);
      long at = aAt + p * aCol;
      FloatVector a0 = FloatVector.broadcast(FLOATS, a.get(JAVA_FLOAT, at));
      s00 = a0.fma(b0, s00);
      s01 = a0.fma(b1, s01);
      FloatVector a1 = FloatVector.broadcast(FLOATS, a.get(JAVA_FLOAT, at + aRow));
      s10 = a1.fma(b0, s10);
      s11 = a1.fma(b1, s11);
      FloatVector a2 = FloatVector.broadcast(FLOATS, a.get(JAVA_FLOAT, at + 2 * aRow));
      s20 = a2.fma(b0, s20);
      s21 = a2.fma(b1, s21);
      FloatVector a3 = FloatVector.broadcast(FLOATS, a.get(JAVA_FLOAT, at + 3 * aRow));
      s30 = a3.fma(b0, s30);
      s31 = a3.fma(b1, s31);
    }
    long c0 = i * row + j * Floats.BYTES;
    long c1 = c0 + row;
    long c2 = c1 + row;
    long c3 = c2 + row;
    long right = Lanes.BYTES;
    fromMemorySegment(FLOATS, c, c0, ORDER).add(s00.mul(alpha)).intoMemorySegment(c, c0, ORDER);
    fromMemorySegment(FLOATS, c, c0 + right, ORDER)
        .add(s01.mul(alpha))
        .intoMemorySegment(c, c0 + right, ORDER);
    fromMemorySegment(FLOATS, c, c1, ORDER).add(s10.mul(alpha)).intoMemorySegment(c, c1, ORDER);
    fromMemorySegment(FLOATS, c, c1 + right, ORDER)
        .add(s11.mul(alpha))
        .intoMemorySegment(c, c1 + right, ORDER);
    fromMemorySegment(FLOATS, c, c2, ORDER).add(s20.mul(alpha)).intoMemorySegment(c, c2, ORDER);
    fromMemorySegment(FLOATS, c, c2 + right, ORDER)
        .add(s21.mul(alpha))
        .intoMemorySegment(c, c2 + right, ORDER);
    fromMemorySegment(FLOATS, c, c3, ORDER).add(s30.mul(alpha)).intoMemorySegment(c, c3, ORDER);
    fromMemorySegment(FLOATS, c, c3 + right, ORDER)
        .add(s31.mul(alpha))
        .intoMemorySegment(c, c3 + right, ORDER);
  }

  /// One row by one vector of C.
  private static void vector(
      int n,
      int depth,
      float alpha,
      MemorySegment a,
      long aAt,
      long aCol,
      MemorySegment b,
      long bBlock,
      int i,
      int j,
      MemorySegment c) {
    long row = n * Floats.BYTES;
    FloatVector s = FloatVector.zero(FLOATS);
    for (int p = 0; p < depth; p++) {
      FloatVector ap = FloatVector.broadcast(FLOATS, Lanes.get(a, aAt + p * aCol));
      s = ap.fma(fromMemorySegment(FLOATS, b, bBlock + p * row + j * Floats.BYTES, ORDER), s);
    }
    long at = i * row + j * Floats.BYTES;
    fromMemorySegment(FLOATS, c, at, ORDER).add(s.mul(alpha)).intoMemorySegment(c, at, ORDER);
  }

  /// One element of C.
  private static void element(
      int n,
      int depth,
      float alpha,
      MemorySegment a,
      long aAt,
      long aCol,
      MemorySegment b,
      long bBlock,
      int i,
      int j,
      MemorySegment c) {
    long row = n * Floats.BYTES;
    float sum = 0;
    for (int p = 0; p < depth; p++) {
      sum += Lanes.get(a, aAt + p * aCol) * Lanes.get(b, bBlock + p * row + j * Floats.BYTES);
    }
    long at = i * row + j * Floats.BYTES;
    Lanes.set(c, at, Lanes.get(c, at) + alpha * sum);
  }

  /// C ← C + alpha·A·Bᵀ: rows of A against rows of B, lanes along k.
  void addTimesTransposed(
      int m, int n, int k, float alpha, MemorySegment a, MemorySegment b, MemorySegment c) {
    int j = 0;
    for (; j + 4 <= n; j += 4) {
      for (int i = 0; i < m; i++) {
        fourDots(n, k, alpha, a, i, b, j, c);
      }
    }
    for (; j < n; j++) {
      for (int i = 0; i < m; i++) {
        dot(n, k, alpha, a, i, b, j, c);
      }
    }
  }

  /// A row of A against four rows of B.
  private static void fourDots(
      int n, int k, float alpha, MemorySegment a, int i, MemorySegment b, int j, MemorySegment c) {
    long bytes = k * Floats.BYTES;
    long aAt = i * bytes;
    long b0 = j * bytes;
    long b1 = b0 + bytes;
    long b2 = b1 + bytes;
    long b3 = b2 + bytes;
    FloatVector s0 = FloatVector.zero(FLOATS);
    FloatVector s1 = s0;
    FloatVector s2 = s0;
    FloatVector s3 = s0;
    long whole = Lanes.whole(bytes, Lanes.BYTES);
    for (long p = 0; p < whole; p += Lanes.BYTES) {
      FloatVector x = fromMemorySegment(FLOATS, a, aAt + p, ORDER);
      s0 = fromMemorySegment(FLOATS, b, b0 + p, ORDER).fma(x, s0);
      s1 = fromMemorySegment(FLOATS, b, b1 + p, ORDER).fma(x, s1);
      s2 = fromMemorySegment(FLOATS, b, b2 + p, ORDER).fma(x, s2);
      s3 = fromMemorySegment(FLOATS, b, b3 + p, ORDER).fma(x, s3);
    }
    long at = (i * (long) n + j) * Floats.BYTES;
    s0 = COUNT > 8 ? s0.add(s0.rearrange(FLOATS_SWAP_8)) : s0;
    s0 = COUNT > 4 ? s0.add(s0.rearrange(FLOATS_SWAP_4)) : s0;
    s0 = s0.add(s0.rearrange(FLOATS_SWAP_2));
    float t0 = s0.lane(0) + s0.lane(1);
    finish(alpha, t0, a, aAt, b, b0, whole, bytes, c, at);
    s1 = COUNT > 8 ? s1.add(s1.rearrange(FLOATS_SWAP_8)) : s1;
    s1 = COUNT > 4 ? s1.add(s1.rearrange(FLOATS_SWAP_4)) : s1;
    s1 = s1.add(s1.rearrange(FLOATS_SWAP_2));
    float t1 = s1.lane(0) + s1.lane(1);
    finish(alpha, t1, a, aAt, b, b1, whole, bytes, c, at + Floats.BYTES);
    s2 = COUNT > 8 ? s2.add(s2.rearrange(FLOATS_SWAP_8)) : s2;
    s2 = COUNT > 4 ? s2.add(s2.rearrange(FLOATS_SWAP_4)) : s2;
    s2 = s2.add(s2.rearrange(FLOATS_SWAP_2));
    float t2 = s2.lane(0) + s2.lane(1);
    finish(alpha, t2, a, aAt, b, b2, whole, bytes, c, at + 2 * Floats.BYTES);
    s3 = COUNT > 8 ? s3.add(s3.rearrange(FLOATS_SWAP_8)) : s3;
    s3 = COUNT > 4 ? s3.add(s3.rearrange(FLOATS_SWAP_4)) : s3;
    s3 = s3.add(s3.rearrange(FLOATS_SWAP_2));
    float t3 = s3.lane(0) + s3.lane(1);
    finish(alpha, t3, a, aAt, b, b3, whole, bytes, c, at + 3 * Floats.BYTES);
  }

  private static void dot(
      int n, int k, float alpha, MemorySegment a, int i, MemorySegment b, int j, MemorySegment c) {
    long bytes = k * Floats.BYTES;
    long aAt = i * bytes;
    long bAt = j * bytes;
    long whole = Lanes.whole(bytes, Lanes.BYTES);
    FloatVector s = FloatVector.zero(FLOATS);
    for (long p = 0; p < whole; p += Lanes.BYTES) {
      s =
          fromMemorySegment(FLOATS, a, aAt + p, ORDER)
              .fma(fromMemorySegment(FLOATS, b, bAt + p, ORDER), s);
    }
    s = COUNT > 8 ? s.add(s.rearrange(FLOATS_SWAP_8)) : s;
    s = COUNT > 4 ? s.add(s.rearrange(FLOATS_SWAP_4)) : s;
    s = s.add(s.rearrange(FLOATS_SWAP_2));
    float t = s.lane(0) + s.lane(1);
    finish(alpha, t, a, aAt, b, bAt, whole, bytes, c, (i * (long) n + j) * Floats.BYTES);
  }

  /// Adds to a sum what is left of the two rows from whole on, and the sum to C.
  private static void finish(
      float alpha,
      float sumOfLanes,
      MemorySegment a,
      long aAt,
      MemorySegment b,
      long bAt,
      long whole,
      long bytes,
      MemorySegment c,
      long at) {
    float sum = sumOfLanes;
    for (long p = whole; p < bytes; p += Floats.BYTES) {
      sum += Lanes.get(a, aAt + p) * Lanes.get(b, bAt + p);
    }
    Lanes.set(c, at, Lanes.get(c, at) + alpha * sum);
  }
}
