package org.strait.kernels;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.strait.memory.Floats;

/// What every backend's losses must do, against float64.
public abstract class LossOpsContract {
  private static final double U = 0x1p-24;
  private static final double TINY = 0x1p-124;

  protected abstract Backend backend();

  @ParameterizedTest
  @MethodSource("org.strait.kernels.Sizes#all")
  void logisticAgainstFloat64(int n) {
    try (Operands operands = new Operands(n)) {
      Floats margins = operands.floats(n);
      Floats labels = signs(operands, n);
      for (long i = 0; i < n; i++) {
        margins.set(i, margins.get(i) * (i % 7 == 0 ? 30 : 2));
      }
      checkLogistic(operands, margins, labels);
    }
  }

  @Test
  void logisticAtTheEdges() {
    try (Operands operands = new Operands(1)) {
      float[] edges = {
        0f,
        -0f,
        1e-30f,
        Float.MIN_VALUE,
        1e-4f,
        0.34f,
        0.35f,
        0.7f,
        17f,
        60f,
        86.9f,
        87f,
        87.1f,
        88.8f,
        103f,
        104f,
        120f,
        1e4f,
        3e38f,
        Float.POSITIVE_INFINITY
      };
      Floats margins = operands.zeros(4L * edges.length);
      Floats labels = operands.zeros(4L * edges.length);
      for (int i = 0; i < edges.length; i++) {
        for (int sign = 0; sign < 4; sign++) {
          margins.set(4L * i + sign, (sign & 1) == 0 ? edges[i] : -edges[i]);
          labels.set(4L * i + sign, (sign & 2) == 0 ? 1 : -1);
        }
      }
      for (long i = 0; i < margins.length(); i++) {
        // Row by row in a run of one vector, so that each lane's loss can be seen.
        Floats row = operands.filled(16, margins.get(i));
        Floats label = operands.filled(16, labels.get(i));
        checkLogistic(operands, row, label);
      }
    }
  }

  private void checkLogistic(Operands operands, Floats margins, Floats labels) {
    long n = margins.length();
    Floats derivatives = operands.filled(n, Float.NaN);
    Floats marginsBefore = operands.copy(margins);
    Floats labelsBefore = operands.copy(labels);
    double loss = backend().loss().logistic(margins, labels, derivatives);
    double expected = 0;
    for (long i = 0; i < n; i++) {
      double z = (double) labels.get(i) * margins.get(i);
      expected += Math.max(-z, 0) + Math.log1p(Math.exp(-Math.abs(z)));
      double derivative = -labels.get(i) / (1 + Math.exp(z));
      assertEquals(
          derivative, derivatives.get(i), 8 * U * Math.abs(derivative) + TINY, "margin " + z);
    }
    if (expected == Double.POSITIVE_INFINITY) {
      assertEquals(expected, loss);
    } else {
      assertEquals(expected, loss, 8 * U * expected + n * TINY);
    }
    assertArrayEquals(marginsBefore.toArray(), margins.toArray());
    assertArrayEquals(labelsBefore.toArray(), labels.toArray());
  }

  private static Floats signs(Operands operands, long n) {
    Floats labels = operands.zeros(n);
    for (long i = 0; i < n; i++) {
      labels.set(i, operands.random().nextBoolean() ? 1 : -1);
    }
    return labels;
  }

  @ParameterizedTest
  @MethodSource("org.strait.kernels.Sizes#all")
  void squaredHingeAgainstFloat64(int n) {
    try (Operands operands = new Operands(n)) {
      Floats margins = operands.floats(n);
      Floats labels = signs(operands, n);
      Floats derivatives = operands.filled(n, Float.NaN);
      double loss = backend().loss().squaredHinge(margins, labels, derivatives);
      double expected = 0;
      double slack = 0;
      for (long i = 0; i < n; i++) {
        double missing = Math.max(0, 1 - (double) labels.get(i) * margins.get(i));
        // The subtraction may round to float32 once.
        expected += missing * missing;
        slack += 8 * U * missing * missing;
        assertEquals(-2 * labels.get(i) * missing, derivatives.get(i), 8 * U * missing);
      }
      assertEquals(expected, loss, slack);
    }
  }

  @ParameterizedTest
  @MethodSource("org.strait.kernels.Sizes#all")
  void squaredAgainstFloat64(int n) {
    try (Operands operands = new Operands(n)) {
      Floats margins = operands.floats(n);
      Floats labels = operands.floats(n);
      Floats derivatives = operands.filled(n, Float.NaN);
      double loss = backend().loss().squared(margins, labels, derivatives);
      double expected = 0;
      for (long i = 0; i < n; i++) {
        double difference = (double) margins.get(i) - labels.get(i);
        expected += difference * difference / 2;
        assertEquals(difference, derivatives.get(i), U * Math.abs(difference));
      }
      assertEquals(expected, loss, 8 * U * expected);
    }
  }

  @Test
  void derivativesMayOverwriteMargins() {
    try (Operands operands = new Operands(4)) {
      Floats margins = operands.floats(131);
      Floats labels = signs(operands, 131);
      Floats apart = operands.zeros(131);
      double loss = backend().loss().logistic(margins, labels, apart);
      Floats inPlace = operands.copy(margins);
      assertEquals(loss, backend().loss().logistic(inPlace, labels, inPlace));
      assertArrayEquals(apart.toArray(), inPlace.toArray());
      backend().loss().squaredHinge(margins, labels, apart);
      inPlace.copyFrom(margins);
      backend().loss().squaredHinge(inPlace, labels, inPlace);
      assertArrayEquals(apart.toArray(), inPlace.toArray());
      backend().loss().squared(margins, labels, apart);
      backend().loss().squared(margins, labels, margins);
      assertArrayEquals(apart.toArray(), margins.toArray());
    }
  }

  @Test
  void notANumberComesThrough() {
    try (Operands operands = new Operands(5)) {
      for (int at : new int[] {0, 20, 66}) {
        Floats margins = operands.floats(67);
        margins.set(at, Float.NaN);
        Floats labels = signs(operands, 67);
        Floats derivatives = operands.zeros(67);
        assertTrue(Double.isNaN(backend().loss().logistic(margins, labels, derivatives)));
        assertTrue(Float.isNaN(derivatives.get(at)));
        assertTrue(Double.isNaN(backend().loss().squaredHinge(margins, labels, derivatives)));
        assertTrue(Float.isNaN(derivatives.get(at)));
        assertTrue(Double.isNaN(backend().loss().squared(margins, labels, derivatives)));
        assertTrue(Float.isNaN(derivatives.get(at)));
      }
    }
  }

  @Test
  void wrongLengthsAreRefused() {
    try (Operands operands = new Operands(6)) {
      LossOps ops = backend().loss();
      Floats three = operands.floats(3);
      Floats four = operands.floats(4);
      assertThrows(IllegalArgumentException.class, () -> ops.logistic(three, four, three));
      assertThrows(IllegalArgumentException.class, () -> ops.squaredHinge(three, three, four));
      assertThrows(IllegalArgumentException.class, () -> ops.squared(four, three, four));
    }
  }
}
