package org.strait.engine.model;

import org.strait.kernels.Backend;
import org.strait.kernels.CodecOps;
import org.strait.kernels.Csr;
import org.strait.kernels.DenseOps;
import org.strait.kernels.LossOps;
import org.strait.kernels.SparseOps;
import org.strait.kernels.UpdateOps;
import org.strait.memory.Floats;

/// The loops that models need, written down plainly. Made in {@link TestBackend} only.
final class PlainBackend implements Backend {
  private final SparseOps sparse = new PlainSparseOps();
  private final LossOps loss = new PlainLossOps();

  @Override
  public String name() {
    return "plain";
  }

  @Override
  public SparseOps sparse() {
    return sparse;
  }

  @Override
  public LossOps loss() {
    return loss;
  }

  @Override
  public DenseOps dense() {
    throw new UnsupportedOperationException("no linear model needs dense operations");
  }

  @Override
  public UpdateOps update() {
    throw new UnsupportedOperationException("no model updates its weights");
  }

  @Override
  public CodecOps codec() {
    throw new UnsupportedOperationException("no model encodes");
  }

  private static final class PlainSparseOps implements SparseOps {
    @Override
    public void margins(Csr rows, Floats weights, Floats margins) {
      for (int r = 0; r < rows.rows(); r++) {
        double sum = 0;
        long end = rows.rowStart().get(r + 1L);
        for (long i = rows.rowStart().get(r); i < end; i++) {
          sum += (double) rows.value().get(i) * weights.get(rows.index().get(i));
        }
        margins.set(r, (float) sum);
      }
    }

    @Override
    public void addScaledRows(Csr rows, Floats coefficients, Floats gradient) {
      for (int r = 0; r < rows.rows(); r++) {
        float coefficient = coefficients.get(r);
        long end = rows.rowStart().get(r + 1L);
        for (long i = rows.rowStart().get(r); i < end; i++) {
          int j = rows.index().get(i);
          gradient.set(j, gradient.get(j) + coefficient * rows.value().get(i));
        }
      }
    }

    @Override
    public void addScaledSquares(Csr rows, Floats coefficients, Floats squares) {
      for (int r = 0; r < rows.rows(); r++) {
        long end = rows.rowStart().get(r + 1L);
        for (long i = rows.rowStart().get(r); i < end; i++) {
          int j = rows.index().get(i);
          float value = rows.value().get(i);
          squares.set(j, squares.get(j) + coefficients.get(r) * value * value);
        }
      }
    }
  }

  private static final class PlainLossOps implements LossOps {
    @Override
    public double logistic(Floats margins, Floats labels, Floats derivatives) {
      double sum = 0;
      for (long r = 0; r < margins.length(); r++) {
        double y = labels.get(r);
        double t = y * margins.get(r);
        double e = Math.exp(-Math.abs(t));
        sum += Math.max(-t, 0) + Math.log1p(e);
        derivatives.set(r, (float) (-y * (t > 0 ? e : 1) / (1 + e)));
      }
      return sum;
    }

    @Override
    public double squaredHinge(Floats margins, Floats labels, Floats derivatives) {
      double sum = 0;
      for (long r = 0; r < margins.length(); r++) {
        double y = labels.get(r);
        double shortfall = Math.max(0, 1 - y * margins.get(r));
        sum += shortfall * shortfall;
        derivatives.set(r, (float) (-2 * y * shortfall));
      }
      return sum;
    }

    @Override
    public double squared(Floats margins, Floats labels, Floats derivatives) {
      double sum = 0;
      for (long r = 0; r < margins.length(); r++) {
        double error = (double) margins.get(r) - labels.get(r);
        sum += error * error / 2;
        derivatives.set(r, (float) error);
      }
      return sum;
    }
  }
}
