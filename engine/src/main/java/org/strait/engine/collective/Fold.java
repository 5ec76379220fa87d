package org.strait.engine.collective;

import java.lang.foreign.MemorySegment;

/// What a reduction does with two stretches of as many elements.
interface Fold {
  /// into ← into ∘ from, element by element over so many bytes, a whole number of elements.
  /// Modified: into.
  void fold(MemorySegment from, long fromAt, MemorySegment into, long intoAt, long bytes);
}
