package org.strait.engine.compress;

import java.util.List;
import org.strait.memory.Bytes;
import org.strait.memory.Floats;

/// Turns a vector into a payload. Every DC, the sender included, uses what {@link
/// Codecs#addDecoded} makes of the payload, so replicas agree to the last bit however lossy the
/// code is. One instance serves one vector stream of one DC (it may hold a residual), is made for
/// one vector length and is not thread-safe. Encoding allocates nothing.
public interface Compressor {
  /// Name and settings as written in the run record, for instance {@code top-k 1% int8
  /// error-feedback}. Two DCs can exchange payloads if their compressors' names are equal.
  String name();

  /// Upper bound of {@link #encode}'s result for vectors of n elements.
  ///
  /// @throws IllegalArgumentException if this compressor was made for another length
  long maxPayloadBytes(long n);

  /// Largest number of elements one payload holds, for vectors of n elements: what a decoder must
  /// have room for.
  ///
  /// @throws IllegalArgumentException if this compressor was made for another length
  long maxKept(long n);

  /// Encodes what should travel and leaves in {@code vector} what was not sent (what the payload
  /// should have said minus what it decodes to). Returns the payload's bytes. Modified: vector,
  /// payload.
  ///
  /// @throws IllegalArgumentException if the vector holds a NaN or an infinity, or the payload is
  ///     shorter than {@link #maxPayloadBytes}
  long encode(Floats vector, Bytes payload);

  /// Says how large an error later payloads may have: the Euclidean norm of what {@link #encode}
  /// leaves out of the vector it is given. A compressor whose density is fixed takes no notice. NaN
  /// leaves the choice to the compressor.
  default void tolerate(double residualNorm) {}

  /// Number of settings, from coarse to fine, between which {@link #stand} chooses; 1 where a
  /// specification says exactly what travels.
  default int rungs() {
    return 1;
  }

  /// Later payloads are those of this setting; before the first call those of the finest. Payloads
  /// say themselves what they are: DCs need not change at the same time.
  ///
  /// @param rung 0 for the coarsest, below {@link #rungs}
  default void stand(int rung) {}

  /// A setting in words, such as {@code 0.35% int5}.
  default String describe(int rung) {
    return name();
  }

  /// Says which weights the vectors change, for compressors that compare the two; read in every
  /// {@link #encode}, never modified. Other compressors take no notice. Returns whether this one
  /// does.
  ///
  /// @param weights of the vectors' length; must outlive the compressor
  default boolean reference(Floats weights) {
    return false;
  }

  /// Whether a payload is a correction to the sender's previous vector: the receiver keeps one
  /// memory per sender, zero before the first round, adds each decoded payload to it with weight 1,
  /// and the memory is the sender's vector of this round.
  default boolean accumulates() {
    return false;
  }

  /// Euclidean norm of what the last {@link #encode} left for later rounds; 0 if nothing is kept.
  default double residualNorm() {
    return 0;
  }

  /// Says what the receivers hold of this sender, if payloads are corrections to it ({@link
  /// #accumulates}): the next payload corrects that.
  default void receiversHold(Floats vector) {}

  /// State between rounds, in a fixed order. Saved and restored, the stream goes on bit for bit.
  default List<Floats> memories() {
    return List.of();
  }
}
