package org.strait.engine.collective;

import org.strait.memory.Floats;

/// A vector cut into chunks and these into segments, with a piece of scratch of each segment's
/// length. Cutting makes objects, so what was cut last is kept: a trainer sums the same few vectors
/// in every step.
final class Slices {
  private static final int KEPT = 4;

  /// The last few vectors, cut the same way. Vectors are told apart by identity.
  static final class Recent {
    private final int chunks;
    private final Floats scratch;
    private final Slices[] kept = new Slices[KEPT];
    private int next;

    /// @param chunks number of chunks per vector
    /// @param scratch as long as the longest segment is to be
    Recent(int chunks, Floats scratch) {
      this.chunks = chunks;
      this.scratch = scratch;
    }

    Slices of(Floats vector) {
      for (Slices slices : kept) {
        if (slices != null && slices.vector == vector) {
          return slices;
        }
      }
      Slices slices = new Slices(vector, chunks, scratch);
      kept[next] = slices;
      next = (next + 1) % KEPT;
      return slices;
    }
  }

  private final Floats vector;
  private final Floats[][] segments;
  private final Floats[][] scratches;

  private Slices(Floats vector, int chunks, Floats scratch) {
    this.vector = vector;
    segments = new Floats[chunks][];
    scratches = new Floats[chunks][];
    long most = scratch.length();
    for (int c = 0; c < chunks; c++) {
      long from = bound(c, chunks);
      long to = bound(c + 1, chunks);
      int count = Math.toIntExact((to - from + most - 1) / most);
      segments[c] = new Floats[count];
      scratches[c] = new Floats[count];
      for (int s = 0; s < count; s++) {
        long start = from + s * most;
        long length = Math.min(most, to - start);
        segments[c][s] = vector.slice(start, length);
        scratches[c][s] = length == most ? scratch : scratch.slice(0, length);
      }
    }
  }

  /// The segments of a chunk; none if the chunk is empty.
  Floats[] segments(int chunk) {
    return segments[chunk];
  }

  /// Scratch as long as the segment of the same number.
  Floats[] scratches(int chunk) {
    return scratches[chunk];
  }

  private long bound(int chunk, int chunks) {
    return Math.multiplyExact(vector.length(), (long) chunk) / chunks;
  }
}
