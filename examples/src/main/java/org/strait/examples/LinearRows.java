package org.strait.examples;

import java.util.SplittableRandom;
import org.strait.memory.Floats;

/// Some rows of a linear regression y = x·w + noise, in plain arrays, and its squared loss. The
/// rows of different ranks differ in number and distribution.
final class LinearRows {
  /// Weights to find.
  static final int FEATURES = 5;

  private static final float[] TRUE_WEIGHTS = {1.5f, -2, 0.5f, 0, 3};

  private final float[][] x;
  private final float[] y;

  private LinearRows(float[][] x, float[] y) {
    this.x = x;
    this.y = y;
  }

  /// Rows that were born at a rank: 50 more at each.
  static LinearRows ofRank(long seed, int rank) {
    SplittableRandom random = new SplittableRandom(1000 * seed + rank);
    int rows = 100 + 50 * rank;
    float[][] x = new float[rows][FEATURES];
    float[] y = new float[rows];
    for (int r = 0; r < rows; r++) {
      y[r] = (float) (0.1 * random.nextGaussian());
      for (int j = 0; j < FEATURES; j++) {
        x[r][j] = (float) random.nextGaussian(0.2 * rank, 1);
        y[r] += x[r][j] * TRUE_WEIGHTS[j];
      }
    }
    return new LinearRows(x, y);
  }

  /// Number of rows.
  int count() {
    return y.length;
  }

  /// Mean of (x·w - y)²/2.
  double meanLoss(float[] weights) {
    double sum = 0;
    for (int r = 0; r < y.length; r++) {
      double error = error(r, weights);
      sum += error * error / 2;
    }
    return sum / y.length;
  }

  /// Its gradient.
  float[] meanGradient(float[] weights) {
    float[] gradient = new float[FEATURES];
    for (int r = 0; r < y.length; r++) {
      float share = error(r, weights) / y.length;
      for (int j = 0; j < FEATURES; j++) {
        gradient[j] += share * x[r][j];
      }
    }
    return gradient;
  }

  /// The same into native memory.
  void meanGradient(float[] weights, Floats gradient) {
    gradient.fill(0);
    for (int r = 0; r < y.length; r++) {
      float share = error(r, weights) / y.length;
      for (int j = 0; j < FEATURES; j++) {
        gradient.set(j, gradient.get(j) + share * x[r][j]);
      }
    }
  }

  private float error(int r, float[] weights) {
    float error = -y[r];
    for (int j = 0; j < FEATURES; j++) {
      error += x[r][j] * weights[j];
    }
    return error;
  }
}
