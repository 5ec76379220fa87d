package org.strait.engine.net;

import org.strait.memory.Floats;

/// A layer at work on so many rows. Methods allocate nothing. Not thread-safe; shares its work out
/// among the threads of the backend, with the same bits for any number of them.
interface Stage {
  /// What {@link #forward} writes, row after row.
  Floats output();

  /// Where the next stage leaves the derivative of the loss by the output, before {@link
  /// #backward}, which may overwrite it.
  Floats outputGradient();

  /// Computes the output from the input.
  void forward(Step step);

  /// Computes the derivatives by the parameters and, if the place has room for them, by the input.
  /// The input is as it was in {@link #forward}, and so is the output, up to what ReLU and dropout
  /// behind this stage do to it.
  void backward(Step step);
}
