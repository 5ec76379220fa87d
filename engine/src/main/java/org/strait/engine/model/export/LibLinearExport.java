package org.strait.engine.model.export;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import org.strait.engine.data.DataException;
import org.strait.engine.model.ModelFile;

/// LIBLINEAR's model file (Fan et al. 2008; {@code load_model} of version 2): logistic and
/// squared-hinge models as L2R_LR and L2R_L2LOSS_SVC, those of numbers whose score is the
/// prediction as L2R_L2LOSS_SVR. The label of a positive score comes first; labels are whole
/// numbers.
final class LibLinearExport implements ModelExport {
  static final String NAME = "liblinear";

  @Override
  public String name() {
    return NAME;
  }

  @Override
  public String fileName() {
    return "model.liblinear";
  }

  @Override
  public void write(ModelFile model, Path file) throws IOException {
    LinearWeights linear = LinearWeights.of(model, file);
    String name = linear.model().name();
    boolean pair = linear.columns() == 2;
    String type =
        switch (name) {
          case "logistic", "ovr-logistic" -> "L2R_LR";
          case "squared-hinge", "ovr-squared-hinge" -> "L2R_L2LOSS_SVC";
          // LIBLINEAR takes the largest score of Crammer and Singer's model, and says no
          // probabilities, which for L2R_LR would be those of one against the rest.
          case "softmax" -> pair ? "L2R_LR" : "MCSVM_CS";
          case "squared", "huber" -> "L2R_L2LOSS_SVR";
          default ->
              throw new DataException(
                  file.toString(), "LIBLINEAR has no model " + name, "export it as onnx or text");
        };
    String labels = linear.labels().isEmpty() ? "" : labels(linear, file);
    int classes = Math.max(2, linear.labels().size());
    int rows = linear.features() + (linear.model().intercept() ? 1 : 0);
    LinearWeights.write(
        file,
        out -> {
          out.write("solver_type " + type + "\nnr_class " + classes + "\n" + labels);
          out.write("nr_feature " + linear.features() + "\nbias ");
          out.write((linear.model().intercept() ? "1" : "-1") + "\nw\n");
          for (int i = 0; i < rows; i++) {
            if (pair) {
              // Of two classes LIBLINEAR has one score, that of the label that it names first.
              out.write((double) linear.weight(i, 1) - linear.weight(i, 0) + " ");
            } else {
              for (int k = 0; k < linear.columns(); k++) {
                out.write(Double.toString(linear.weight(i, k)) + " ");
              }
            }
            out.write("\n");
          }
        });
  }

  private static String labels(LinearWeights linear, Path file) {
    long[] whole =
        linear
            .wholeLabels()
            .filter(labels -> Arrays.stream(labels).allMatch(label -> (int) label == label))
            .orElseThrow(
                () ->
                    new DataException(
                        file.toString(),
                        "LIBLINEAR's labels are whole numbers, the model's are "
                            + String.join(" and ", linear.labels()),
                        "export it as onnx or text"));
    if (whole.length == 2) {
      return "label " + whole[1] + " " + whole[0] + "\n";
    }
    StringBuilder line = new StringBuilder("label");
    for (long label : whole) {
      line.append(' ').append(label);
    }
    return line.append('\n').toString();
  }
}
