package org.strait.engine.model.export;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.strait.engine.data.DataException;
import org.strait.engine.model.ModelFile;
import org.strait.engine.model.ParameterLayout;
import org.strait.memory.Floats;
import org.strait.memory.HostMemory;

/// Text forms to the letter; what reads them is in the launcher's and the examples' tests.
class ModelExportTest {
  private final HostMemory memory = HostMemory.unlimited("test");
  @TempDir Path folder;

  @AfterEach
  void close() {
    memory.close();
  }

  private ModelFile model(String name, String labels, float... values) {
    Floats weights = memory.floats(values.length);
    weights.copyFrom(values);
    return new ModelFile(
        Map.of("model", name, "labels", labels),
        ParameterLayout.EMPTY.and("weights", values.length),
        weights);
  }

  private String exported(String format, ModelFile model) throws IOException {
    Path file = folder.resolve("model");
    ModelExports.choose(format).write(model, file);
    return Files.readString(file);
  }

  @Test
  void textHasTheWeightsThatAreNotZero() throws IOException {
    assertEquals(
        "# model logistic\n# features 3\n# labels 0,1\n1 0.5\n3 -1.0E-7\n",
        exported("text", model("logistic", "0,1", 0.5f, 0, -1e-7f)));
  }

  @Test
  void liblinearNamesThePositiveLabelFirst() throws IOException {
    assertEquals(
        "solver_type L2R_L2LOSS_SVC\nnr_class 2\nlabel 1 -1\nnr_feature 2\nbias -1\nw\n0.5 \n-2.0 \n",
        exported("liblinear", model("squared-hinge", "-1,1", 0.5f, -2)));
    assertEquals(
        "solver_type L2R_L2LOSS_SVR\nnr_class 2\nnr_feature 1\nbias -1\nw\n3.0 \n",
        exported("liblinear", model("huber", "real", 3)));
  }

  @Test
  void whatAFormCannotSayIsRefused() {
    String hinge = refusal("liblinear", model("poisson", "real", 1));
    assertTrue(hinge.contains("LIBLINEAR has no model poisson"), hinge);
    String labels = refusal("liblinear", model("logistic", "0.5,1", 1));
    assertTrue(labels.contains("0.5 and 1"), labels);
    String diverged = refusal("onnx", model("logistic", "0,1", 1, Float.NaN));
    assertTrue(diverged.contains("feature 2 is NaN"), diverged);
    assertFalse(Files.exists(folder.resolve("model")));
    String known =
        assertThrows(IllegalArgumentException.class, () -> ModelExports.choose("pmml"))
            .getMessage();
    assertTrue(known.contains("onnx"), known);
  }

  private ModelFile classes(String name, boolean intercept, float... values) {
    Floats weights = memory.floats(values.length);
    weights.copyFrom(values);
    ParameterLayout layout =
        ParameterLayout.EMPTY.and("weights", values.length / 3 - (intercept ? 1L : 0), 3);
    return new ModelFile(
        Map.of("model", name, "labels", "7,-2,4"),
        intercept ? layout.and("intercept", 3) : layout,
        weights);
  }

  @Test
  void severalClassesHaveAWeightEachAndInterceptsALineOfTheirOwn() throws IOException {
    ModelFile softmax = classes("softmax", true, 1, 2, 3, 0, 0, 0, 0.5f, 0, -1);
    assertEquals(
        "# model softmax\n# features 2\n# labels 7,-2,4\nintercept 0.5 0.0 -1.0\n1 1.0 2.0 3.0\n",
        exported("text", softmax));
    assertEquals(
        """
        solver_type MCSVM_CS
        nr_class 3
        label 7 -2 4
        nr_feature 2
        bias 1
        w
        1.0 2.0 3.0\s
        0.0 0.0 0.0\s
        0.5 0.0 -1.0\s
        """,
        exported("liblinear", softmax));
    assertTrue(
        exported("liblinear", classes("ovr-logistic", false, 1, 2, 3))
            .startsWith("solver_type L2R_LR\nnr_class 3\n"));
  }

  private String refusal(String format, ModelFile model) {
    return assertThrows(DataException.class, () -> exported(format, model)).getMessage();
  }
}
