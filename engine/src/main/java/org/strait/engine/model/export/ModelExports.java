package org.strait.engine.model.export;

import java.util.List;
import org.strait.kernels.UnknownName;

/// The one choice of a {@link ModelExport}.
public final class ModelExports {
  /// Names that {@link #choose} knows.
  public static final List<String> NAMES =
      List.of(TextExport.NAME, LibLinearExport.NAME, OnnxExport.NAME);

  private ModelExports() {}

  /// {@code text} (a line for each weight that is not 0), {@code liblinear} (what
  /// `liblinear-predict` reads), {@code onnx} (a graph of one node, operators ai.onnx.ml 3).
  ///
  /// @throws IllegalArgumentException for an unknown name; the message has the known ones
  public static ModelExport choose(String name) {
    return switch (name) {
      case TextExport.NAME -> new TextExport();
      case LibLinearExport.NAME -> new LibLinearExport();
      case OnnxExport.NAME -> new OnnxExport();
      default -> throw UnknownName.of("format", name, NAMES);
    };
  }
}
