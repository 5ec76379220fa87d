package org.strait.blas;

import org.bytedeco.javacpp.FloatPointer;
import org.bytedeco.javacpp.Pointer;
import org.strait.memory.Floats;

/// A JavaCPP pointer that looks at a run without owning it: it has no deallocator, so JavaCPP
/// neither counts nor frees our memory. A view is aimed anew for each call.
final class View extends FloatPointer {
  View() {
    super((Pointer) null);
  }

  /// Aims this view at a run from an element on and returns it.
  ///
  /// @throws IllegalStateException if the run's memory is closed (a native call would crash)
  View aim(Floats run, long from) {
    if (!run.segment().scope().isAlive()) {
      throw new IllegalStateException("a run of " + run.length() + " floats is already closed");
    }
    address = run.address() + from * Floats.BYTES;
    limit = run.length() - from;
    capacity = limit;
    return this;
  }
}
