package org.strait.engine.solver;

import org.strait.memory.Doubles;
import org.strait.memory.Floats;
import org.strait.memory.HostMemory;

/// The loss of a rank's rows along a line of weights: margins and their change are kept, so that a
/// trial visits a number or two of each row and none of its entries.
///
/// Memory: four float64 numbers for each row.
final class RowLine {
  private static final int VALUE = 0;
  private static final int SLOPE = 1;
  private static final int BEND = 2;
  private static final int SUMS = 3;

  private final ConvexLoss loss;
  private final Floats labels;
  private final Doubles start;
  private final Doubles change;
  private final Doubles margins;
  private final Doubles curvatures;
  private final Doubles sums;
  private double constant;
  private double linear;
  private double square;
  private double slope;
  private double bend;

  RowLine(ConvexLoss loss, Floats labels, HostMemory memory) {
    this.loss = loss;
    this.labels = labels;
    long rows = labels.length();
    start = memory.doubles(rows);
    change = memory.doubles(rows);
    margins = memory.doubles(rows);
    curvatures = memory.doubles(rows);
    sums = memory.doubles(SUMS);
  }

  /// Margins where t is 0; for the caller to fill.
  Doubles start() {
    return start;
  }

  /// What a unit of t adds to them; for the caller to fill.
  Doubles change() {
    return change;
  }

  /// The penalty along the line: constant + linear·t + square/2·t².
  void penalty(double newConstant, double newLinear, double newSquare) {
    constant = newConstant;
    linear = newLinear;
    square = newSquare;
  }

  /// Leaves this rank's part of loss, slope and bend at t in {@link #sums}.
  void at(double t) {
    long rows = start.length();
    for (long r = 0; r < rows; r++) {
      margins.set(r, start.get(r) + t * change.get(r));
    }
    double value = loss.apply(margins, labels, curvatures, 0, rows);
    double first = 0;
    double second = 0;
    for (long r = 0; r < rows; r++) {
      double x = change.get(r);
      first += margins.get(r) * x;
      second += curvatures.get(r) * x * x;
    }
    sums.set(VALUE, value);
    sums.set(SLOPE, first);
    sums.set(BEND, second);
  }

  /// Parts, to be replaced by sums over all ranks.
  Doubles sums() {
    return sums;
  }

  /// The objective at t, of the sums.
  double value(double t, double allRows) {
    slope = sums.get(SLOPE) / allRows + linear + square * t;
    bend = sums.get(BEND) / allRows + square;
    return sums.get(VALUE) / allRows + constant + t * (linear + t * square / 2);
  }

  double slope() {
    return slope;
  }

  double bend() {
    return bend;
  }
}
