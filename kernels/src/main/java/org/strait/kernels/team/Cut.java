package org.strait.kernels.team;

/// How an operation over many units (vectors of elements, blocks, rows) is cut into parts: by their
/// number alone, so that the parts, and sums in their order, are the same for every team.
final class Cut {
  /// Most parts: enough to share out evenly among the threads of a rank.
  static final int MOST = 16;

  private Cut() {}

  /// Number of parts, each of at least so many units; 1 for work too small to hand out.
  static int parts(long units, long least) {
    return Math.clamp(units / least, 1, MOST);
  }

  /// The first unit of a part, or the end for part = parts.
  static long border(long units, int parts, int part) {
    return units * part / parts;
  }
}
