package org.strait.engine.compress;

import java.lang.foreign.MemorySegment;

/// Reads the values of some codes. The header is already checked, and the indices are read.
interface Decoder {
  /// Reads the values that a header announces. Modified: into.
  ///
  /// @throws PayloadException if anything is not as the code wants it
  void decode(MemorySegment payload, Header header, Decoded into);
}
