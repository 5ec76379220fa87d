package org.strait.kernels.team;

import org.strait.kernels.DenseOps;
import org.strait.kernels.DenseShapes;
import org.strait.kernels.Lengths;
import org.strait.kernels.Matrix;
import org.strait.kernels.RowLoss;
import org.strait.memory.Floats;
import org.strait.memory.HostMemory;

/// Dense vectors and matrices by a team of threads. Work that takes less than some ten microseconds
/// is left to the caller. A dot product is cut into its pieces, matrix-vector products by elements
/// of the result, a matrix product along the longer side of C, a gradient into up to sixteen ranges
/// of rows with a run of their own each, which are added in the order of the ranges.
final class TeamDenseOps implements DenseOps, AutoCloseable {
  /// Elements of a vector, or of a matrix, that are worth another part.
  private static final long LEAST_ELEMENTS = 1 << 16;

  private static final int MOST_PARTS = Cut.MOST;

  /// Least rows of a part of a gradient, so that adding its run costs little beside filling it.
  private static final int LEAST_ROWS = 64;

  /// Products of a matrix product that are worth another part: some 80 microseconds.
  private static final long LEAST_PRODUCTS = 1 << 22;

  /// Least side of a part of C where there are more than two: every part packs the other operand
  /// anew, which costs 2 per cent here and 5 at half of it.
  private static final int LEAST_SIDE = 1024;

  /// Pieces of a dot product that one run of the team takes.
  private static final int MOST_PIECES = 1024;

  private final DenseOps each;
  private final Team team;
  private final Team.Task dotPieces = this::dotPiece;
  private final Team.Task axpyParts = this::axpyPart;
  private final Team.Task scaleParts = this::scalePart;
  private final Team.Task sumAllParts = this::sumAllPart;
  private final Team.Task gemvParts = this::gemvPart;
  private final Team.Task gemvTransposedParts = this::gemvTransposedPart;
  private final Team.Task gemmParts = this::gemmPart;
  private final Team.Task gradientParts = this::gradientPart;
  private final Team.Task sumParts = this::sumPart;

  private final double[] sums = new double[MOST_PIECES];
  private HostMemory memory = HostMemory.unlimited("gradients of a team's parts");
  private final Floats[] gradients = new Floats[MOST_PARTS];

  // The operands of the operation that runs.
  private float alpha;
  private float beta;
  private Floats x;
  private Floats y;
  private Matrix a;
  private Matrix b;
  private Matrix c;
  private boolean transposeA;
  private boolean transposeB;
  private Floats labels;
  private RowLoss loss;
  private Floats derivatives;
  private Floats[] runs;
  private long from;
  private long to;
  private long step;
  private int parts;
  private int summands;
  private boolean byRows;
  private int fromRow;
  private int toRow;
  private int fromCol;
  private int toCol;

  /// @param each what every thread computes with
  TeamDenseOps(DenseOps each, Team team) {
    this.each = each;
    this.team = team;
  }

  @Override
  public double dot(Floats newX, Floats newY, long start, long end) {
    DenseShapes.checkPair(newX, newY, start, end);
    if (end - start < 2L * DOT_PIECE) {
      return each.dot(newX, newY, start, end);
    }
    x = newX;
    y = newY;
    to = end;
    double sum = 0;
    for (long at = start; at < end; at += (long) MOST_PIECES * DOT_PIECE) {
      from = at;
      int pieces = (int) Math.min(MOST_PIECES, Math.ceilDiv(end - at, DOT_PIECE));
      team.run(pieces, dotPieces);
      for (int piece = 0; piece < pieces; piece++) {
        sum += sums[piece];
      }
    }
    return sum;
  }

  private void dotPiece(int piece, int worker) {
    long start = from + (long) piece * DOT_PIECE;
    sums[piece] = each.dot(x, y, start, Math.min(to, start + DOT_PIECE));
  }

  @Override
  public void axpy(float newAlpha, Floats newX, Floats newY, long start, long end) {
    DenseShapes.checkPair(newX, newY, start, end);
    if (end - start < 2 * LEAST_ELEMENTS) {
      each.axpy(newAlpha, newX, newY, start, end);
      return;
    }
    alpha = newAlpha;
    x = newX;
    y = newY;
    cut(start, end, (end - start) / LEAST_ELEMENTS, 16);
    team.run(parts, axpyParts);
  }

  private void axpyPart(int part, int worker) {
    each.axpy(alpha, x, y, start(part), end(part));
  }

  @Override
  public void scale(float newAlpha, Floats newX, long start, long end) {
    Lengths.checkPart("x", newX.length(), start, end);
    if (end - start < 2 * LEAST_ELEMENTS) {
      each.scale(newAlpha, newX, start, end);
      return;
    }
    alpha = newAlpha;
    x = newX;
    cut(start, end, (end - start) / LEAST_ELEMENTS, 16);
    team.run(parts, scaleParts);
  }

  private void scalePart(int part, int worker) {
    each.scale(alpha, x, start(part), end(part));
  }

  @Override
  public void sumAll(Floats[] newRuns, long start, long end) {
    DenseShapes.checkRuns(newRuns, start, end);
    if (end - start < 2 * LEAST_ELEMENTS) {
      each.sumAll(newRuns, start, end);
      return;
    }
    runs = newRuns;
    cut(start, end, (end - start) / LEAST_ELEMENTS, 16);
    team.run(parts, sumAllParts);
  }

  @Override
  public void add(Floats from, long fromStart, Floats to, long toStart, long count) {
    each.add(from, fromStart, to, toStart, count);
  }

  private void sumAllPart(int part, int worker) {
    each.sumAll(runs, start(part), end(part));
  }

  @Override
  public void sumInto(Floats[] newRuns, long start, Floats target, long at, long count) {
    each.sumInto(newRuns, start, target, at, count);
  }

  @Override
  public void gemv(
      float newAlpha, Matrix newA, Floats newX, float newBeta, Floats newY, int start, int end) {
    DenseShapes.checkGemv(newA, newX, newY, start, end);
    long elements = (long) (end - start) * newA.cols();
    if (elements < 2 * LEAST_ELEMENTS) {
      each.gemv(newAlpha, newA, newX, newBeta, newY, start, end);
      return;
    }
    take(newAlpha, newA, newX, newBeta, newY);
    cut(start, end, elements / LEAST_ELEMENTS, 16);
    team.run(parts, gemvParts);
  }

  private void gemvPart(int part, int worker) {
    each.gemv(alpha, a, x, beta, y, (int) start(part), (int) end(part));
  }

  @Override
  public void gemvTransposed(
      float newAlpha, Matrix newA, Floats newX, float newBeta, Floats newY, int start, int end) {
    DenseShapes.checkGemvTransposed(newA, newX, newY, start, end);
    long elements = (long) (end - start) * newA.rows();
    if (elements < 2 * LEAST_ELEMENTS) {
      each.gemvTransposed(newAlpha, newA, newX, newBeta, newY, start, end);
      return;
    }
    take(newAlpha, newA, newX, newBeta, newY);
    // A page of a row at least: memory brings narrower stripes three times as slowly. So a tall and
    // narrow matrix stays with one thread, or goes by rows: lossAndGradient.
    cut(start, end, elements / LEAST_ELEMENTS, 1024);
    team.run(parts, gemvTransposedParts);
  }

  private void gemvTransposedPart(int part, int worker) {
    each.gemvTransposed(alpha, a, x, beta, y, (int) start(part), (int) end(part));
  }

  private void take(float newAlpha, Matrix newA, Floats newX, float newBeta, Floats newY) {
    alpha = newAlpha;
    beta = newBeta;
    a = newA;
    x = newX;
    y = newY;
  }

  @Override
  public void gemm(
      boolean newTransposeA,
      boolean newTransposeB,
      float newAlpha,
      Matrix newA,
      Matrix newB,
      float newBeta,
      Matrix newC,
      int startRow,
      int endRow,
      int startCol,
      int endCol) {
    int k = DenseShapes.checkGemm(newTransposeA, newTransposeB, newA, newB, newC);
    Lengths.checkPart("rows of C", newC.rows(), startRow, endRow);
    Lengths.checkPart("columns of C", newC.cols(), startCol, endCol);
    int m = endRow - startRow;
    int n = endCol - startCol;
    long wanted = gemmParts(m, n, k);
    if (wanted < 2) {
      each.gemm(
          newTransposeA,
          newTransposeB,
          newAlpha,
          newA,
          newB,
          newBeta,
          newC,
          startRow,
          endRow,
          startCol,
          endCol);
      return;
    }
    transposeA = newTransposeA;
    transposeB = newTransposeB;
    alpha = newAlpha;
    a = newA;
    b = newB;
    beta = newBeta;
    c = newC;
    fromRow = startRow;
    toRow = endRow;
    fromCol = startCol;
    toCol = endCol;
    byRows = m > n;
    if (byRows) {
      cut(startRow, endRow, wanted, 16);
    } else {
      cut(startCol, endCol, wanted, 16);
    }
    team.run(parts, gemmParts);
  }

  private static long gemmParts(int m, int n, int k) {
    double worth = (double) m * n * k / LEAST_PRODUCTS;
    return (long) Math.min(worth, Math.max(2, Math.max(m, n) / LEAST_SIDE));
  }

  private void gemmPart(int part, int worker) {
    int start = (int) start(part);
    int end = (int) end(part);
    each.gemm(
        transposeA,
        transposeB,
        alpha,
        a,
        b,
        beta,
        c,
        byRows ? start : fromRow,
        byRows ? end : toRow,
        byRows ? fromCol : start,
        byRows ? toCol : end);
  }

  @Override
  public double lossAndGradient(
      Matrix rows,
      Floats newLabels,
      RowLoss newLoss,
      Floats weights,
      Floats newDerivatives,
      Floats gradient,
      int start,
      int end) {
    DenseShapes.checkGradient(rows, newLabels, weights, newDerivatives, gradient, start, end);
    long elements = (long) (end - start) * rows.cols();
    cut(start, end, Math.min((end - start) / LEAST_ROWS, elements / LEAST_ELEMENTS), 16);
    if (parts < 2) {
      return each.lossAndGradient(
          rows, newLabels, newLoss, weights, newDerivatives, gradient, start, end);
    }
    a = rows;
    labels = newLabels;
    loss = newLoss;
    x = weights;
    derivatives = newDerivatives;
    y = gradient;
    makeRoom(rows.cols());
    team.run(parts, gradientParts);
    double sum = 0;
    for (int part = 0; part < parts; part++) {
      sum += sums[part];
    }
    summands = parts;
    cut(0, rows.cols(), rows.cols() / LEAST_ELEMENTS, 16);
    team.run(parts, sumParts);
    return sum;
  }

  /// A run per part: made when the first gradient of so many columns comes, and kept.
  private void makeRoom(int cols) {
    if (gradients[0] != null && gradients[0].length() == cols) {
      return;
    }
    memory.close();
    memory = HostMemory.unlimited("gradients of a team's parts");
    // A cache line apart at least, and not a multiple of 4 KiB: parts must not evict each other.
    long apart = Math.ceilDiv(cols, 16L) * 16 + 16;
    Floats room = memory.floats(MOST_PARTS * apart);
    for (int part = 0; part < MOST_PARTS; part++) {
      gradients[part] = room.slice(part * apart, cols);
    }
  }

  private void gradientPart(int part, int worker) {
    Floats own = gradients[part];
    own.segment().fill((byte) 0);
    sums[part] =
        each.lossAndGradient(
            a, labels, loss, x, derivatives, own, (int) start(part), (int) end(part));
  }

  private void sumPart(int part, int worker) {
    for (int summand = 0; summand < summands; summand++) {
      each.axpy(1, gradients[summand], y, start(part), end(part));
    }
  }

  /// Cuts a range into at most {@value #MOST_PARTS} parts of the same length, a multiple of some
  /// number, but for the last.
  private void cut(long start, long end, long wanted, int multiple) {
    from = start;
    to = end;
    long most = Math.clamp(wanted, 1, MOST_PARTS);
    step = Math.max(1, Math.ceilDiv(Math.ceilDiv(end - start, most), multiple)) * multiple;
    parts = (int) Math.ceilDiv(end - start, step);
  }

  private long start(int part) {
    return from + part * step;
  }

  private long end(int part) {
    return Math.min(to, from + (part + 1) * step);
  }

  /// Frees the parts' gradients; the team is somebody else's.
  @Override
  public void close() {
    memory.close();
  }
}
