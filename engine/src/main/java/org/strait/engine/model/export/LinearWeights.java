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

/// What forms of linear models say: a weight for each feature, in order, or for each feature and
/// class, an intercept if there is one, and the labels.
///
/// @param model its loss
/// @param features number of features
/// @param weights of feature i of a LIBSVM file from (i - 1)·columns on; intercepts follow
/// @param labels of classes in their order: of two, first that of a score of at most 0, then the
///     other; empty for numbers
record LinearWeights(Model model, int features, Floats weights, List<String> labels) {
  /// @throws DataException if the model is unknown, its weights are none of a linear model, or not
  ///     all of them are numbers
  static LinearWeights of(ModelFile file, Path to) {
    Model model;
    String setting = file.metadata().getOrDefault("labels", "auto");
    boolean intercept =
        file.layout().parameters().stream().anyMatch(one -> one.name().equals("intercept"));
    try {
      Model.Targets targets = Models.targets(file.model());
      int classes =
          targets == Model.Targets.CLASSES
              ? Models.labels(file.model(), targets, setting).names().size()
              : 0;
      model = Models.choose(file.model(), classes, intercept);
    } catch (IllegalArgumentException e) {
      throw new DataException(to.toString(), e.getMessage(), "use the version that trained it", e);
    }
    Floats weights = file.weights();
    int features = file.features();
    int columns = features + (intercept ? 1 : 0);
    if (!model.parameters(columns).parameters().equals(file.layout().parameters())) {
      throw new DataException(
          to.toString(), "the model is not linear", "name a linear model that training wrote");
    }
    for (long i = 0; i < weights.length(); i++) {
      if (!Float.isFinite(weights.get(i))) {
        throw new DataException(
            to.toString(),
            "the weight of feature " + (i / model.outputs() + 1) + " is " + weights.get(i),
            "train the model again");
      }
    }
    return new LinearWeights(model, features, weights, labels(model, setting));
  }

  private static List<String> labels(Model model, String setting) {
    return switch (model.targets()) {
      case REAL -> List.of();
      case CLASSES -> Models.labels(model, setting).names();
      case TWO_CLASSES -> {
        String[] pair = (setting.contains(",") ? setting : "-1,1").split(",", 2);
        yield List.of(pair[0].strip(), pair[1].strip());
      }
    };
  }

  /// Weights of a feature: one, or one for each class.
  int columns() {
    return model.outputs();
  }

  /// Weight of a feature, from 0, for a class; the intercept's where the features end.
  float weight(int feature, int column) {
    return weights.get((long) feature * columns() + column);
  }

  /// 0 if there is none.
  float intercept(int column) {
    return model.intercept() ? weight(features, column) : 0;
  }

  /// The labels as whole numbers; empty if they are not.
  Optional<long[]> wholeLabels() {
    long[] whole = new long[labels.size()];
    for (int i = 0; i < whole.length; i++) {
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
