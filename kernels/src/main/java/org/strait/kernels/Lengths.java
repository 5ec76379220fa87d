package org.strait.kernels;

/// The check at the door that all families share: a run has the length it must have, or the call
/// fails with both numbers.
public final class Lengths {
  private Lengths() {}

  /// Checks an exact length.
  ///
  /// @throws IllegalArgumentException if a run has another length than it must have
  public static void check(String run, long actual, long expected) {
    if (actual != expected) {
      throw new IllegalArgumentException(
          run + " has " + actual + " elements, expected " + expected);
    }
  }

  /// Checks a least length.
  ///
  /// @throws IllegalArgumentException if a run is shorter than it must be
  public static void checkAtLeast(String run, long actual, long least) {
    if (actual < least) {
      throw new IllegalArgumentException(
          run + " has " + actual + " elements, expected at least " + least);
    }
  }

  /// Checks the operands of a matrix-vector product: a of rows × cols, in and out as given.
  public static void checkGemv(int rows, int cols, long a, long x, long in, long y, long out) {
    checkShape(rows, cols);
    check("a", a, (long) rows * cols);
    check("x", x, in);
    check("y", y, out);
  }

  /// Checks the operands of a matrix product: m × k by k × n into m × n.
  public static void checkGemm(int m, int n, int k, long a, long b, long c) {
    checkShape(m, n);
    checkShape(n, k);
    check("a", a, (long) m * k);
    check("b", b, (long) k * n);
    check("c", c, (long) m * n);
  }

  /// Checks the operands of a block code: one scale per block of the given length.
  public static void checkBlocks(long values, long count, int block, long codes, long scales) {
    if (block < 1) {
      throw new IllegalArgumentException("a block of " + block + " elements");
    }
    checkAtLeast("values", values, count);
    checkAtLeast("codes", codes, count);
    checkAtLeast("scales", scales, Math.ceilDiv(count, block));
  }

  /// Checks what selection needs: 1 ≤ k ≤ length, and a length that an index of 32 bits can reach.
  public static void checkSelection(long x, long k) {
    if (x > Integer.MAX_VALUE) {
      throw new IllegalArgumentException(
          "x has " + x + " elements, selection reaches " + Integer.MAX_VALUE);
    }
    if (k < 1 || k > x) {
      throw new IllegalArgumentException("k is " + k + ", expected 1 to " + x);
    }
  }

  private static void checkShape(int rows, int cols) {
    if (rows < 0 || cols < 0) {
      throw new IllegalArgumentException("a matrix of " + rows + " x " + cols);
    }
  }
}
