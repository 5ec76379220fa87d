package org.strait.engine.compress;

import org.strait.memory.Bytes;
import org.strait.memory.Floats;

/// Turns a vector into a payload. Every DC, the sender included, uses what {@link
/// Codecs#addDecoded} makes of the payload, so replicas agree to the last bit however lossy the
/// code is. One instance serves one vector stream of one DC (it may hold a residual) and is not
/// thread-safe. Encoding allocates nothing.
public interface Compressor {
  /// Name and settings as written in the run record, for instance {@code top-k 1% int8
  /// error-feedback}.
  String name();

  /// Upper bound of {@link #encode}'s result for vectors of n elements.
  long maxPayloadBytes(long n);

  /// Encodes what should travel and leaves in {@code vector} what was not sent (vector minus
  /// decoded payload). Returns the payload's bytes. Modified: vector, payload.
  ///
  /// @throws IllegalArgumentException if the vector holds a NaN or an infinity, or the payload is
  ///     too short
  long encode(Floats vector, Bytes payload);
}
