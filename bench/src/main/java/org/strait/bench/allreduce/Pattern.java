package org.strait.bench.allreduce;

import static java.lang.foreign.ValueLayout.JAVA_FLOAT;

import java.lang.foreign.MemorySegment;

/// What ranks add: whole numbers that differ by place, rank and call and whose sums are exact in
/// every order, so that a stale, missing or misplaced piece shows. Place i of rank r in call c has
/// ((i ^ i/1024) mod 1024) + 8·r + (c mod 8). The peers' programs have the same.
final class Pattern {
  /// More ranks, and sums would no longer be exact.
  static final int MOST_RANKS = 1024;

  private Pattern() {}

  /// What a rank adds to every place in a call.
  static int addend(int rank, int call) {
    return 8 * rank + (call & 7);
  }

  /// The sum of all ranks' addends.
  static int addends(int ranks, int call) {
    return 8 * (ranks * (ranks - 1) / 2) + ranks * (call & 7);
  }

  private static int place(int i) {
    return (i ^ (i >>> 10)) & 1023;
  }

  /// Modified: data, its first n floats.
  static void fill(MemorySegment data, int n, int addend) {
    for (int i = 0; i < n; i++) {
      data.setAtIndex(JAVA_FLOAT, i, (float) (place(i) + addend));
    }
  }

  /// The value that place i should have where ranks have been added.
  static float expected(int i, int factor, int addend) {
    return (float) (factor * place(i) + addend);
  }

  /// The first place that does not have factor times the pattern plus the addend; -1 if all have.
  static int firstWrong(MemorySegment data, int n, int factor, int addend) {
    for (int i = 0; i < n; i++) {
      if (data.getAtIndex(JAVA_FLOAT, i) != expected(i, factor, addend)) {
        return i;
      }
    }
    return -1;
  }
}
