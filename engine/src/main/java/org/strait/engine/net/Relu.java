package org.strait.engine.net;

import org.strait.memory.Floats;

/// max(0, x).
record Relu() implements Layer {
  @Override
  public String kind() {
    return "relu";
  }

  @Override
  public String text() {
    return kind();
  }

  @Override
  public Shape output(Shape input) {
    return input;
  }

  @Override
  public long floats(Shape input, int rows, int workers, boolean owned) {
    return Elementwise.floats(input, rows, owned);
  }

  @Override
  public Stage stage(Place place) {
    return new Elementwise(place, true) {
      @Override
      void forward(Step current, int row, long at) {
        if (output() != place.input()) {
          copy(place.input(), output(), at);
        }
        place.backend().each().net().relu(output(), at, at + rowFloats);
      }

      @Override
      void backward(Step current, int row, long at, Floats gradient) {
        place.backend().each().net().mask(output(), gradient, at, at + rowFloats);
      }
    };
  }
}
