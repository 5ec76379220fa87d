package org.strait.engine.net;

import org.strait.memory.Floats;

/// The image as a vector: row by row, pixel by pixel, channel by channel. Moves nothing.
record Flatten() implements Layer {
  @Override
  public String kind() {
    return "flatten";
  }

  @Override
  public String text() {
    return kind();
  }

  @Override
  public Shape output(Shape input) {
    return Shape.vector(input.floats());
  }

  @Override
  public long floats(Shape input, int rows, int workers, boolean owned) {
    return 0;
  }

  @Override
  public Stage stage(Place place) {
    return new Stage() {
      @Override
      public Floats output() {
        return place.input();
      }

      @Override
      public Floats outputGradient() {
        return place.inputGradient();
      }

      @Override
      public void forward(Step step) {
        // the output is the input
      }

      @Override
      public void backward(Step step) {
        // so are the gradients
      }
    };
  }
}
