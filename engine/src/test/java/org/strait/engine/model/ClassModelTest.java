package org.strait.engine.model;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.strait.engine.data.Batch;
import org.strait.engine.data.Dataset;
import org.strait.engine.data.DatasetBuilder;
import org.strait.engine.data.Shard;
import org.strait.kernels.Backend;
import org.strait.memory.Floats;
import org.strait.memory.HostMemory;

class ClassModelTest {
  private static final int FEATURES = 6;
  private static final int CLASSES = 4;
  private static final int ROWS = 50;

  private final HostMemory memory = HostMemory.unlimited("test");
  private final Backend backend = TestBackend.make();
  private final Random random = new Random(1);

  @AfterEach
  void close() {
    memory.close();
  }

  private Dataset data() {
    try (DatasetBuilder builder = new DatasetBuilder(memory)) {
      for (int r = 0; r < ROWS; r++) {
        for (int f = 0; f < FEATURES; f++) {
          if (random.nextInt(3) > 0) {
            builder.entry(f, (float) random.nextGaussian());
          }
        }
        builder.endRow(random.nextInt(CLASSES));
      }
      return builder.build("random", FEATURES, memory);
    }
  }

  private Replica replica(Model model) {
    Replica replica = Replica.of(model, FEATURES, ROWS, backend, memory);
    for (long i = 0; i < replica.weights().length(); i++) {
      replica.weights().set(i, (float) random.nextGaussian());
    }
    return replica;
  }

  @ParameterizedTest
  @ValueSource(strings = {"softmax", "ovr-logistic", "ovr-squared-hinge"})
  void theGradientIsTheSlopeOfTheLossAndDenseRowsGiveTheSame(String name) {
    Model model = Models.choose(name, CLASSES, false);
    Dataset data = data();
    Batch batch = Batch.of(data);
    Batch dense = Shard.full(data, backend.sparse(), memory).next();
    assertNotNull(dense.dense());
    try (Replica replica = replica(model)) {
      double loss = replica.lossAndGradient(batch);
      assertEquals(loss, replica.loss(batch), 1e-12 * loss);
      for (int i = 0; i < FEATURES * CLASSES; i++) {
        float weight = replica.weights().get(i);
        float step = 1 / 128f;
        replica.weights().set(i, weight + step);
        double above = replica.loss(batch);
        replica.weights().set(i, weight - step);
        double below = replica.loss(batch);
        replica.weights().set(i, weight);
        float slope = replica.gradient().get(i);
        assertEquals((above - below) / (2 * step), slope, 2e-3 * (1 + Math.abs(slope)));
      }
      float[] gradient = replica.gradient().toArray();
      assertEquals(loss, replica.lossAndGradient(dense), 1e-5 * loss);
      assertArrayEquals(gradient, replica.gradient().toArray(), 1e-4f);
    }
  }

  /// One against the rest is the sum of the models of two classes, with the same weights.
  @Test
  void oneAgainstTheRestIsTheSumOfItsProblems() {
    Model model = Models.choose("ovr-logistic", CLASSES, false);
    Dataset data = data();
    try (Replica replica = replica(model)) {
      double sum = 0;
      for (int k = 0; k < CLASSES; k++) {
        Floats labels = memory.floats(ROWS);
        for (int r = 0; r < ROWS; r++) {
          labels.set(r, data.labels().get(r) == k ? 1 : -1);
        }
        try (Replica one = Replica.of(Models.choose("logistic"), FEATURES, ROWS, backend, memory)) {
          for (int f = 0; f < FEATURES; f++) {
            one.weights().set(f, replica.weights().get((long) f * CLASSES + k));
          }
          sum += one.loss(Batch.of(new Dataset("one", data.matrix(), labels)));
        }
      }
      assertEquals(sum, replica.loss(Batch.of(data)), 1e-5 * sum);
    }
  }

  @Test
  void hugeScoresHaveAFiniteLoss() {
    Model model = Models.choose("softmax", CLASSES, false);
    Dataset data = data();
    try (Replica replica = replica(model)) {
      for (long i = 0; i < replica.weights().length(); i++) {
        replica.weights().set(i, replica.weights().get(i) * 1e30f);
      }
      assertTrue(Double.isFinite(replica.lossAndGradient(Batch.of(data))));
    }
  }

  @Test
  void severalClassesAreJudgedByTheLargestScore() {
    Model model = Models.choose("softmax", 3, false);
    Floats scores = memory.floats(12);
    scores.copyFrom(new float[] {2, 0, 0, 0, 2, 0, 1, 1, 0, 0, 3, 1});
    Floats labels = memory.floats(4);
    labels.copyFrom(new float[] {0, 1, 1, 0});
    Evaluation e = Evaluation.of(model, scores, labels);
    assertEquals(0.5, e.accuracy().orElseThrow());
    double two = Math.log(1 + 2 * Math.exp(-2));
    double tied = Math.log(2 + Math.exp(-1));
    double far = Math.log(1 + Math.exp(-3) + Math.exp(-2)) + 3;
    assertEquals((2 * two + tied + far) / 4, e.logLoss().orElseThrow(), 1e-12);
    // Class 0 against the rest: 2 and 0 above 0 and 1; class 1: 2 and 1 against 0 and 3. No row of
    // 2.
    assertEquals((0.625 + 0.5) / 2, e.auc().orElseThrow(), 1e-12);
    Confusion confusion = e.confusion().orElseThrow();
    assertEquals(1, confusion.count(0, 0));
    assertEquals(1, confusion.count(0, 1));
    assertEquals(1, confusion.count(1, 0));
    assertEquals(0, confusion.count(2, 2));
    assertTrue(Evaluation.of(model, memory.floats(0), memory.floats(0)).accuracy().isEmpty());
  }

  @Test
  void weightsCountLikeRepeatedRows() {
    Model model = Models.choose("softmax", 3, false);
    Floats scores = memory.floats(9);
    scores.copyFrom(new float[] {2, 0, 0, 0, 2, 0, 1, 3, 0});
    Floats labels = memory.floats(3);
    labels.copyFrom(new float[] {0, 2, 0});
    Floats weights = memory.floats(3);
    weights.copyFrom(new float[] {1, 3, 2});
    Floats repeated = memory.floats(18);
    Floats repeatedLabels = memory.floats(6);
    int at = 0;
    for (int r = 0; r < 3; r++) {
      for (int i = 0; i < weights.get(r); i++) {
        repeated.slice(3L * at, 3).copyFrom(scores.slice(3L * r, 3));
        repeatedLabels.set(at++, labels.get(r));
      }
    }
    Evaluation weighted = Evaluation.of(model, scores, labels, weights);
    Evaluation plain = Evaluation.of(model, repeated, repeatedLabels);
    assertEquals(plain.accuracy().orElseThrow(), weighted.accuracy().orElseThrow(), 1e-15);
    assertEquals(plain.logLoss().orElseThrow(), weighted.logLoss().orElseThrow(), 1e-15);
    assertEquals(plain.auc().orElseThrow(), weighted.auc().orElseThrow(), 1e-15);
    assertEquals(3, weighted.rows());
  }

  @Test
  void namesAreKnownByWhatTheyPredict() {
    for (String name : Models.CLASSES) {
      assertEquals(name, Models.choose(name, 5, true).name());
      assertEquals(Model.Targets.CLASSES, Models.targets(name));
    }
    assertEquals(Model.Targets.REAL, Models.targets("huber"));
    assertThrows(IllegalArgumentException.class, () -> Models.targets("soft-max"));
    assertThrows(IllegalArgumentException.class, () -> Models.choose("softmax", 1, false));
    Model model = Models.choose("softmax", 3, true);
    assertEquals("weights[4, 3] intercept[3]", model.parameters(5).toString());
    assertEquals(12, model.penalised(5));
    assertEquals("weights[4] intercept[1]", "" + Models.choose("huber", 0, true).parameters(5));
  }
}
