package org.strait.engine.model.export;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.Channels;
import java.nio.file.Path;
import java.util.Optional;
import org.strait.engine.data.DataException;
import org.strait.engine.disk.WholeFile;
import org.strait.engine.model.Model;
import org.strait.engine.model.ModelFile;

/// ONNX (onnx.proto, IR version 8) with one operator of ai.onnx.ml 3. Input {@code features}:
/// float32, rows times d, column i is feature i + 1 of a LIBSVM file. Models of two classes are a
/// LinearClassifier with the outputs {@code label}, one a row (int64, or strings where labels are
/// no whole numbers), and {@code scores}, two a row, for logistic models probabilities; of several
/// classes one score each, for softmax models probabilities; the others a LinearRegressor with the
/// output {@code score}, one a row.
final class OnnxExport implements ModelExport {
  static final String NAME = "onnx";

  private static final int FLOAT = 1;
  private static final int INT64 = 7;
  private static final int STRING = 8;
  private static final long MOST_WEIGHTS = 1L << 26;

  @Override
  public String name() {
    return NAME;
  }

  @Override
  public String fileName() {
    return "model.onnx";
  }

  @Override
  public void write(ModelFile model, Path file) throws IOException {
    LinearWeights linear = LinearWeights.of(model, file);
    if (linear.weights().length() > MOST_WEIGHTS) {
      throw new DataException(
          file.toString(),
          linear.weights().length() + " weights; an ONNX file has room for " + MOST_WEIGHTS,
          "export it as liblinear or text");
    }
    byte[] bytes = model(linear).toByteArray();
    WholeFile.write(file.toAbsolutePath(), out -> Channels.newOutputStream(out).write(bytes));
  }

  private static ProtoWriter model(LinearWeights linear) {
    return new ProtoWriter()
        .number(1, 8)
        .text(2, "strait")
        .message(7, linear.labels().isEmpty() ? regressor(linear) : classifier(linear))
        .message(8, new ProtoWriter().text(1, "").number(2, 15))
        .message(8, new ProtoWriter().text(1, "ai.onnx.ml").number(2, 3));
  }

  private static ProtoWriter regressor(LinearWeights linear) {
    ProtoWriter node =
        node("LinearRegressor", "score")
            .message(5, coefficients(linear))
            .message(5, intercepts(linear))
            .message(5, number("targets", 1))
            .message(5, text("post_transform", "NONE"));
    return graph(linear, node).message(12, value("score", FLOAT, 1));
  }

  private static ProtoWriter classifier(LinearWeights linear) {
    Optional<long[]> whole = linear.wholeLabels();
    ProtoWriter node =
        node("LinearClassifier", "label", "scores")
            .message(5, coefficients(linear))
            .message(5, intercepts(linear))
            .message(5, number("multi_class", linear.model().name().equals("softmax") ? 1 : 0))
            .message(5, text("post_transform", after(linear)));
    if (whole.isPresent()) {
      ProtoWriter labels = attribute("classlabels_ints", 7);
      for (long label : whole.get()) {
        labels.number(8, label);
      }
      node.message(5, labels);
    } else {
      ProtoWriter labels = attribute("classlabels_strings", 8);
      for (String label : linear.labels()) {
        labels.text(9, label);
      }
      node.message(5, labels);
    }
    return graph(linear, node)
        .message(12, value("label", whole.isPresent() ? INT64 : STRING, 0))
        .message(12, value("scores", FLOAT, linear.labels().size()));
  }

  /// What becomes of scores.
  private static String after(LinearWeights linear) {
    boolean several = linear.model().targets() == Model.Targets.CLASSES;
    return linear.model().probabilistic() ? several ? "SOFTMAX" : "LOGISTIC" : "NONE";
  }

  private static ProtoWriter graph(LinearWeights linear, ProtoWriter node) {
    return new ProtoWriter()
        .message(1, node)
        .text(2, linear.model().name())
        .message(11, value("features", FLOAT, linear.features()));
  }

  private static ProtoWriter node(String operator, String... outputs) {
    ProtoWriter node = new ProtoWriter().text(1, "features");
    for (String output : outputs) {
      node.text(2, output);
    }
    return node.text(3, "linear").text(4, operator).text(7, "ai.onnx.ml");
  }

  /// @param columns 0 for a tensor of one dimension
  private static ProtoWriter value(String name, int type, long columns) {
    ProtoWriter shape = new ProtoWriter().message(1, new ProtoWriter().text(2, "rows"));
    if (columns > 0) {
      shape.message(1, new ProtoWriter().number(1, columns));
    }
    ProtoWriter tensor = new ProtoWriter().number(1, type).message(2, shape);
    return new ProtoWriter().text(1, name).message(2, new ProtoWriter().message(1, tensor));
  }

  /// @param type of the values: 2 a number, 3 text, 6 floats, 7 numbers, 8 texts
  private static ProtoWriter attribute(String name, int type) {
    return new ProtoWriter().text(1, name).number(20, type);
  }

  private static ProtoWriter number(String name, long value) {
    return attribute(name, 2).number(3, value);
  }

  private static ProtoWriter text(String name, String value) {
    return attribute(name, 3).text(4, value);
  }

  /// A row of weights for each score. Two classes of a model with one score are scored by the
  /// opposite values and the values.
  private static ProtoWriter coefficients(LinearWeights linear) {
    int n = linear.features();
    int rows = rows(linear);
    ByteBuffer packed = floats((long) rows * n);
    for (int row = 0; row < rows; row++) {
      boolean opposite = row < rows - linear.columns();
      for (int i = 0; i < n; i++) {
        float weight = linear.weight(i, rows == linear.columns() ? row : 0);
        packed.putFloat(opposite ? -weight : weight);
      }
    }
    return attribute("coefficients", 6).bytes(7, packed);
  }

  private static ProtoWriter intercepts(LinearWeights linear) {
    int rows = rows(linear);
    ByteBuffer packed = floats(rows);
    for (int row = 0; row < rows; row++) {
      float value = linear.intercept(rows == linear.columns() ? row : 0);
      packed.putFloat(value == 0 ? 0 : row < rows - linear.columns() ? -value : value);
    }
    return attribute("intercepts", 6).bytes(7, packed);
  }

  private static int rows(LinearWeights linear) {
    return Math.max(1, linear.labels().size());
  }

  private static ByteBuffer floats(long count) {
    return ByteBuffer.allocate(Math.toIntExact(count * Float.BYTES)).order(ByteOrder.LITTLE_ENDIAN);
  }
}
