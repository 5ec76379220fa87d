package org.strait.engine.compress;

import java.lang.foreign.MemorySegment;
import org.strait.memory.Floats;

/// A quantiser: values to the bytes at the end of a payload. One instance serves one compressor;
/// encoding allocates nothing.
interface ValueCode {
  /// What is written into the header.
  PayloadCode code();

  /// Words of the specification, for the compressor's name.
  String name();

  /// Most bytes that so many values take.
  long maxBytes(long count);

  /// Most bytes that so many values take in any of some codes: narrow ones are packed in groups, so
  /// a few values may take more than in a wide one.
  static long maxBytes(ValueCode[] codes, long count) {
    long most = 0;
    for (ValueCode code : codes) {
      most = Math.max(most, code.maxBytes(count));
    }
    return most;
  }

  /// Largest magnitude that can be sent.
  float limit();

  /// Writes the first {@code count} values from {@code offset} on and leaves in them what was lost
  /// (each minus what it decodes to); returns the bytes. Modified: values, out.
  ///
  /// @param values finite, at most {@link #limit} in magnitude; not fewer than count
  long encode(Floats values, long count, MemorySegment out, long offset);

  /// Whether the last values were entropy-coded.
  boolean entropy();

  /// Norm of what may be lost from now on, for codes that choose their step by it; NaN leaves the
  /// choice to the code.
  default void tolerate(double residualNorm) {}
}
