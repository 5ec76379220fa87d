package org.strait.engine.checkpoint;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.SequencedMap;
import org.strait.memory.Floats;

/// Everything that a training goes on from, as named parts. The vectors are the training's own
/// memory, not copies: write it before the next step.
///
/// @param settings what must be equal where it is read, for instance a hash of the configuration
/// @param round rounds that are done
/// @param numbers by name
/// @param vectors by name
public record Checkpoint(
    String settings,
    long round,
    SequencedMap<String, double[]> numbers,
    SequencedMap<String, Floats> vectors) {
  /// Copies the maps, not what is in them.
  public Checkpoint {
    if (round < 0) {
      throw new IllegalArgumentException("round is " + round + ", must be at least 0");
    }
    numbers = Collections.unmodifiableSequencedMap(new LinkedHashMap<>(numbers));
    vectors = Collections.unmodifiableSequencedMap(new LinkedHashMap<>(vectors));
  }

  /// Takes what a checkpoint holds, part by part: all numbers first, so that they can say which
  /// vectors there are.
  public interface Target {
    /// Takes numbers.
    ///
    /// @throws IllegalArgumentException if they are not expected
    void numbers(String name, double[] values);

    /// Where a vector belongs; null if none of that name is expected.
    Floats vector(String name);

    /// Called when all parts have been given: complains of what is missing.
    ///
    /// @throws IllegalArgumentException if something is
    void complete();
  }
}
