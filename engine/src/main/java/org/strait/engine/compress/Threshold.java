package org.strait.engine.compress;

import java.util.List;
import org.strait.kernels.CodecOps;
import org.strait.memory.Floats;
import org.strait.memory.HostMemory;
import org.strait.memory.Ints;

/// About density·n elements of largest magnitude, in one pass: the threshold comes from a sample by
/// fitting exponential tails in stages, each to what exceeds the one before (SIDCo, Abdelmoniem et
/// al. 2021, section 2.3), and from how far the rounds before were off. At most twice as many are
/// kept; where more would be, exactly as many as wanted.
final class Threshold implements Selection {
  /// Elements of a sample, in pieces of a cache line.
  private static final int SAMPLE = 1 << 14;

  private static final int PIECE = 16;

  /// Part of the elements that one stage leaves.
  private static final double STAGE = 0.25;

  /// Fewest elements that a stage is fitted to.
  private static final int FEWEST = 64;

  /// Part of what was off that the next round corrects, and most that all rounds may.
  private static final double GAIN = 0.5;

  private static final double MOST_CORRECTION = 4;

  /// Spreads the pieces within their cells, so that no period of the data meets them all.
  private static final long SPREAD = 0x9e3779b97f4a7c15L;

  private final String name;
  private final long n;
  private final long wanted;
  private final CodecOps codec;
  private final Ints scratch;
  private final Room room;
  private final Floats sample;

  /// How far thresholds are moved, in units of the last stage's mean.
  private final Floats correction;

  /// @param name with the density
  /// @param wanted elements to keep, 0 ≤ wanted ≤ n
  Threshold(String name, long n, long wanted, CodecOps codec, HostMemory memory) {
    this.name = name;
    this.n = n;
    this.wanted = wanted;
    this.codec = codec;
    room = Room.of(Math.min(n, 2 * wanted + FEWEST), memory);
    scratch = memory.ints(CodecOps.SELECT_SCRATCH);
    sample = memory.floats(Math.min(n, SAMPLE));
    correction = memory.floats(1);
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
  public List<Floats> memories() {
    return List.of(correction);
  }

  @Override
  public long pick(Floats vector) {
    if (n == 0) {
      return 0;
    }
    float threshold = threshold(vector);
    long found = codec.selectAtLeast(vector, threshold, room.indices(), room.values());
    long kept = found;
    if (found == most() && found < n) {
      found = codec.countAtLeast(vector, threshold);
      if (found > most()) {
        float exact = codec.kthMagnitude(vector, wanted, scratch);
        codec.select(vector, exact, wanted, room.indices(), room.values());
        kept = wanted;
      }
    }
    double off = Math.log((found + 1.0) / (wanted + 1.0));
    double moved = correction.get(0) + GAIN * off;
    correction.set(0, (float) Math.clamp(moved, -MOST_CORRECTION, MOST_CORRECTION));
    return kept;
  }

  private float threshold(Floats vector) {
    takeSample(vector);
    double left = (double) wanted / n;
    double bound = 0;
    long before = sample.length();
    double mean = meanAbove(0);
    while (left < STAGE) {
      double next = bound - mean * Math.log(STAGE);
      long count = countAbove(next);
      // Zeros, and what is equal as float32, make no progress.
      if (count < FEWEST || count == before) {
        break;
      }
      left *= (double) before / count;
      before = count;
      bound = next;
      mean = meanAbove(bound);
    }
    double threshold = bound - mean * Math.log(Math.min(1, left)) + mean * correction.get(0);
    // Zeros never travel for their own sake.
    return Math.max(Float.MIN_VALUE, (float) threshold);
  }

  private void takeSample(Floats vector) {
    long size = sample.length();
    if (n <= SAMPLE) {
      sample.copyFrom(vector);
    } else {
      long pieces = size / PIECE;
      long cell = n / pieces;
      for (long piece = 0; piece < pieces; piece++) {
        long start = piece * cell + ((piece * SPREAD) >>> 33) % (cell - PIECE + 1);
        for (int j = 0; j < PIECE; j++) {
          sample.set(piece * PIECE + j, vector.get(start + j));
        }
      }
    }
  }

  private long countAbove(double bound) {
    return codec.countAtLeast(sample, Math.max(Float.MIN_VALUE, (float) bound));
  }

  /// Mean of what the sampled magnitudes exceed the bound by.
  private double meanAbove(double bound) {
    double sum = 0;
    long count = 0;
    for (long i = 0; i < sample.length(); i++) {
      double magnitude = Math.abs(sample.get(i));
      if (magnitude >= bound) {
        sum += magnitude - bound;
        count++;
      }
    }
    return count == 0 ? 0 : sum / count;
  }
}
