package org.strait.engine.net;

import java.util.Optional;
import org.strait.engine.data.Draws;
import org.strait.engine.model.ParameterLayout;
import org.strait.memory.Floats;

/// A layer as it is described: immutable. What computes is a {@link Stage}, made for one number of
/// rows in memory that is given.
public interface Layer {
  /// The first word of its text, for instance {@code conv}.
  String kind();

  /// The layer as it is written in a list of layers, for instance {@code conv 32 5x5}.
  String text();

  /// Shape of its output.
  ///
  /// @throws IllegalArgumentException if the layer cannot take the input; says why
  Shape output(Shape input);

  /// The layout before, followed by this layer's parameters.
  ///
  /// @param name unique in the net; begins their names
  default ParameterLayout parameters(String name, Shape input, ParameterLayout before) {
    return before;
  }

  /// Sets the parameters to what training begins with. Modified: parameters, draws.
  ///
  /// @param parameters of this layer alone, all 0
  default void initialise(Shape input, Floats parameters, Draws draws) {}

  /// Floats that a stage takes from its place at most.
  ///
  /// @param workers threads that work on it
  /// @param owned see {@link Place#owned}
  long floats(Shape input, int rows, int workers, boolean owned);

  /// Makes what computes.
  Stage stage(Place place);

  /// This layer with a ReLU behind it in the same pass over memory, if it can do that.
  default Optional<Layer> rectified() {
    return Optional.empty();
  }
}
