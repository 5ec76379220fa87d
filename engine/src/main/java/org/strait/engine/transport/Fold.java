package org.strait.engine.transport;

import static java.lang.foreign.ValueLayout.JAVA_DOUBLE_UNALIGNED;
import static java.lang.foreign.ValueLayout.JAVA_FLOAT_UNALIGNED;
import static java.lang.foreign.ValueLayout.JAVA_INT_UNALIGNED;

import java.lang.foreign.MemorySegment;
import org.strait.engine.transport.GroupCollectives.Element;
import org.strait.engine.transport.GroupCollectives.Reduction;

/// What a reduction does with two stretches of as many elements.
@FunctionalInterface
public interface Fold {
  /// into ← into ∘ from, element by element over so many bytes, a whole number of elements.
  /// Modified: into.
  void fold(MemorySegment from, long fromAt, MemorySegment into, long intoAt, long bytes);

  /// The plain loop of an element type and a reduction.
  static Fold plain(Element element, Reduction reduction) {
    boolean sum = reduction == Reduction.SUM;
    return switch (element) {
      case FLOAT32 -> sum ? Fold::sumFloats : Fold::maxFloats;
      case FLOAT64 -> sum ? Fold::sumDoubles : Fold::maxDoubles;
      case INT32 -> sum ? Fold::sumInts : Fold::maxInts;
    };
  }

  private static void sumFloats(
      MemorySegment from, long fromAt, MemorySegment into, long intoAt, long bytes) {
    for (long i = 0; i < bytes; i += Float.BYTES) {
      float x = into.get(JAVA_FLOAT_UNALIGNED, intoAt + i);
      into.set(JAVA_FLOAT_UNALIGNED, intoAt + i, x + from.get(JAVA_FLOAT_UNALIGNED, fromAt + i));
    }
  }

  private static void maxFloats(
      MemorySegment from, long fromAt, MemorySegment into, long intoAt, long bytes) {
    for (long i = 0; i < bytes; i += Float.BYTES) {
      float x = into.get(JAVA_FLOAT_UNALIGNED, intoAt + i);
      float y = from.get(JAVA_FLOAT_UNALIGNED, fromAt + i);
      into.set(JAVA_FLOAT_UNALIGNED, intoAt + i, Math.max(x, y));
    }
  }

  private static void sumDoubles(
      MemorySegment from, long fromAt, MemorySegment into, long intoAt, long bytes) {
    for (long i = 0; i < bytes; i += Double.BYTES) {
      double x = into.get(JAVA_DOUBLE_UNALIGNED, intoAt + i);
      into.set(JAVA_DOUBLE_UNALIGNED, intoAt + i, x + from.get(JAVA_DOUBLE_UNALIGNED, fromAt + i));
    }
  }

  private static void maxDoubles(
      MemorySegment from, long fromAt, MemorySegment into, long intoAt, long bytes) {
    for (long i = 0; i < bytes; i += Double.BYTES) {
      double x = into.get(JAVA_DOUBLE_UNALIGNED, intoAt + i);
      double y = from.get(JAVA_DOUBLE_UNALIGNED, fromAt + i);
      into.set(JAVA_DOUBLE_UNALIGNED, intoAt + i, Math.max(x, y));
    }
  }

  private static void sumInts(
      MemorySegment from, long fromAt, MemorySegment into, long intoAt, long bytes) {
    for (long i = 0; i < bytes; i += Integer.BYTES) {
      int x = into.get(JAVA_INT_UNALIGNED, intoAt + i);
      into.set(JAVA_INT_UNALIGNED, intoAt + i, x + from.get(JAVA_INT_UNALIGNED, fromAt + i));
    }
  }

  private static void maxInts(
      MemorySegment from, long fromAt, MemorySegment into, long intoAt, long bytes) {
    for (long i = 0; i < bytes; i += Integer.BYTES) {
      int x = into.get(JAVA_INT_UNALIGNED, intoAt + i);
      int y = from.get(JAVA_INT_UNALIGNED, fromAt + i);
      into.set(JAVA_INT_UNALIGNED, intoAt + i, Math.max(x, y));
    }
  }
}
