package org.strait.examples;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.strait.engine.model.ModelFile;
import org.strait.engine.model.ParameterLayout;
import org.strait.engine.model.export.ModelExports;
import org.strait.memory.Floats;
import org.strait.memory.HostMemory;

/// ONNX Runtime reads exported models and predicts what their weights say.
class OnnxExportTest {
  private static final int ROWS = 40;
  private static final int FEATURES = 25;

  private final HostMemory memory = HostMemory.unlimited("test");
  private final float[] weights = new float[FEATURES];
  private final float[][] rows = new float[ROWS][FEATURES];
  private final double[] margins = new double[ROWS];
  @TempDir Path folder;

  OnnxExportTest() {
    Random random = new Random(7);
    for (int i = 0; i < FEATURES; i++) {
      weights[i] = (float) random.nextGaussian();
    }
    for (int r = 0; r < ROWS; r++) {
      for (int i = 0; i < FEATURES; i++) {
        rows[r][i] = random.nextInt(3) == 0 ? (float) random.nextGaussian() : 0;
        margins[r] += (double) weights[i] * rows[r][i];
      }
    }
  }

  @AfterEach
  void close() {
    memory.close();
  }

  private String exported(String model, String labels) throws IOException {
    Floats values = memory.floats(FEATURES);
    values.copyFrom(weights);
    Path file = folder.resolve("model.onnx");
    ModelExports.choose("onnx")
        .write(
            new ModelFile(
                Map.of("model", model, "labels", labels),
                ParameterLayout.EMPTY.and("weights", FEATURES),
                values),
            file);
    return file.toString();
  }

  /// What a run is asked.
  @FunctionalInterface
  private interface Look {
    void at(OrtSession.Result result) throws OrtException;
  }

  private void run(String file, Look look) throws OrtException {
    OrtEnvironment environment = OrtEnvironment.getEnvironment();
    try (OrtSession session = environment.createSession(file);
        OnnxTensor features = OnnxTensor.createTensor(environment, rows);
        OrtSession.Result result = session.run(Map.of("features", features))) {
      look.at(result);
    }
  }

  @Test
  void logisticModelsGiveLabelsAndProbabilities() throws Exception {
    run(
        exported("logistic", "0,1"),
        result -> {
          long[] labels = (long[]) result.get("label").orElseThrow().getValue();
          float[][] scores = (float[][]) result.get("scores").orElseThrow().getValue();
          for (int r = 0; r < ROWS; r++) {
            assertEquals(margins[r] > 0 ? 1 : 0, labels[r], "row " + r);
            assertEquals(1 / (1 + Math.exp(-margins[r])), scores[r][1], 1e-5);
            assertEquals(1 / (1 + Math.exp(margins[r])), scores[r][0], 1e-5);
          }
        });
  }

  @Test
  void otherLabelsAreText() throws Exception {
    run(
        exported("squared-hinge", "0.5,2"),
        result -> {
          String[] labels = (String[]) result.get("label").orElseThrow().getValue();
          float[][] scores = (float[][]) result.get("scores").orElseThrow().getValue();
          String[] expected = new String[ROWS];
          for (int r = 0; r < ROWS; r++) {
            expected[r] = margins[r] > 0 ? "2" : "0.5";
            assertEquals(margins[r], scores[r][1], 1e-4);
          }
          assertArrayEquals(expected, labels);
        });
  }

  /// Three classes with intercepts: scores are margins, taken once, twice and negative.
  private String several(String model) throws IOException {
    Floats values = memory.floats(3L * FEATURES + 3);
    for (int i = 0; i < FEATURES; i++) {
      values.set(3L * i, weights[i]);
      values.set(3L * i + 1, 2 * weights[i]);
      values.set(3L * i + 2, -weights[i]);
    }
    values.set(3L * FEATURES, 0.5f);
    values.set(3L * FEATURES + 2, -0.25f);
    Path file = folder.resolve("model.onnx");
    ModelExports.choose("onnx")
        .write(
            new ModelFile(
                Map.of("model", model, "labels", "3,7,9"),
                ParameterLayout.EMPTY.and("weights", FEATURES, 3).and("intercept", 3),
                values),
            file);
    return file.toString();
  }

  private double[] scoresOf(int r) {
    return new double[] {margins[r] + 0.5, 2 * margins[r], -margins[r] - 0.25};
  }

  @Test
  void severalClassesGiveTheLargestScoreAndProbabilities() throws Exception {
    for (String model : new String[] {"softmax", "ovr-squared-hinge"}) {
      run(
          several(model),
          result -> {
            long[] labels = (long[]) result.get("label").orElseThrow().getValue();
            float[][] scores = (float[][]) result.get("scores").orElseThrow().getValue();
            for (int r = 0; r < ROWS; r++) {
              double[] expected = scoresOf(r);
              int best = 0;
              double sum = 0;
              for (int k = 0; k < 3; k++) {
                best = expected[k] > expected[best] ? k : best;
                sum += Math.exp(expected[k]);
              }
              assertEquals(new long[] {3, 7, 9}[best], labels[r], "row " + r);
              for (int k = 0; k < 3; k++) {
                double score = model.equals("softmax") ? Math.exp(expected[k]) / sum : expected[k];
                assertEquals(score, scores[r][k], 1e-4);
              }
            }
          });
    }
  }

  @Test
  void interceptsOfTwoClassesCount() throws Exception {
    Floats values = memory.floats(FEATURES + 1L);
    values.slice(0, FEATURES).copyFrom(weights);
    values.set(FEATURES, 1.5f);
    Path file = folder.resolve("model.onnx");
    ModelExports.choose("onnx")
        .write(
            new ModelFile(
                Map.of("model", "logistic", "labels", "-1,1"),
                ParameterLayout.EMPTY.and("weights", FEATURES).and("intercept", 1),
                values),
            file);
    run(
        file.toString(),
        result -> {
          float[][] scores = (float[][]) result.get("scores").orElseThrow().getValue();
          for (int r = 0; r < ROWS; r++) {
            assertEquals(1 / (1 + Math.exp(-margins[r] - 1.5)), scores[r][1], 1e-5);
          }
        });
  }

  @Test
  void modelsOfNumbersGiveScores() throws Exception {
    run(
        exported("huber", "real"),
        result -> {
          float[][] scores = (float[][]) result.get("score").orElseThrow().getValue();
          for (int r = 0; r < ROWS; r++) {
            assertEquals(margins[r], scores[r][0], 1e-4);
          }
        });
  }
}
