package org.strait.kernels;

import org.strait.memory.Bytes;
import org.strait.memory.Floats;

/// The check at the door that all families share: a run has the length it must have, or the call
/// fails with both numbers.
public final class Lengths {
  private Lengths() {}

  /// Checks an exact length.
  ///
  /// @throws IllegalArgumentException if a run has another length than it must have
  public static void check(String run, long actual, long expected) {
    if (actual != expected) {
      throw new IllegalArgumentException(
          run + " has " + actual + " elements, expected " + expected);
    }
  }

  /// Checks a least length.
  ///
  /// @throws IllegalArgumentException if a run is shorter than it must be
  public static void checkAtLeast(String run, long actual, long least) {
    if (actual < least) {
      throw new IllegalArgumentException(
          run + " has " + actual + " elements, expected at least " + least);
    }
  }

  /// Checks what selection needs: 1 ≤ k ≤ length, and a length that an index of 32 bits can reach.
  public static void checkSelection(long x, long k) {
    if (x > Integer.MAX_VALUE) {
      throw new IllegalArgumentException(
          "x has " + x + " elements, selection reaches " + Integer.MAX_VALUE);
    }
    if (k < 1 || k > x) {
      throw new IllegalArgumentException("k is " + k + ", expected 1 to " + x);
    }
  }

  /// Checks that a run holds the elements from ≤ i < to.
  ///
  /// @throws IllegalArgumentException if it does not
  public static void checkPart(String run, long length, long from, long to) {
    if (from < 0 || from > to || to > length) {
      throw new IllegalArgumentException(
          run + " has " + length + " elements, not those from " + from + " to " + to);
    }
  }

  /// Checks that three runs have an element for each row.
  public static void checkRows(Floats margins, Floats labels, Floats out) {
    check("labels", labels.length(), margins.length());
    check("derivatives", out.length(), margins.length());
  }

  /// Checks that three runs hold the rows from ≤ r < to.
  public static void checkRows(Floats margins, Floats labels, Floats out, long from, long to) {
    checkPart("margins", margins.length(), from, to);
    checkPart("labels", labels.length(), from, to);
    checkPart("derivatives", out.length(), from, to);
  }

  /// Checks the operands of a loss of scores.
  public static void checkScores(Matrix scores, Matrix out, int from, int to) {
    checkPart("scores (rows)", scores.rows(), from, to);
    check("derivatives (rows)", out.rows(), scores.rows());
    check("derivatives (columns)", out.cols(), scores.cols());
    checkAtLeast("scores (columns)", scores.cols(), 1);
  }

  /// Checks where the Huber loss turns from a parabola into a line.
  public static void checkDelta(float delta) {
    if (!(delta > 0)) {
      throw new IllegalArgumentException("delta is " + delta + ", expected more than 0");
    }
  }

  /// The number of a row's class.
  ///
  /// @throws IllegalArgumentException if the label is not the number of a column
  public static int checkClass(float label, int classes, int row) {
    int number = (int) label;
    if (number != label || number < 0 || number >= classes) {
      throw new IllegalArgumentException(
          "the label of row " + row + " is " + label + ", expected 0 to " + (classes - 1));
    }
    return number;
  }

  /// Checks that a run and its halves, two bytes each, hold the elements from ≤ i < to.
  public static void checkHalves(Floats values, Bytes halves, long from, long to) {
    checkPart("values", values.length(), from, to);
    checkPart("halves", halves.length() / Half.BYTES, from, to);
  }

  /// What to throw if more than k magnitudes lie above a threshold, or fewer reach it.
  public static IllegalArgumentException notTheRank(float threshold, long k) {
    return new IllegalArgumentException(
        "threshold " + threshold + " is not the magnitude of rank " + k);
  }
}
