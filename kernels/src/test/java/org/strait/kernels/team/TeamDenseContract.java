package org.strait.kernels.team;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.abort;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.strait.kernels.Backend;
import org.strait.kernels.BackendUnavailableException;
import org.strait.kernels.Backends;
import org.strait.kernels.DenseOps;
import org.strait.kernels.DenseOpsContract;
import org.strait.kernels.Matrix;
import org.strait.kernels.Operands;
import org.strait.memory.Floats;

/// The dense family of a team: it keeps its contract, and its bits for every number of threads, on
/// shapes that are worth parts.
public abstract class TeamDenseContract {
  private static final double U = 0x1p-24;

  /// The backend's name as given to {@link Backends#choose}.
  protected abstract String name();

  private Backend backend(int threads) {
    try {
      return new TeamBackend(Backends.choose(name()).backend(), new Team("test", threads));
    } catch (BackendUnavailableException e) {
      return abort(e.getMessage());
    }
  }

  @Nested
  class Contract extends DenseOpsContract {
    private Backend three;

    @BeforeEach
    void open() {
      three = TeamDenseContract.this.backend(3);
    }

    @AfterEach
    void close() {
      if (three != null) {
        three.close(); // null where the machine cannot run it
      }
    }

    @Override
    protected Backend backend() {
      return three;
    }
  }

  @Test
  void theBitsDoNotDependOnTheThreads() {
    long[] alone = digests(1);
    for (int threads : new int[] {2, 3, 5}) {
      assertArrayEquals(alone, digests(threads), threads + " threads");
    }
  }

  /// Digests of everything on shapes above every threshold.
  private long[] digests(int threads) {
    List<Long> digests = new ArrayList<>();
    try (Backend backend = backend(threads);
        Operands operands = new Operands(7)) {
      DenseOps ops = backend.dense();
      int n = 5 * DenseOps.DOT_PIECE + 77;
      Floats x = operands.floats(n);
      Floats y = operands.floats(n);
      digests.add(Double.doubleToRawLongBits(ops.dot(x, y)));
      digests.add(Double.doubleToRawLongBits(ops.dot(x, y, 33, n - 100)));
      ops.axpy(0.3f, x, y);
      ops.scale(1.7f, y, 5, n);
      digests.add(digest(y));
      Floats[] runs = {operands.copy(x), operands.copy(y), operands.floats(n)};
      ops.sumAll(runs, 33, n - 100);
      digests.add(digest(runs[0]));
      digests.add(digest(runs[2]));
      Matrix a = new Matrix(operands.floats(2_003L * 203), 2_003, 201, 203);
      Floats wide = operands.floats(201);
      Floats high = operands.floats(2_003);
      Floats labels = operands.floats(2_003);
      Floats derivatives = operands.zeros(2_003);
      ops.gemv(0.5f, a, wide, 0.25f, high);
      digests.add(digest(high));
      ops.gemvTransposed(0.5f, a, high, 0.25f, wide);
      digests.add(digest(wide));
      Matrix flat = random(operands, false, 120, 2_500);
      Floats across = operands.floats(2_500);
      ops.gemvTransposed(2, flat, operands.floats(120), 1, across);
      digests.add(digest(across));
      for (int call = 0; call < 2; call++) {
        Floats gradient = operands.filled(201, 0.5f);
        double loss =
            ops.lossAndGradient(a, labels, TeamDenseContract::squares, wide, derivatives, gradient);
        digests.add(Double.doubleToRawLongBits(loss));
        digests.add(digest(derivatives));
        digests.add(digest(gradient));
      }
      for (int flags = 0; flags < 4; flags++) {
        for (int[] shape : new int[][] {{1100, 130, 128}, {64, 1100, 300}}) {
          Matrix p = random(operands, (flags & 1) != 0, shape[0], shape[2]);
          Matrix q = random(operands, (flags & 2) != 0, shape[2], shape[1]);
          Matrix c = random(operands, false, shape[0], shape[1]);
          ops.gemm((flags & 1) != 0, (flags & 2) != 0, 1, p, q, 0.5f, c);
          digests.add(digest(c.values()));
        }
      }
    }
    return digests.stream().mapToLong(Long::longValue).toArray();
  }

  private static Matrix random(Operands operands, boolean transposed, int rows, int cols) {
    Floats values = operands.floats((long) rows * cols);
    return transposed ? Matrix.of(values, cols, rows) : Matrix.of(values, rows, cols);
  }

  private static double squares(
      Floats margins, Floats labels, Floats derivatives, long from, long to) {
    double sum = 0;
    for (long r = from; r < to; r++) {
      float difference = margins.get(r) - labels.get(r);
      derivatives.set(r, difference);
      sum += (double) difference * difference / 2;
    }
    return sum;
  }

  private static long digest(Floats run) {
    return Arrays.hashCode(run.toArray());
  }

  /// A product and a gradient that are cut, against the whole by one thread alone.
  @Test
  void partsMakeTheWhole() throws Exception {
    try (Backend backend = backend(2);
        Operands operands = new Operands(3)) {
      DenseOps whole = Backends.choose(name()).backend().dense();
      Matrix a = random(operands, false, 600, 150);
      Matrix b = random(operands, false, 150, 1100);
      Matrix c = Matrix.of(operands.zeros(600 * 1100), 600, 1100);
      Matrix expected = Matrix.of(operands.zeros(600 * 1100), 600, 1100);
      backend.dense().gemm(false, false, 1, a, b, 0, c);
      whole.gemm(false, false, 1, a, b, 0, expected);
      for (long i = 0; i < 600 * 1100; i++) {
        assertEquals(expected.values().get(i), c.values().get(i), 300 * U * 150);
      }
      Matrix rows = random(operands, false, 3_000, 120);
      Floats labels = operands.floats(3_000);
      Floats weights = operands.floats(120);
      Floats derivatives = operands.zeros(3_000);
      Floats derivativesOfWhole = operands.zeros(3_000);
      Floats gradient = operands.floats(120);
      Floats gradientOfWhole = operands.copy(gradient);
      double loss =
          backend
              .dense()
              .lossAndGradient(
                  rows, labels, TeamDenseContract::squares, weights, derivatives, gradient);
      double lossOfWhole =
          whole.lossAndGradient(
              rows,
              labels,
              TeamDenseContract::squares,
              weights,
              derivativesOfWhole,
              gradientOfWhole);
      assertEquals(lossOfWhole, loss, 1e-6 * lossOfWhole);
      assertTrue(lossOfWhole > 0);
      assertArrayEquals(derivativesOfWhole.toArray(), derivatives.toArray());
      for (int col = 0; col < 120; col++) {
        double magnitude = 0;
        for (int r = 0; r < 3_000; r++) {
          magnitude += Math.abs(derivatives.get(r) * rows.values().get(r * 120L + col));
        }
        assertEquals(gradientOfWhole.get(col), gradient.get(col), 2 * 3_020 * U * magnitude);
      }
    }
  }

  /// Another number of columns needs other runs for the parts.
  @Test
  void gradientsOfTwoModelsTakeTurns() {
    try (Backend backend = backend(2);
        Operands operands = new Operands(9)) {
      Floats labels = operands.floats(2_000);
      Floats derivatives = operands.zeros(2_000);
      for (int cols : new int[] {200, 90, 200, 260}) {
        Matrix rows = random(operands, false, 2_000, cols);
        Floats weights = operands.zeros(cols);
        Floats gradient = operands.zeros(cols);
        backend
            .dense()
            .lossAndGradient(
                rows, labels, TeamDenseContract::squares, weights, derivatives, gradient);
        double expected = 0;
        double magnitude = 0;
        for (int r = 0; r < 2_000; r++) {
          assertEquals(-labels.get(r), derivatives.get(r));
          expected -= (double) labels.get(r) * rows.values().get((r + 1L) * cols - 1);
          magnitude += Math.abs((double) labels.get(r) * rows.values().get((r + 1L) * cols - 1));
        }
        assertEquals(expected, gradient.get(cols - 1L), 2_020 * U * magnitude);
      }
    }
  }
}
