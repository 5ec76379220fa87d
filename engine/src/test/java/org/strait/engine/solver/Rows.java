package org.strait.engine.solver;

import java.util.SplittableRandom;
import org.strait.engine.data.Dataset;
import org.strait.engine.data.DatasetBuilder;
import org.strait.memory.HostMemory;

/// Small data sets.
final class Rows {
  private Rows() {}

  /// Sparse rows of random values, with labels that fit the model; every tenth row is empty.
  static Dataset random(String model, int rows, int features, HostMemory memory) {
    SplittableRandom random = new SplittableRandom(7);
    try (DatasetBuilder builder = new DatasetBuilder(memory)) {
      for (int r = 0; r < rows; r++) {
        double score = 0;
        for (int j = 0; j < features && r % 10 != 0; j++) {
          if (random.nextInt(3) == 0) {
            float x = (float) random.nextGaussian();
            builder.entry(j, x);
            score += x * Math.sin(j + 1);
          }
        }
        builder.endRow(label(model, score + 0.5 * random.nextGaussian()));
      }
      return builder.build("random rows", features, memory);
    }
  }

  /// Rows given in full; zeros are left out. The last column is the label.
  static Dataset of(HostMemory memory, float[]... rows) {
    int features = rows[0].length - 1;
    try (DatasetBuilder builder = new DatasetBuilder(memory)) {
      for (float[] row : rows) {
        for (int j = 0; j < features; j++) {
          if (row[j] != 0) {
            builder.entry(j, row[j]);
          }
        }
        builder.endRow(row[features]);
      }
      return builder.build("rows", features, memory);
    }
  }

  private static float label(String model, double score) {
    return switch (model) {
      case "logistic", "squared-hinge" -> score > 0 ? 1 : -1;
      case "poisson" -> Math.round(Math.exp(Math.min(3, score)));
      default -> (float) (2 * score);
    };
  }
}
