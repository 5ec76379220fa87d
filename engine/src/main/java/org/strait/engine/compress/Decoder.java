package org.strait.engine.compress;

import java.lang.foreign.MemorySegment;

/// Reads the payloads of one code. Common header fields are already checked: magic, version, n, k ≤
/// room, length ≥ header.
interface Decoder {
  /// The code this one reads; no other decoder does.
  PayloadCode code();

  /// Reads a payload of exactly {@code payloadBytes} with k of n elements. Modified: into.
  ///
  /// @throws PayloadException if anything is not as the code wants it
  void decode(MemorySegment payload, long payloadBytes, long n, long k, Decoded into);
}
