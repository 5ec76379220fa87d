package org.strait.engine.model.export;

import java.io.IOException;
import java.io.Writer;
import java.nio.channels.Channels;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.strait.engine.data.DataException;
import org.strait.engine.disk.WholeFile;
import org.strait.engine.model.Model;
import org.strait.engine.model.ModelFile;
import org.strait.engine.model.Models;
import org.strait.memory.Floats;

/// What forms of linear models say: a weight for each feature, in order, and the two labels.
///
/// @param model its loss
/// @param weights one for each feature; feature i of a LIBSVM file is at i - 1
/// @param labels of classes: first that of a score of at most 0, then the other; empty for numbers
record LinearWeights(Model model, Floats weights, List<String> labels) {
  /// @throws DataException if the model is unknown, its weights are none of a linear model, or not
  ///     all of them are numbers
  static LinearWeights of(ModelFile file, Path to) {
    Model model;
    if (Models.CLASSES.contains(file.model())) {
      throw new DataException(
          to.toString(), "the model has several classes", "keep model.safetensors");
    }
    try {
      model = Models.choose(file.model());
    } catch (IllegalArgumentException e) {
      throw new DataException(to.toString(), e.getMessage(), "use the version that trained it", e);
    }
    Floats weights = file.weights();
    int features = Math.toIntExact(weights.length());
    if (!model.parameters(features).parameters().equals(file.layout().parameters())) {
      throw new DataException(
          to.toString(), "the model is not linear", "name a linear model that training wrote");
    }
    for (long i = 0; i < weights.length(); i++) {
      if (!Float.isFinite(weights.get(i))) {
        throw new DataException(
            to.toString(),
            "the weight of feature " + (i + 1) + " is " + weights.get(i),
            "train the model again");
      }
    }
    boolean classes = model.targets() == Model.Targets.TWO_CLASSES;
    String pair = file.metadata().getOrDefault("labels", "-1,1");
    String[] labels = (pair.contains(",") ? pair : "-1,1").split(",", 2);
    return new LinearWeights(
        model, weights, classes ? List.of(labels[0].strip(), labels[1].strip()) : List.of());
  }

  /// The labels as whole numbers; empty if they are not.
  Optional<long[]> wholeLabels() {
    long[] whole = new long[2];
    for (int i = 0; i < 2; i++) {
      try {
        double value = Double.parseDouble(labels.get(i));
        whole[i] = (long) value;
        if (value != (double) whole[i]) {
          return Optional.empty();
        }
      } catch (NumberFormatException e) {
        return Optional.empty();
      }
    }
    return Optional.of(whole);
  }

  /// Writes lines of text.
  @FunctionalInterface
  interface Lines {
    void write(Writer out) throws IOException;
  }

  static void write(Path file, Lines lines) throws IOException {
    WholeFile.write(
        file.toAbsolutePath(),
        channel -> {
          Writer out = Channels.newWriter(channel, StandardCharsets.US_ASCII.newEncoder(), 1 << 16);
          lines.write(out);
          out.flush();
        });
  }
}
