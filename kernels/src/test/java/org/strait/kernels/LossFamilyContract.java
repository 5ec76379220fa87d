package org.strait.kernels;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.function.DoubleUnaryOperator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.strait.memory.Floats;

/// What every backend's losses must do beyond {@link LossOpsContract}: ranges, Huber, softmax,
/// second derivatives, exp and log1p, against float64.
public abstract class LossFamilyContract {
  private static final double U = 0x1p-24;

  protected abstract Backend backend();

  @ParameterizedTest
  @MethodSource("org.strait.kernels.Sizes#all")
  void huberTurnsFromAParabolaIntoALine(int n) {
    try (Operands operands = new Operands(n)) {
      Floats margins = operands.floats(n);
      Floats labels = operands.floats(n);
      Floats derivatives = operands.filled(n, Float.NaN);
      Floats curvatures = operands.filled(n, Float.NaN);
      float delta = 0.75f;
      double loss = backend().loss().huber(delta, margins, labels, derivatives);
      backend().loss().huberCurvatures(delta, margins, labels, curvatures, 0, n);
      double expected = 0;
      for (long i = 0; i < n; i++) {
        double d = (double) margins.get(i) - labels.get(i);
        double size = Math.abs(d);
        expected += size <= delta ? d * d / 2 : delta * (size - delta / 2);
        assertEquals(Math.clamp(d, -delta, delta), derivatives.get(i), U * size);
        if (Math.abs(size - delta) > 1e-6) {
          assertEquals(size <= delta ? 1 : 0, curvatures.get(i));
        }
      }
      assertEquals(expected, loss, 8 * U * expected);
    }
  }

  @ParameterizedTest
  @MethodSource("org.strait.kernels.Sizes#around")
  void curvatures(int n) {
    try (Operands operands = new Operands(n)) {
      Floats margins = operands.floats(n);
      Floats labels = operands.zeros(n);
      for (long i = 0; i < n; i++) {
        labels.set(i, operands.random().nextBoolean() ? 1 : -1);
        margins.set(i, margins.get(i) * (i % 5 == 0 ? 20 : 1));
      }
      Floats out = operands.filled(n, Float.NaN);
      backend().loss().logisticCurvatures(margins, labels, out, 0, n);
      for (long i = 0; i < n; i++) {
        double p = 1 / (1 + Math.exp(-Math.abs(margins.get(i))));
        double e = Math.exp(-Math.abs(margins.get(i)));
        assertEquals(p * p * e, out.get(i), 8 * U * p * p * e + 0x1p-124);
      }
      backend().loss().squaredHingeCurvatures(margins, labels, out, 0, n);
      for (long i = 0; i < n; i++) {
        assertEquals(labels.get(i) * margins.get(i) < 1 ? 2 : 0, out.get(i));
      }
      backend().loss().squaredCurvatures(margins, labels, out, 0, n);
      for (long i = 0; i < n; i++) {
        assertEquals(1, out.get(i));
      }
    }
  }

  @ParameterizedTest
  @CsvSource({
    "1, 1, 0",
    "7, 2, 1",
    "50, 3, 0",
    "100, 10, 0",
    "40, 15, 1",
    "40, 16, 0",
    "40, 17, 0",
    "30, 100, 5",
    "20, 1000, 0",
    "30001, 10, 0"
  })
  void softmaxAgainstFloat64(int rows, int cols, int gap) {
    try (Operands operands = new Operands(rows + cols)) {
      Floats values = operands.floats((long) rows * (cols + gap));
      for (long i = 0; i < values.length(); i++) {
        values.set(i, values.get(i) * (i % 11 == 0 ? 30 : 3));
      }
      Matrix scores = new Matrix(values, rows, cols, cols + gap);
      Floats labels = operands.zeros(rows);
      for (long r = 0; r < rows; r++) {
        labels.set(r, operands.random().nextInt(cols));
      }
      Floats out = operands.filled((long) rows * cols, Float.NaN);
      Floats curvatures = operands.filled((long) rows * cols, Float.NaN);
      double loss = backend().loss().softmax(scores, labels, Matrix.of(out, rows, cols));
      backend().loss().softmaxCurvatures(scores, Matrix.of(curvatures, rows, cols), 0, rows);
      double expected = 0;
      for (int r = 0; r < rows; r++) {
        expected += checkSoftmax(scores, r, (int) labels.get(r), out, curvatures);
      }
      assertEquals(expected, loss, 16 * U * (rows + expected));
      Matrix inPlace = Matrix.of(operands.zeros((long) rows * cols), rows, cols);
      for (int r = 0; r < rows; r++) {
        for (int k = 0; k < cols; k++) {
          inPlace.values().set((long) r * cols + k, values.get((long) r * (cols + gap) + k));
        }
      }
      assertEquals(loss, backend().loss().softmax(inPlace, labels, inPlace));
      assertArrayEquals(out.toArray(), inPlace.values().toArray());
    }
  }

  /// Returns the loss of a row.
  private static double checkSoftmax(
      Matrix scores, int row, int own, Floats out, Floats curvatures) {
    int cols = scores.cols();
    double max = Double.NEGATIVE_INFINITY;
    double min = Double.POSITIVE_INFINITY;
    double[] s = new double[cols];
    for (int k = 0; k < cols; k++) {
      s[k] = scores.values().get((long) row * scores.stride() + k);
      max = Math.max(max, s[k]);
      min = Math.min(min, s[k]);
    }
    double sum = 0;
    double others = 0;
    for (int k = 0; k < cols; k++) {
      sum += Math.exp(s[k] - max);
      others += k == own ? 0 : Math.exp(s[k] - max);
    }
    double bound = (16 + max - min) * U;
    for (int k = 0; k < cols; k++) {
      double p = Math.exp(s[k] - max) / sum;
      double derivative = k == own ? -others / sum : p;
      long at = (long) row * cols + k;
      assertEquals(derivative, out.get(at), bound * Math.abs(derivative) + 0x1p-44);
      double curvature = p * (1 - p);
      assertEquals(curvature, curvatures.get(at), bound * curvature + 0x1p-44);
    }
    return Math.log(sum) + max - s[own];
  }

  @Test
  void labelsThatAreNoClassAreRefused() {
    try (Operands operands = new Operands(2)) {
      LossOps ops = backend().loss();
      Matrix scores = Matrix.of(operands.floats(6), 2, 3);
      Class<IllegalArgumentException> refused = IllegalArgumentException.class;
      for (float label : new float[] {3, -1, 0.5f, Float.NaN}) {
        Floats labels = operands.of(0, label);
        assertThrows(refused, () -> ops.softmax(scores, labels, scores));
      }
      Floats labels = operands.zeros(2);
      Matrix narrow = Matrix.of(operands.floats(6), 3, 2);
      assertThrows(refused, () -> ops.softmax(scores, labels, narrow));
      assertThrows(refused, () -> ops.softmax(scores, labels, scores, 0, 3));
      assertThrows(refused, () -> ops.huber(0, labels, labels, labels));
      assertThrows(refused, () -> ops.logistic(labels, labels, labels, 1, 3));
      assertThrows(refused, () -> ops.exp(labels, labels, -1, 1));
    }
  }

  /// A row gives the same bits in whatever range it lies, and rows outside are left alone.
  @Test
  void aRangeIsAPieceOfTheWhole() {
    try (Operands operands = new Operands(3)) {
      int n = 5003;
      LossOps ops = backend().loss();
      Floats margins = operands.floats(n);
      Floats labels = operands.zeros(n);
      for (long i = 0; i < n; i++) {
        labels.set(i, i % 3 == 0 ? 1 : -1);
      }
      RowLoss huber = (m, l, d, from, to) -> ops.huber(0.5f, m, l, d, from, to);
      for (RowLoss loss : new RowLoss[] {ops::logistic, ops::squaredHinge, ops::squared, huber}) {
        Floats whole = operands.zeros(n);
        double sum = loss.apply(margins, labels, whole, 0, n);
        Floats pieces = operands.filled(n, 7);
        double head = loss.apply(margins, labels, pieces, 0, 13);
        assertEquals(7, pieces.get(13));
        double tail = loss.apply(margins, labels, pieces, 2101, n);
        assertEquals(7, pieces.get(2100));
        double middle = loss.apply(margins, labels, pieces, 13, 2101);
        assertEquals(sum, head + middle + tail, 1e-12 * sum);
        assertArrayEquals(whole.toArray(), pieces.toArray());
        assertEquals(0, loss.apply(margins, labels, pieces, 50, 50));
      }
    }
  }

  @Test
  void exponentialsAreWithinTwoUnits() {
    checkWithinTwoUnits(Math::exp, true);
  }

  @Test
  void logarithmsAreWithinTwoUnits() {
    checkWithinTwoUnits(Math::log1p, false);
  }

  /// Over one float32 in 4,099 of all there are, and densely where something changes.
  private void checkWithinTwoUnits(DoubleUnaryOperator exact, boolean exp) {
    try (Operands operands = new Operands(4)) {
      int grid = (int) ((1L << 32) / 4099);
      int dense = 400_000;
      Floats x = operands.zeros(grid + dense + 20);
      for (int i = 0; i < grid; i++) {
        x.set(i, Float.intBitsToFloat(i * 4099));
      }
      for (int i = 0; i < dense; i++) {
        double share = (double) i / dense;
        x.set(grid + i, (float) (exp ? -105 + 195 * share : -1.0001 + 5 * share));
      }
      float[] edges = {
        0f,
        -0f,
        1f,
        -1f,
        -0.99999994f,
        Float.MIN_VALUE,
        -Float.MIN_VALUE,
        Float.MIN_NORMAL,
        Float.MAX_VALUE,
        -Float.MAX_VALUE,
        Float.POSITIVE_INFINITY,
        Float.NEGATIVE_INFINITY,
        Float.NaN,
        88.72283f,
        88.72284f,
        -103.97208f,
        -103.97207f,
        -87.33655f,
        0.41421357f,
        -0.29289323f
      };
      x.slice(grid + dense, 20).copyFrom(edges);
      Floats y = operands.zeros(x.length());
      if (exp) {
        backend().loss().exp(x, y, 0, x.length());
      } else {
        backend().loss().log1p(x, y, 0, x.length());
      }
      for (long i = 0; i < x.length(); i++) {
        double expected = exact.applyAsDouble(x.get(i));
        float rounded = (float) expected;
        if (Float.isNaN(rounded) || Float.isInfinite(rounded) || rounded == 0) {
          assertEquals(rounded, y.get(i), "of " + x.get(i));
        } else {
          double units = Math.abs(y.get(i) - expected) / Math.ulp(rounded);
          assertTrue(units <= 2, units + " units off at " + x.get(i));
        }
      }
    }
  }
}
