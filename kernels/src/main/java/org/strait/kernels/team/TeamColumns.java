package org.strait.kernels.team;

import java.util.Arrays;
import org.strait.kernels.Csr;

/// Shares out passes over sparse rows with several columns of weights: by ranges of rows where each
/// row has its own result, by ranges of features where results are features', each with about its
/// share of the entries. Every number is made by one thread, in the order of a single one, so bits
/// do not depend on their number.
final class TeamColumns {
  /// Entries that say where ranges of features end.
  private static final int SAMPLE = 1024;

  /// Entries below which a second thread is not worth waking.
  private static final long LEAST_ENTRIES = 1 << 13;

  private final Team team;
  private final int[] sample = new int[SAMPLE];

  /// A range of rows or of features.
  @FunctionalInterface
  interface Range {
    void run(int from, int to);
  }

  TeamColumns(Team team) {
    this.team = team;
  }

  void byRows(Csr rows, Range work) {
    int parts = parts(rows);
    team.run(
        parts,
        (part, worker) ->
            work.run(
                TeamSparseOps.border(rows, part, parts),
                TeamSparseOps.border(rows, part + 1, parts)));
  }

  void byFeatures(Csr rows, Range work) {
    int parts = parts(rows);
    if (parts == 1) {
      work.run(0, rows.cols());
      return;
    }
    long first = rows.rowStart().get(0);
    for (int i = 0; i < SAMPLE; i++) {
      sample[i] = rows.index().get(first + rows.entries() * i / SAMPLE);
    }
    Arrays.sort(sample);
    team.run(
        parts,
        (part, worker) ->
            work.run(
                part == 0 ? 0 : sample[SAMPLE * part / parts],
                part == parts - 1 ? rows.cols() : sample[SAMPLE * (part + 1) / parts]));
  }

  private int parts(Csr rows) {
    return rows.entries() < LEAST_ENTRIES ? 1 : team.threads();
  }
}
