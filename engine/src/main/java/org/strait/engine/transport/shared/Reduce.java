package org.strait.engine.transport.shared;

import static java.lang.foreign.ValueLayout.JAVA_DOUBLE_UNALIGNED;
import static java.lang.foreign.ValueLayout.JAVA_FLOAT_UNALIGNED;
import static java.lang.foreign.ValueLayout.JAVA_INT_UNALIGNED;

import java.lang.foreign.MemorySegment;
import org.strait.engine.transport.GroupCollectives.Element;
import org.strait.engine.transport.GroupCollectives.Reduction;

/// Combines the same bytes of several segments, in the order of the segments.
final class Reduce {
  private Reduce() {}

  /// Element by element over bytes [from, to) of all parts, into the target at an offset.
  static void into(
      MemorySegment target,
      long targetAt,
      MemorySegment[] parts,
      Element element,
      Reduction reduction,
      long from,
      long to) {
    MemorySegment.copy(parts[0], from, target, targetAt, to - from);
    boolean sum = reduction == Reduction.SUM;
    for (int k = 1; k < parts.length; k++) {
      switch (element) {
        case FLOAT32 -> floats(target, targetAt, parts[k], from, to - from, sum);
        case FLOAT64 -> doubles(target, targetAt, parts[k], from, to - from, sum);
        case INT32 -> ints(target, targetAt, parts[k], from, to - from, sum);
      }
    }
  }

  private static void floats(
      MemorySegment target, long t, MemorySegment part, long p, long bytes, boolean sum) {
    for (long i = 0; i < bytes; i += Float.BYTES) {
      float x = target.get(JAVA_FLOAT_UNALIGNED, t + i);
      float y = part.get(JAVA_FLOAT_UNALIGNED, p + i);
      target.set(JAVA_FLOAT_UNALIGNED, t + i, sum ? x + y : Math.max(x, y));
    }
  }

  private static void doubles(
      MemorySegment target, long t, MemorySegment part, long p, long bytes, boolean sum) {
    for (long i = 0; i < bytes; i += Double.BYTES) {
      double x = target.get(JAVA_DOUBLE_UNALIGNED, t + i);
      double y = part.get(JAVA_DOUBLE_UNALIGNED, p + i);
      target.set(JAVA_DOUBLE_UNALIGNED, t + i, sum ? x + y : Math.max(x, y));
    }
  }

  private static void ints(
      MemorySegment target, long t, MemorySegment part, long p, long bytes, boolean sum) {
    for (long i = 0; i < bytes; i += Integer.BYTES) {
      int x = target.get(JAVA_INT_UNALIGNED, t + i);
      int y = part.get(JAVA_INT_UNALIGNED, p + i);
      target.set(JAVA_INT_UNALIGNED, t + i, sum ? x + y : Math.max(x, y));
    }
  }
}
