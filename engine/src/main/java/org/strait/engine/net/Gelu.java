package org.strait.engine.net;

import org.strait.memory.Floats;

/// x·σ(2u), u = √(2/π)·(x + 0.044715·x³): Hendrycks & Gimpel 2016, the form with tanh. In float64
/// within, so that every backend has the same bits.
record Gelu() implements Layer {
  private static final double ROOT = Math.sqrt(2 / Math.PI);
  private static final double CUBIC = 0.044715;

  @Override
  public String kind() {
    return "gelu";
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
    return Elementwise.floats(input, rows, false);
  }

  private static double gate(double x) {
    return 1 / (1 + StrictMath.exp(-2 * ROOT * (x + CUBIC * x * x * x)));
  }

  @Override
  public Stage stage(Place place) {
    return new Elementwise(place, false) {
      @Override
      void forward(Step current, int row, long at) {
        for (long i = at; i < at + rowFloats; i++) {
          double x = place.input().get(i);
          output().set(i, (float) (x * gate(x)));
        }
      }

      @Override
      void backward(Step current, int row, long at, Floats gradient) {
        for (long i = at; i < at + rowFloats; i++) {
          double x = place.input().get(i);
          double gate = gate(x);
          double slope = gate + x * gate * (1 - gate) * 2 * ROOT * (1 + 3 * CUBIC * x * x);
          gradient.set(i, (float) (gradient.get(i) * slope));
        }
      }
    };
  }
}
