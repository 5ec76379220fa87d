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
import org.strait.engine.data.Labels;
import org.strait.engine.data.Shard;
import org.strait.kernels.Backend;
import org.strait.memory.Floats;
import org.strait.memory.HostMemory;

class LinearModelTest {
  private static final int FEATURES = 7;

  private final HostMemory memory = HostMemory.unlimited("test");
  private final Backend backend = TestBackend.make();
  private final Random random = new Random(1);

  @AfterEach
  void close() {
    memory.close();
  }

  private Dataset data(int rows, boolean real) {
    try (DatasetBuilder builder = new DatasetBuilder(memory)) {
      for (int r = 0; r < rows; r++) {
        for (int f = 0; f < FEATURES; f++) {
          if (random.nextInt(3) > 0) {
            builder.entry(f, (float) random.nextGaussian());
          }
        }
        builder.endRow(real ? (float) random.nextGaussian() : random.nextBoolean() ? 1 : -1);
      }
      return builder.build("random", FEATURES, memory);
    }
  }

  private Replica replica(LinearModel model, int rows) {
    Replica replica = Replica.of(model, FEATURES, rows, backend, memory);
    for (int f = 0; f < FEATURES; f++) {
      replica.weights().set(f, (float) random.nextGaussian());
    }
    return replica;
  }

  @ParameterizedTest
  @ValueSource(strings = {"logistic", "squared-hinge", "squared"})
  void theGradientIsTheSlopeOfTheLoss(String name) {
    LinearModel model = Models.choose(name);
    Batch batch = Batch.of(data(40, model.targets() == Model.Targets.REAL));
    try (Replica replica = replica(model, 40)) {
      replica.gradient().fill(Float.NaN);
      double loss = replica.lossAndGradient(batch);
      assertEquals(loss, replica.loss(batch), 1e-12 * loss);
      for (int f = 0; f < FEATURES; f++) {
        float weight = replica.weights().get(f);
        float step = 1 / 128f;
        replica.weights().set(f, weight + step);
        double above = replica.loss(batch);
        replica.weights().set(f, weight - step);
        double below = replica.loss(batch);
        replica.weights().set(f, weight);
        float slope = replica.gradient().get(f);
        assertEquals((above - below) / (2 * step), slope, 2e-3 * (1 + Math.abs(slope)));
      }
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"logistic", "squared-hinge", "squared"})
  void aDenseCopyOfTheRowsGivesTheSameLossGradientAndScores(String name) {
    LinearModel model = Models.choose(name);
    Dataset data = data(40, model.targets() == Model.Targets.REAL);
    Batch sparse = Batch.of(data);
    Batch dense = Shard.full(data, backend.sparse(), memory).next();
    assertNotNull(dense.dense());
    try (Replica replica = replica(model, 40)) {
      Floats scores = memory.floats(40);
      double loss = replica.lossAndGradient(sparse);
      replica.scores(sparse, scores);
      float[] gradient = replica.gradient().toArray();
      float[] margins = scores.toArray();
      assertEquals(loss, replica.lossAndGradient(dense), 1e-5 * loss);
      assertEquals(loss, replica.loss(dense), 1e-5 * loss);
      replica.scores(dense, scores);
      assertArrayEquals(gradient, replica.gradient().toArray(), 1e-4f);
      assertArrayEquals(margins, scores.toArray(), 1e-5f);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"logistic", "squared"})
  void theCurvatureProductIsTheChangeOfTheGradient(String name) {
    LinearModel model = Models.choose(name);
    Batch batch = Batch.of(data(40, model.targets() == Model.Targets.REAL));
    try (Replica replica = replica(model, 40)) {
      Floats curvatures = memory.floats(40);
      Floats direction = memory.floats(FEATURES);
      Floats product = memory.floats(FEATURES);
      for (int f = 0; f < FEATURES; f++) {
        direction.set(f, (float) random.nextGaussian());
        product.set(f, f);
      }
      Floats margins = memory.floats(40);
      replica.scores(batch, margins);
      model.lossAt(margins, batch.labels(), margins, backend);
      model.curvatures(margins, curvatures);
      model.addCurvatureProduct(batch, curvatures, direction, product, replica.scratch());
      float step = 1 / 256f;
      float[][] gradients = new float[2][];
      for (int side = 0; side < 2; side++) {
        for (int f = 0; f < FEATURES; f++) {
          float change = (side == 0 ? 1 : -2) * step * direction.get(f);
          replica.weights().set(f, replica.weights().get(f) + change);
        }
        replica.lossAndGradient(batch);
        gradients[side] = replica.gradient().toArray();
      }
      for (int f = 0; f < FEATURES; f++) {
        double slope = (gradients[0][f] - gradients[1][f]) / (2 * step);
        assertEquals(f + slope, product.get(f), 1e-2 * (1 + Math.abs(slope)));
      }
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"logistic", "squared-hinge", "squared"})
  void curvaturesAreSlopesOfTheDerivativesWithinTheBound(String name) {
    LinearModel model = Models.choose(name);
    int n = 200;
    Floats margins = memory.floats(n);
    Floats labels = memory.floats(n);
    for (int r = 0; r < n; r++) {
      margins.set(r, (float) (3 * random.nextGaussian()));
      labels.set(r, random.nextBoolean() ? 1 : -1);
    }
    Floats derivatives = memory.floats(n);
    Floats curvatures = memory.floats(n);
    Floats shifted = memory.floats(n);
    model.lossAt(margins, labels, derivatives, backend);
    model.curvatures(derivatives, curvatures);
    float step = 1 / 512f;
    for (int r = 0; r < n; r++) {
      shifted.set(r, margins.get(r) + step);
    }
    model.lossAt(shifted, labels, shifted, backend);
    int compared = 0;
    for (int r = 0; r < n; r++) {
      assertTrue(curvatures.get(r) <= model.curvatureBound());
      if (Math.abs(1 - labels.get(r) * margins.get(r)) > 2 * step) { // not beside the hinge's kink
        float slope = (shifted.get(r) - derivatives.get(r)) / step;
        assertEquals(slope, curvatures.get(r), 1e-3);
        compared++;
      }
    }
    assertTrue(compared > n / 2);
  }

  @Test
  void squaresBoundTheDiagonalOfTheHessian() {
    Dataset data = data(30, false);
    try (Replica replica = replica(Models.choose("logistic"), 30)) {
      Floats diagonal = memory.floats(FEATURES);
      diagonal.fill(1);
      replica.addSquares(Batch.of(data), diagonal);
      double[] expected = new double[FEATURES];
      for (long i = 0; i < data.entries(); i++) {
        expected[data.matrix().index().get(i)] += Math.pow(data.matrix().value().get(i), 2) / 4;
      }
      for (int f = 0; f < FEATURES; f++) {
        assertEquals(1 + expected[f], diagonal.get(f), 1e-5);
      }
    }
  }

  @Test
  void emptyBatchesHaveNoLossAndNoGradient() {
    Batch none = Batch.of(data(3, false).slice(1, 0));
    try (Replica replica = replica(Models.choose("logistic"), 0)) {
      replica.gradient().fill(3);
      assertEquals(0, replica.lossAndGradient(none));
      for (int f = 0; f < FEATURES; f++) {
        assertEquals(0, replica.gradient().get(f));
      }
    }
  }

  @Test
  void wrongSizesAreRefused() {
    Dataset data = data(5, false);
    try (Replica replica = replica(Models.choose("logistic"), 4)) {
      assertThrows(IllegalArgumentException.class, () -> replica.lossAndGradient(Batch.of(data)));
      Batch wide = Batch.of(data.slice(0, 2).withFeatures(9));
      assertThrows(IllegalArgumentException.class, () -> replica.lossAndGradient(wide));
      assertThrows(
          IllegalArgumentException.class,
          () -> replica.addSquares(Batch.of(data.slice(0, 2)), memory.floats(3)));
    }
  }

  @Test
  void theChooserNamesWhatItKnows() {
    IllegalArgumentException e =
        assertThrows(IllegalArgumentException.class, () -> Models.choose("squaredhinge"));
    assertEquals(
        "unknown model \"squaredhinge\"; did you mean \"squared-hinge\"? known: logistic,"
            + " squared-hinge, squared, huber, poisson",
        e.getMessage());
    for (String name : Models.SINGLE) {
      assertEquals(name, Models.choose(name).name());
    }
  }

  @Test
  void labelsFitTheModel() {
    assertEquals("real", Models.labels(Models.choose("squared"), "auto").toString());
    assertEquals("auto", Models.labels(Models.choose("logistic"), "auto").toString());
    Labels pair = Models.labels(Models.choose("squared-hinge"), "2,4");
    assertEquals("2,4", pair.toString());
    assertThrows(
        IllegalArgumentException.class, () -> Models.labels(Models.choose("logistic"), "real"));
  }
}
