package org.strait.engine.compress;

import org.strait.kernels.CodecOps;
import org.strait.memory.Floats;
import org.strait.memory.HostMemory;
import org.strait.memory.Ints;

/// The K elements of largest magnitude of every chunk of a vector (SparseLoCo, arXiv 2508.15706,
/// section 3: 64 of 4096), ties to the lower index, zeros never. No layer is left out, however
/// small its gradient; a chunk stays in the first cache, and two looks at it suffice as long as its
/// K-th magnitude is above half of its forerunner's. The last chunk may be shorter and keeps as
/// large a part.
final class ChunkTopK implements Selection {
  private static final int INFINITY_BITS = 0x7f800000;

  /// Part of the forerunner's threshold where the search begins.
  private static final float BELOW = 0.5f;

  private final String name;
  private final long n;
  private final int k;
  private final int chunk;
  private final CodecOps codec;
  private final Ints scratch;
  private final int[] magnitudes;
  private final Room room;

  /// @param k elements of a chunk, 1 ≤ k ≤ chunk
  ChunkTopK(long n, int k, int chunk, CodecOps codec, HostMemory memory) {
    this.n = n;
    this.k = k;
    this.chunk = chunk;
    this.codec = codec;
    name = "chunk-top-k " + k + "/" + chunk;
    int longest = (int) Math.min(n, chunk);
    scratch = memory.ints(longest);
    magnitudes = new int[longest];
    room = Room.of(n / chunk * k + kept(n % chunk), memory);
  }

  private long kept(long length) {
    return Math.ceilDiv(length * k, chunk);
  }

  @Override
  public String name() {
    return name;
  }

  @Override
  public Room room() {
    return room;
  }

  @Override
  public long pick(Floats vector) {
    long picked = 0;
    float threshold = 0;
    for (long from = 0; from < n; from += chunk) {
      long to = Math.min(n, from + chunk);
      int wanted = (int) kept(to - from);
      int count = atLeast(vector, from, to, wanted, threshold * BELOW);
      for (int j = 0; j < count; j++) {
        magnitudes[j] = scratch.get(j);
      }
      int kth = count < wanted ? 1 : kth(magnitudes, count, wanted);
      long ties = wanted;
      for (int j = 0; j < count; j++) {
        ties -= magnitudes[j] > kth ? 1 : 0;
      }
      threshold = Float.intBitsToFloat(kth);
      picked +=
          codec.keep(
              vector, threshold, ties, from, to, room.indices(), room.values(), picked, wanted);
    }
    return picked;
  }

  /// Leaves magnitudes of the chunk in scratch, all from some bound on: at least as many as wanted,
  /// or all that are not 0. Returns how many.
  private int atLeast(Floats vector, long from, long to, int wanted, float guess) {
    int low = Math.max(1, Float.floatToRawIntBits(guess));
    int room = (int) (to - from);
    int count = (int) codec.keepBetween(vector, low, INFINITY_BITS, from, to, scratch, 0, room);
    return count >= wanted || low == 1
        ? count
        : (int) codec.keepBetween(vector, 1, INFINITY_BITS, from, to, scratch, 0, room);
  }

  /// The k-th largest of the first numbers, by partition (Hoare 1961). Modified: their order.
  private static int kth(int[] x, int count, int k) {
    int from = 0;
    int to = count - 1;
    while (from < to) {
      int pivot = x[(from + to) >>> 1];
      int i = from;
      int j = to;
      while (i <= j) {
        while (x[i] > pivot) {
          i++;
        }
        while (x[j] < pivot) {
          j--;
        }
        if (i <= j) {
          int swap = x[i];
          x[i++] = x[j];
          x[j--] = swap;
        }
      }
      if (k - 1 <= j) {
        to = j;
      } else if (k - 1 >= i) {
        from = i;
      } else {
        break;
      }
    }
    return x[k - 1];
  }
}
