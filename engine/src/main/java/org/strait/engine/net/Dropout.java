package org.strait.engine.net;

import org.strait.engine.data.Draws;
import org.strait.memory.Floats;

/// In training, sets each number to 0 with a probability and divides the others by the rest, so
/// that the mean stays (Srivastava et al. 2014). Which ones is a function of the rank's seed, the
/// step, the layer and the row, so it is drawn again for the derivatives and needs no memory.
///
/// @param share probability, at least 0 and below 1
record Dropout(double share) implements Layer {
  Dropout {
    if (!(share >= 0 && share < 1)) {
      throw new IllegalArgumentException("dropout " + share + ": needs a share from 0 to below 1");
    }
  }

  @Override
  public String kind() {
    return "dropout";
  }

  @Override
  public String text() {
    return "dropout " + share;
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
    Draws[] draws = new Draws[place.rows()];
    for (int r = 0; r < draws.length; r++) {
      draws[r] = new Draws();
    }
    float scale = (float) (1 / (1 - share));
    return new Elementwise(place, true) {
      @Override
      void forward(Step current, int row, long at) {
        if (output() != place.input()) {
          copy(place.input(), output(), at);
        }
        if (current.training()) {
          drop(current, row, at, output());
        }
      }

      @Override
      void backward(Step current, int row, long at, Floats gradient) {
        drop(current, row, at, gradient);
      }

      private void drop(Step current, int row, long at, Floats run) {
        Draws draw = draws[row];
        draw.key(current.seed(place.number()), current.number(), current.firstRow() + row);
        for (long i = at; i < at + rowFloats; i++) {
          run.set(i, draw.unit() < share ? 0 : run.get(i) * scale);
        }
      }
    };
  }
}
