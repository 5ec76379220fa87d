package org.strait.engine.model.export;

import java.io.IOException;
import java.nio.file.Path;
import org.strait.engine.model.ModelFile;

/// A line for each feature whose weight is not 0, {@code FEATURE WEIGHT}, features counted from 1
/// as in LIBSVM files, after lines that begin with {@code #} and say what the model is. Models of
/// several classes have a weight for each class, in the order of the labels. With an intercept the
/// first line is {@code intercept WEIGHT}. A score is the sum of weights times values, and of the
/// intercept. Weights are the shortest decimals that read back as the same float32.
final class TextExport implements ModelExport {
  static final String NAME = "text";

  @Override
  public String name() {
    return NAME;
  }

  @Override
  public String fileName() {
    return "model.txt";
  }

  @Override
  public void write(ModelFile model, Path file) throws IOException {
    LinearWeights linear = LinearWeights.of(model, file);
    LinearWeights.write(
        file,
        out -> {
          out.write("# model " + linear.model().name() + "\n");
          out.write("# features " + linear.features() + "\n");
          if (!linear.labels().isEmpty()) {
            out.write("# labels " + String.join(",", linear.labels()) + "\n");
          }
          if (linear.model().intercept()) {
            out.write("intercept" + weights(linear, linear.features()) + "\n");
          }
          for (int i = 0; i < linear.features(); i++) {
            if (isThere(linear, i)) {
              out.write((i + 1) + weights(linear, i) + "\n");
            }
          }
        });
  }

  private static boolean isThere(LinearWeights linear, int feature) {
    boolean there = false;
    for (int k = 0; k < linear.columns(); k++) {
      there |= linear.weight(feature, k) != 0;
    }
    return there;
  }

  private static String weights(LinearWeights linear, int feature) {
    StringBuilder line = new StringBuilder();
    for (int k = 0; k < linear.columns(); k++) {
      line.append(' ').append(linear.weight(feature, k));
    }
    return line.toString();
  }
}
