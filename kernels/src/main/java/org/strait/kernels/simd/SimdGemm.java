package org.strait.kernels.simd;

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
  private static final int TILE_COLS = 2 * Lanes.COUNT;

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
      for (; j + Lanes.COUNT <= n; j += Lanes.COUNT) {
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
      vector(n, depth, alpha, a, aBlock + i * aRow, aCol, b, bBlock, i, j + Lanes.COUNT, c);
    }
  }

  /// Four rows by two vectors of C.
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
    FloatVector s00 = FloatVector.zero(Lanes.FLOATS);
    FloatVector s01 = s00;
    FloatVector s10 = s00;
    FloatVector s11 = s00;
    FloatVector s20 = s00;
    FloatVector s21 = s00;
    FloatVector s30 = s00;
    FloatVector s31 = s00;
    for (int p = 0; p < depth; p++) {
      long bAt = bBlock + p * row + j * Floats.BYTES;
      FloatVector b0 = Lanes.load(b, bAt);
      FloatVector b1 = Lanes.load(b, bAt + Lanes.BYTES);
      long at = aAt + p * aCol;
      FloatVector a0 = FloatVector.broadcast(Lanes.FLOATS, Lanes.get(a, at));
      s00 = a0.fma(b0, s00);
      s01 = a0.fma(b1, s01);
      FloatVector a1 = FloatVector.broadcast(Lanes.FLOATS, Lanes.get(a, at + aRow));
      s10 = a1.fma(b0, s10);
      s11 = a1.fma(b1, s11);
      FloatVector a2 = FloatVector.broadcast(Lanes.FLOATS, Lanes.get(a, at + 2 * aRow));
      s20 = a2.fma(b0, s20);
      s21 = a2.fma(b1, s21);
      FloatVector a3 = FloatVector.broadcast(Lanes.FLOATS, Lanes.get(a, at + 3 * aRow));
      s30 = a3.fma(b0, s30);
      s31 = a3.fma(b1, s31);
    }
    long cAt = i * row + j * Floats.BYTES;
    add(alpha, s00, s01, c, cAt);
    add(alpha, s10, s11, c, cAt + row);
    add(alpha, s20, s21, c, cAt + 2 * row);
    add(alpha, s30, s31, c, cAt + 3 * row);
  }

  private static void add(float alpha, FloatVector s0, FloatVector s1, MemorySegment c, long at) {
    Lanes.store(Lanes.load(c, at).add(s0.mul(alpha)), c, at);
    Lanes.store(Lanes.load(c, at + Lanes.BYTES).add(s1.mul(alpha)), c, at + Lanes.BYTES);
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
    FloatVector s = FloatVector.zero(Lanes.FLOATS);
    for (int p = 0; p < depth; p++) {
      FloatVector ap = FloatVector.broadcast(Lanes.FLOATS, Lanes.get(a, aAt + p * aCol));
      s = ap.fma(Lanes.load(b, bBlock + p * row + j * Floats.BYTES), s);
    }
    long at = i * row + j * Floats.BYTES;
    Lanes.store(Lanes.load(c, at).add(s.mul(alpha)), c, at);
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
      int i = 0;
      for (; i + 2 <= m; i += 2) {
        dots(n, k, alpha, a, i, b, j, c);
      }
      for (; i < m; i++) {
        for (int t = 0; t < 4; t++) {
          dot(n, k, alpha, a, i, b, j + t, c);
        }
      }
    }
    for (; j < n; j++) {
      for (int i = 0; i < m; i++) {
        dot(n, k, alpha, a, i, b, j, c);
      }
    }
  }

  /// Two rows of A against four rows of B.
  private static void dots(
      int n, int k, float alpha, MemorySegment a, int i, MemorySegment b, int j, MemorySegment c) {
    long bytes = k * Floats.BYTES;
    long a0 = i * bytes;
    long a1 = a0 + bytes;
    long b0 = j * bytes;
    long b1 = b0 + bytes;
    long b2 = b1 + bytes;
    long b3 = b2 + bytes;
    FloatVector s00 = FloatVector.zero(Lanes.FLOATS);
    FloatVector s01 = s00;
    FloatVector s02 = s00;
    FloatVector s03 = s00;
    FloatVector s10 = s00;
    FloatVector s11 = s00;
    FloatVector s12 = s00;
    FloatVector s13 = s00;
    long whole = Lanes.whole(bytes, Lanes.BYTES);
    for (long p = 0; p < whole; p += Lanes.BYTES) {
      FloatVector x0 = Lanes.load(a, a0 + p);
      FloatVector x1 = Lanes.load(a, a1 + p);
      FloatVector y0 = Lanes.load(b, b0 + p);
      s00 = x0.fma(y0, s00);
      s10 = x1.fma(y0, s10);
      FloatVector y1 = Lanes.load(b, b1 + p);
      s01 = x0.fma(y1, s01);
      s11 = x1.fma(y1, s11);
      FloatVector y2 = Lanes.load(b, b2 + p);
      s02 = x0.fma(y2, s02);
      s12 = x1.fma(y2, s12);
      FloatVector y3 = Lanes.load(b, b3 + p);
      s03 = x0.fma(y3, s03);
      s13 = x1.fma(y3, s13);
    }
    long at = (i * (long) n + j) * Floats.BYTES;
    long below = at + n * Floats.BYTES;
    finish(alpha, Lanes.sum(s00), a, a0, b, b0, whole, bytes, c, at);
    finish(alpha, Lanes.sum(s01), a, a0, b, b1, whole, bytes, c, at + 4);
    finish(alpha, Lanes.sum(s02), a, a0, b, b2, whole, bytes, c, at + 8);
    finish(alpha, Lanes.sum(s03), a, a0, b, b3, whole, bytes, c, at + 12);
    finish(alpha, Lanes.sum(s10), a, a1, b, b0, whole, bytes, c, below);
    finish(alpha, Lanes.sum(s11), a, a1, b, b1, whole, bytes, c, below + 4);
    finish(alpha, Lanes.sum(s12), a, a1, b, b2, whole, bytes, c, below + 8);
    finish(alpha, Lanes.sum(s13), a, a1, b, b3, whole, bytes, c, below + 12);
  }

  private static void dot(
      int n, int k, float alpha, MemorySegment a, int i, MemorySegment b, int j, MemorySegment c) {
    long bytes = k * Floats.BYTES;
    long aAt = i * bytes;
    long bAt = j * bytes;
    long whole = Lanes.whole(bytes, Lanes.BYTES);
    FloatVector s = FloatVector.zero(Lanes.FLOATS);
    for (long p = 0; p < whole; p += Lanes.BYTES) {
      s = Lanes.load(a, aAt + p).fma(Lanes.load(b, bAt + p), s);
    }
    finish(alpha, Lanes.sum(s), a, aAt, b, bAt, whole, bytes, c, (i * (long) n + j) * Floats.BYTES);
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
