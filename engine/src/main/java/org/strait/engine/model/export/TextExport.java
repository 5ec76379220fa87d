package org.strait.engine.model.export;

import java.io.IOException;
import java.nio.file.Path;
import org.strait.engine.model.ModelFile;
import org.strait.memory.Floats;

/// A line for each weight that is not 0, {@code FEATURE WEIGHT}, features counted from 1 as in
/// LIBSVM files, after lines that begin with {@code #} and say what the model is. A score is the
/// sum of weights times values. Weights are the shortest decimals that read back as the same
/// float32.
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
    Floats weights = linear.weights();
    LinearWeights.write(
        file,
        out -> {
          out.write("# model " + linear.model().name() + "\n");
          out.write("# features " + weights.length() + "\n");
          if (!linear.labels().isEmpty()) {
            out.write("# labels " + String.join(",", linear.labels()) + "\n");
          }
          for (long i = 0; i < weights.length(); i++) {
            if (weights.get(i) != 0) {
              out.write((i + 1) + " " + weights.get(i) + "\n");
            }
          }
        });
  }
}
