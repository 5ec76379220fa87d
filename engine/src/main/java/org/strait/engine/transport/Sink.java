package org.strait.engine.transport;

import java.io.IOException;
import java.lang.foreign.MemorySegment;

/// Takes bytes towards a member as long as there is room.
public interface Sink {
  /// Takes some of the bytes [at, end) of {@code data}, as many as fit now, and returns how many. A
  /// write that took fewer is followed by one that offers the rest.
  ///
  /// @throws IOException if the connection is gone
  long write(int to, MemorySegment data, long at, long end) throws IOException;
}
