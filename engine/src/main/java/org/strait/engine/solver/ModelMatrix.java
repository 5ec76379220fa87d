package org.strait.engine.solver;

import java.util.Arrays;
import org.strait.memory.Doubles;
import org.strait.memory.HostMemory;

/// The matrix of L-BFGS in its compact form, B = σM - W·K⁻¹·Wᵀ with W = [σMS, Y] and K = [[σSᵀMS,
/// L], [Lᵀ, -D]] (Byrd, Nocedal and Schnabel, Math. Program. 63, 1994, eq. 2.17): S has the last
/// steps, Y the changes of the gradient along them, L the part of SᵀY below its diagonal D, M a
/// diagonal metric. A row of B times a vector costs as many numbers as W has columns, so the model
/// g·d + d·B·d/2 + l1·|w + d|₁ is minimised one weight at a time.
final class ModelMatrix {
  private static final double LEAST_CURVATURE = 1e-12;

  private final int history;
  private final Doubles metric;
  private final Doubles[] steps;
  private final Doubles[] changes;
  private final double[][] stepsInMetric;
  private final double[][] stepsByChanges;
  private final double[][] work;
  private final double[][] inverse;
  private final double[] through;
  private int pairs;
  private double sigma;
  private int width;
  private int[] active = new int[0];
  private double[] row = new double[0];
  private double[] solved = new double[0];
  private int actives;

  /// @param metric M, which may change until the first pair is kept
  ModelMatrix(long n, int history, Doubles metric, HostMemory memory) {
    this.history = history;
    this.metric = metric;
    steps = new Doubles[history];
    changes = new Doubles[history];
    for (int i = 0; i < history; i++) {
      steps[i] = memory.doubles(n);
      changes[i] = memory.doubles(n);
    }
    stepsInMetric = new double[history][history];
    stepsByChanges = new double[history][history];
    work = new double[2 * history][2 * history];
    inverse = new double[2 * history][2 * history];
    through = new double[2 * history];
    forget();
  }

  void forget() {
    pairs = 0;
    sigma = 1;
  }

  boolean isEmpty() {
    return pairs == 0;
  }

  /// Keeps a step and the change of the gradient along it, if it has curvature; the oldest pair
  /// goes.
  void keep(Doubles from, Doubles to, Doubles gradientFrom, Doubles gradientTo) {
    if (pairs == history) {
      dropOldest();
    }
    Doubles step = steps[pairs];
    Doubles change = changes[pairs];
    Vectors.sum(to, -1, from, step);
    Vectors.sum(gradientTo, -1, gradientFrom, change);
    double curvature = Vectors.dot(step, change);
    double size = Vectors.dot(step, metric, step);
    double norm = Vectors.normIn(change, metric);
    if (!(curvature > LEAST_CURVATURE * size) || !(norm > 0)) {
      return;
    }
    for (int i = 0; i <= pairs; i++) {
      stepsInMetric[pairs][i] = Vectors.dot(step, metric, steps[i]);
      stepsInMetric[i][pairs] = stepsInMetric[pairs][i];
      stepsByChanges[pairs][i] = Vectors.dot(step, changes[i]);
      stepsByChanges[i][pairs] = Vectors.dot(steps[i], change);
    }
    sigma = norm * norm / curvature;
    pairs++;
  }

  private void dropOldest() {
    Doubles step = steps[0];
    Doubles change = changes[0];
    pairs--;
    for (int i = 0; i < pairs; i++) {
      steps[i] = steps[i + 1];
      changes[i] = changes[i + 1];
      System.arraycopy(stepsInMetric[i + 1], 1, stepsInMetric[i], 0, pairs);
      System.arraycopy(stepsByChanges[i + 1], 1, stepsByChanges[i], 0, pairs);
    }
    steps[pairs] = step;
    changes[pairs] = change;
  }

  /// Begins at a point: the weights that may move are those that are not 0 or have a
  /// pseudo-gradient.
  void begin(Doubles weights, Doubles pseudo) {
    width = 2 * pairs;
    if (!invert()) {
      forget();
      width = 0;
    }
    actives = 0;
    for (long j = 0; j < weights.length(); j++) {
      actives += weights.get(j) != 0 || pseudo.get(j) != 0 ? 1 : 0;
    }
    if (active.length < actives) {
      active = new int[actives];
    }
    if (row.length < (long) actives * width) {
      row = new double[Math.multiplyExact(actives, width)];
      solved = new double[row.length];
    }
    int at = 0;
    for (int j = 0; j < weights.length(); j++) {
      if (weights.get(j) != 0 || pseudo.get(j) != 0) {
        active[at] = j;
        fillRow(j, at++ * width);
      }
    }
    Arrays.fill(through, 0);
  }

  private void fillRow(int j, int at) {
    for (int p = 0; p < pairs; p++) {
      row[at + p] = sigma * metric.get(j) * steps[p].get(j);
      row[at + pairs + p] = changes[p].get(j);
    }
    for (int r = 0; r < width; r++) {
      double sum = 0;
      for (int c = 0; c < width; c++) {
        sum += inverse[r][c] * row[at + c];
      }
      solved[at + r] = sum;
    }
  }

  /// Every weight that may move goes to the minimum of the model along it; returns the sum of the
  /// moves squared, in the model's metric. Modified: target.
  double sweep(Doubles gradient, Doubles weights, Doubles target, double l1, long penalised) {
    double moved = 0;
    for (int i = 0; i < actives; i++) {
      int j = active[i];
      int at = i * width;
      double own = sigma * metric.get(j);
      double bend = own;
      double slope = 0;
      for (int c = 0; c < width; c++) {
        bend -= row[at + c] * solved[at + c];
        slope -= solved[at + c] * through[c];
      }
      bend = Math.max(bend, LEAST_CURVATURE * own);
      double now = target.get(j);
      slope += gradient.get(j) + own * (now - weights.get(j));
      double free = now - slope / bend;
      double next =
          j < penalised ? Math.signum(free) * Math.max(0, Math.abs(free) - l1 / bend) : free;
      double move = next - now;
      if (move != 0) {
        target.set(j, next);
        moved += bend * move * move;
        for (int c = 0; c < width; c++) {
          through[c] += move * row[at + c];
        }
      }
    }
    return moved;
  }

  /// inverse ← K⁻¹ by Gauss and Jordan with row pivots; false if K is singular.
  private boolean invert() {
    for (int p = 0; p < pairs; p++) {
      for (int q = 0; q < pairs; q++) {
        work[p][q] = sigma * stepsInMetric[p][q];
        work[p][pairs + q] = p > q ? stepsByChanges[p][q] : 0;
        work[pairs + q][p] = work[p][pairs + q];
        work[pairs + p][pairs + q] = p == q ? -stepsByChanges[p][p] : 0;
      }
    }
    for (int r = 0; r < width; r++) {
      Arrays.fill(inverse[r], 0);
      inverse[r][r] = 1;
    }
    for (int c = 0; c < width; c++) {
      int best = c;
      for (int r = c + 1; r < width; r++) {
        best = Math.abs(work[r][c]) > Math.abs(work[best][c]) ? r : best;
      }
      double pivot = work[best][c];
      if (!(Math.abs(pivot) > 0)) {
        return false;
      }
      swap(work, best, c);
      swap(inverse, best, c);
      for (int k = 0; k < width; k++) {
        work[c][k] /= pivot;
        inverse[c][k] /= pivot;
      }
      for (int r = 0; r < width; r++) {
        double factor = work[r][c];
        for (int k = 0; k < width && r != c && factor != 0; k++) {
          work[r][k] -= factor * work[c][k];
          inverse[r][k] -= factor * inverse[c][k];
        }
      }
    }
    return true;
  }

  private static void swap(double[][] rows, int a, int b) {
    double[] row = rows[a];
    rows[a] = rows[b];
    rows[b] = row;
  }
}
