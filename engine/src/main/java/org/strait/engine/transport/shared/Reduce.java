package org.strait.engine.transport.shared;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import org.strait.engine.transport.GroupCollectives.Element;
import org.strait.engine.transport.GroupCollectives.Reduction;

/// Combines the same bytes of several segments, in the order of the segments.
final class Reduce {
  private Reduce() {}

  /// Element by element over bytes [from, to) of all segments, into {@code to} at an offset.
  static void into(
      MemorySegment target,
      long targetAt,
      MemorySegment[] parts,
      Element element,
      Reduction reduction,
      long from,
      long to) {
    boolean sum = reduction == Reduction.SUM;
    long shift = targetAt - from;
    for (long at = from; at < to; at += element.bytes()) {
      switch (element) {
        case FLOAT32 -> {
          float x = parts[0].get(ValueLayout.JAVA_FLOAT_UNALIGNED, at);
          for (int k = 1; k < parts.length; k++) {
            float y = parts[k].get(ValueLayout.JAVA_FLOAT_UNALIGNED, at);
            x = sum ? x + y : Math.max(x, y);
          }
          target.set(ValueLayout.JAVA_FLOAT_UNALIGNED, at + shift, x);
        }
        case FLOAT64 -> {
          double x = parts[0].get(ValueLayout.JAVA_DOUBLE_UNALIGNED, at);
          for (int k = 1; k < parts.length; k++) {
            double y = parts[k].get(ValueLayout.JAVA_DOUBLE_UNALIGNED, at);
            x = sum ? x + y : Math.max(x, y);
          }
          target.set(ValueLayout.JAVA_DOUBLE_UNALIGNED, at + shift, x);
        }
        case INT32 -> {
          int x = parts[0].get(ValueLayout.JAVA_INT_UNALIGNED, at);
          for (int k = 1; k < parts.length; k++) {
            int y = parts[k].get(ValueLayout.JAVA_INT_UNALIGNED, at);
            x = sum ? x + y : Math.max(x, y);
          }
          target.set(ValueLayout.JAVA_INT_UNALIGNED, at + shift, x);
        }
      }
    }
  }
}
