package org.strait.engine.model.export;

import java.io.IOException;
import java.nio.file.Path;
import org.strait.engine.data.DataException;
import org.strait.engine.model.ModelFile;
import org.strait.memory.Floats;

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
    String type =
        switch (linear.model().name()) {
          case "logistic" -> "L2R_LR";
          case "squared-hinge" -> "L2R_L2LOSS_SVC";
          case "squared", "huber" -> "L2R_L2LOSS_SVR";
          default ->
              throw new DataException(
                  file.toString(),
                  "LIBLINEAR has no model " + linear.model().name(),
                  "export it as onnx or text");
        };
    String labels = linear.labels().isEmpty() ? "" : labels(linear, file);
    Floats weights = linear.weights();
    LinearWeights.write(
        file,
        out -> {
          out.write("solver_type " + type + "\nnr_class 2\n" + labels);
          out.write("nr_feature " + weights.length() + "\nbias -1\nw\n");
          for (long i = 0; i < weights.length(); i++) {
            out.write(Double.toString(weights.get(i)) + " \n");
          }
        });
  }

  private static String labels(LinearWeights linear, Path file) {
    long[] whole =
        linear
            .wholeLabels()
            .filter(labels -> (int) labels[0] == labels[0] && (int) labels[1] == labels[1])
            .orElseThrow(
                () ->
                    new DataException(
                        file.toString(),
                        "LIBLINEAR's labels are whole numbers, the model's are "
                            + String.join(" and ", linear.labels()),
                        "export it as onnx or text"));
    return "label " + whole[1] + " " + whole[0] + "\n";
  }
}
