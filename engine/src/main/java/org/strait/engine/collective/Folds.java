package org.strait.engine.collective;

import java.lang.foreign.MemorySegment;
import java.util.EnumMap;
import java.util.Map;
import org.strait.engine.transport.Fold;
import org.strait.engine.transport.GroupCollectives.Element;
import org.strait.engine.transport.GroupCollectives.Reduction;
import org.strait.kernels.DenseOps;
import org.strait.memory.Floats;

/// The folds of every element type and reduction. Sums of float32, which gradients are, run on the
/// backend; the others are plain loops.
final class Folds {
  private static final int KEPT = 32;

  private final DenseOps dense;
  private final Map<Element, Fold> sums = new EnumMap<>(Element.class);
  private final Map<Element, Fold> maxima = new EnumMap<>(Element.class);

  // A view of a segment would be garbage at each call: the last ones are kept, told apart by
  // identity.
  private final MemorySegment[] segments = new MemorySegment[KEPT];
  private final Floats[] views = new Floats[KEPT];
  private int next;

  Folds(DenseOps dense) {
    this.dense = dense;
    for (Element element : Element.values()) {
      sums.put(element, fold(element, Reduction.SUM));
      maxima.put(element, fold(element, Reduction.MAX));
    }
  }

  Fold of(Element element, Reduction reduction) {
    return (reduction == Reduction.SUM ? sums : maxima).get(element);
  }

  private Fold fold(Element element, Reduction reduction) {
    return element == Element.FLOAT32 && reduction == Reduction.SUM
        ? this::sumFloats
        : Fold.plain(element, reduction);
  }

  private void sumFloats(
      MemorySegment from, long fromAt, MemorySegment into, long intoAt, long bytes) {
    dense.add(
        view(from), fromAt / Floats.BYTES, view(into), intoAt / Floats.BYTES, bytes / Floats.BYTES);
  }

  private Floats view(MemorySegment segment) {
    for (int i = 0; i < KEPT; i++) {
      if (segments[i] == segment) {
        return views[i];
      }
    }
    segments[next] = segment;
    views[next] = Floats.over(segment);
    Floats made = views[next];
    next = (next + 1) % KEPT;
    return made;
  }
}
