package org.strait.kernels.team;

import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import org.strait.kernels.CodecOps;
import org.strait.kernels.KthMagnitude;
import org.strait.kernels.Lengths;
import org.strait.memory.Floats;
import org.strait.memory.Ints;

/// Magnitudes and selection by a team. What must be written in order is first written where it may
/// come to lie, each part's in its share of the room, and then moved together; a part whose share
/// is too small finishes when the counts are known. Where elements tie at the threshold, a first
/// pass counts what each part keeps.
final class TeamSelection {
  /// Fewest elements of a part.
  private static final long LEAST = 1 << 15;

  /// Parts begin on a cache line of the range.
  private static final long UNIT = 16;

  /// Parts that keep what lies in a bracket: few, so that each has room for what a part of uneven
  /// data may hold.
  private static final int KEEPING_PARTS = 4;

  private static final long ROOM = KthMagnitude.ROOM / KEEPING_PARTS;

  /// More reaches the threshold than there is room for.
  private static final long TOO_MANY = -1;

  private final CodecOps each;
  private final Team team;
  private final Team.Task maxPart = (part, worker) -> maxPart(part);
  private final Team.Task countPart = (part, worker) -> countPart(part);
  private final Team.Task betweenPart = (part, worker) -> betweenPart(part);
  private final Team.Task keepPart = (part, worker) -> keepPart(part);
  private final Team.Task restPart = (part, worker) -> restPart(part);
  private final Team.Task lastPart = (part, worker) -> lastPart(part);
  private final int[] maxima = new int[Cut.MOST];
  private final long[] counts = new long[Cut.MOST];
  private final long[] starts = new long[Cut.MOST + 1];
  private final long[] tiesOf = new long[Cut.MOST];
  private final long[] resumes = new long[Cut.MOST];
  private final long[] rests = new long[Cut.MOST];
  private final long[] ends = new long[Cut.MOST];

  // Operands of the operation under way.
  private int parts;
  private long from;
  private long to;
  private Floats x;
  private float threshold;
  private int low;
  private int high;
  private Ints kept;
  private Ints indices;
  private Floats values;

  TeamSelection(CodecOps each, Team team) {
    this.each = each;
    this.team = team;
  }

  private void set(Floats newX, long start, long end) {
    Lengths.checkPart("x", newX.length(), start, end);
    x = newX;
    from = start;
    to = end;
    parts = Cut.parts(end - start, LEAST);
  }

  private long border(int part) {
    return part == parts ? to : from + Cut.border((to - from) / UNIT, parts, part) * UNIT;
  }

  float maxAbs(Floats newX, long start, long end) {
    set(newX, start, end);
    team.run(parts, maxPart);
    int max = 0;
    for (int part = 0; part < parts; part++) {
      max = Math.max(max, maxima[part]);
    }
    return Float.intBitsToFloat(max);
  }

  /// As bits, in which NaN is above all numbers.
  private void maxPart(int part) {
    maxima[part] = Float.floatToIntBits(each.maxAbs(x, border(part), border(part + 1)));
  }

  long countAtLeast(Floats newX, float newThreshold, long start, long end) {
    set(newX, start, end);
    return count(newThreshold);
  }

  /// Counts of the parts, and their sum.
  private long count(float newThreshold) {
    threshold = newThreshold;
    team.run(parts, countPart);
    long sum = 0;
    for (int part = 0; part < parts; part++) {
      sum += counts[part];
    }
    return sum;
  }

  private void countPart(int part) {
    counts[part] = each.countAtLeast(x, threshold, border(part), border(part + 1));
  }

  /// Each part keeps what it finds in the bracket in its own piece of scratch; where that is too
  /// small, or the bracket misses, one thread does it all.
  float kthMagnitude(Floats newX, long k, Ints scratch) {
    if (team.threads() == 1 || newX.length() < KthMagnitude.LONG_RUN) {
      return each.kthMagnitude(newX, k, scratch);
    }
    Lengths.checkSelection(newX.length(), k);
    Lengths.checkAtLeast("scratch", scratch.length(), CodecOps.SELECT_SCRATCH);
    long bracket = KthMagnitude.bracket(newX, k, scratch);
    set(newX, 0, newX.length());
    low = (int) bracket;
    high = (int) (bracket >>> 32);
    kept = scratch;
    parts = Math.min(parts, KEEPING_PARTS);
    team.run(parts, betweenPart);
    long sum = 0;
    long end = KthMagnitude.KEPT;
    boolean all = true;
    for (int part = 0; part < parts; part++) {
      long between = counts[part] & 0xffffffffL;
      all &= between <= ROOM;
      if (all) {
        MemorySegment.copy(
            kept.segment(),
            roomOf(part) * Ints.BYTES,
            kept.segment(),
            end * Ints.BYTES,
            between * Ints.BYTES);
        end += between;
      }
      sum += counts[part];
    }
    int found = all ? KthMagnitude.find(k, bracket, sum, scratch) : -1;
    return found >= 0 ? Float.intBitsToFloat(found) : each.kthMagnitude(newX, k, scratch);
  }

  private static long roomOf(int part) {
    return KthMagnitude.KEPT + part * ROOM;
  }

  private void betweenPart(int part) {
    counts[part] =
        each.keepBetween(x, low, high, border(part), border(part + 1), kept, roomOf(part), ROOM);
  }

  void select(Floats newX, float newThreshold, long k, Ints newIndices, Floats newValues) {
    if (team.threads() == 1 || newX.length() < KthMagnitude.LONG_RUN) {
      each.select(newX, newThreshold, k, newIndices, newValues);
      return;
    }
    Lengths.checkSelection(newX.length(), k);
    Lengths.checkAtLeast("indices", newIndices.length(), k);
    Lengths.checkAtLeast("values", newValues.length(), k);
    set(newX, 0, newX.length());
    threshold = newThreshold;
    long written = keepAll(newIndices, newValues, 0, k);
    if (written == TOO_MANY) {
      long ties = k - countAbove();
      count(newThreshold);
      written = ties < 0 ? 0 : keepCounted(ties, newIndices, newValues, 0, k);
    }
    if (written < k) {
      throw Lengths.notTheRank(newThreshold, k);
    }
  }

  long keep(
      Floats newX,
      float newThreshold,
      long ties,
      long start,
      long end,
      Ints newIndices,
      Floats newValues,
      long at,
      long room) {
    if (team.threads() == 1 || Cut.parts(end - start, LEAST) == 1) {
      return each.keep(newX, newThreshold, ties, start, end, newIndices, newValues, at, room);
    }
    Lengths.checkPart("indices", newIndices.length(), at, at + room);
    Lengths.checkPart("values", newValues.length(), at, at + room);
    set(newX, start, end);
    threshold = newThreshold;
    long written = ties >= end - start ? keepAll(newIndices, newValues, at, room) : TOO_MANY;
    if (written == TOO_MANY) {
      count(newThreshold);
      written = keepCounted(ties, newIndices, newValues, at, room);
    }
    return written;
  }

  /// Writes all that reaches the threshold; {@link #TOO_MANY} if there is no room for all.
  private long keepAll(Ints newIndices, Floats newValues, long at, long room) {
    indices = newIndices;
    values = newValues;
    Arrays.fill(tiesOf, Long.MAX_VALUE);
    for (int part = 0; part < parts; part++) {
      starts[part] = at + Cut.border(room, parts, part);
      resumes[part] = border(part);
    }
    starts[parts] = at + room;
    team.run(parts, keepPart);
    team.run(parts, restPart);
    long end = at;
    for (int part = 0; part < parts; part++) {
      ends[part] = end;
      end += counts[part] + rests[part];
    }
    if (end > at + room) {
      return TOO_MANY;
    }
    // What moves to the right makes way for what moves to the left.
    for (int part = parts - 1; part >= 0; part--) {
      if (ends[part] > starts[part]) {
        move(part);
      }
    }
    for (int part = 0; part < parts; part++) {
      if (ends[part] < starts[part]) {
        move(part);
      }
    }
    team.run(parts, lastPart);
    return end - at;
  }

  /// Counts what a part whose share is full has still to keep.
  private void restPart(int part) {
    rests[part] = 0;
    if (counts[part] == starts[part + 1] - starts[part]) {
      if (counts[part] > 0) {
        resumes[part] = indices.get(starts[part] + counts[part] - 1) + 1L;
      }
      rests[part] = each.countAtLeast(x, threshold, resumes[part], border(part + 1));
    }
  }

  private void move(int part) {
    long bytes = counts[part] * Floats.BYTES;
    long source = starts[part] * Floats.BYTES;
    long target = ends[part] * Floats.BYTES;
    MemorySegment.copy(indices.segment(), source, indices.segment(), target, bytes);
    MemorySegment.copy(values.segment(), source, values.segment(), target, bytes);
  }

  private void lastPart(int part) {
    if (rests[part] > 0) {
      long at = ends[part] + counts[part];
      long end = border(part + 1);
      each.keep(x, threshold, Long.MAX_VALUE, resumes[part], end, indices, values, at, rests[part]);
    }
  }

  /// Counts what exceeds the threshold.
  private long countAbove() {
    float reached = threshold;
    if (reached == Float.POSITIVE_INFINITY) {
      Arrays.fill(counts, 0);
      return 0;
    }
    long sum = count(Math.nextUp(reached));
    threshold = reached;
    return sum;
  }

  /// Writes what the parts keep, of which {@link #counts} says how many reach the threshold.
  private long keepCounted(long ties, Ints newIndices, Floats newValues, long at, long room) {
    shareTies(ties);
    starts[0] = at;
    for (int part = 0; part < parts; part++) {
      starts[part + 1] = Math.min(at + room, starts[part] + counts[part]);
    }
    indices = newIndices;
    values = newValues;
    team.run(parts, keepPart);
    return starts[parts] - at;
  }

  /// Lets the first parts have the ties, and counts what each part keeps.
  private void shareTies(long ties) {
    long reaching = 0;
    for (int part = 0; part < parts; part++) {
      reaching += counts[part];
      tiesOf[part] = counts[part];
    }
    if (ties >= reaching) {
      Arrays.fill(tiesOf, Long.MAX_VALUE);
      return;
    }
    countAbove();
    long left = ties;
    for (int part = 0; part < parts; part++) {
      tiesOf[part] = Math.min(tiesOf[part] - counts[part], left);
      left -= tiesOf[part];
      counts[part] += tiesOf[part];
    }
  }

  private void keepPart(int part) {
    counts[part] =
        each.keep(
            x,
            threshold,
            tiesOf[part],
            border(part),
            border(part + 1),
            indices,
            values,
            starts[part],
            starts[part + 1] - starts[part]);
  }
}
