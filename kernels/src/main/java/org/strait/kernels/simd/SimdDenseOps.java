package org.strait.kernels.simd;

import java.lang.foreign.MemorySegment;
import org.strait.kernels.DenseOps;
import org.strait.kernels.DenseShapes;
import org.strait.kernels.Lengths;
import org.strait.kernels.Matrix;
import org.strait.kernels.RowLoss;
import org.strait.memory.Floats;

/// Dense vectors and matrices: checks at the door, then loops by address. The bits of a result do
/// not depend on where it lies in the matrix or in the part asked for.
final class SimdDenseOps implements DenseOps {
  /// Bytes of a long run that one loop takes.
  private static final long PIECE_BYTES = 1 << 20;

  /// A matrix of so many bytes may still be in the cache from whoever made it.
  private static final long CACHE_BYTES = 1 << 19;

  private final DenseOps plain;

  /// A sum that nobody reads: without it the compiler would leave out the reading.
  @SuppressWarnings("UnusedVariable")
  private float broughtIn;

  SimdDenseOps(DenseOps plain) {
    this.plain = plain;
  }

  @Override
  public double dot(Floats x, Floats y, long from, long to) {
    DenseShapes.checkPair(x, y, from, to);
    long xAt = AddressSpace.of(x);
    long yAt = AddressSpace.of(y);
    double sum = 0;
    for (long piece = from; piece < to; piece += DOT_PIECE) {
      int bytes = (int) (Math.min(to - piece, DOT_PIECE) * Floats.BYTES);
      sum += SimdDot.dot(xAt + piece * Floats.BYTES, yAt + piece * Floats.BYTES, bytes);
    }
    return sum;
  }

  @Override
  public void axpy(float alpha, Floats x, Floats y, long from, long to) {
    DenseShapes.checkPair(x, y, from, to);
    long xAt = AddressSpace.of(x);
    long yAt = AddressSpace.of(y);
    long end = to * Floats.BYTES;
    for (long at = from * Floats.BYTES; at < end; at += PIECE_BYTES) {
      SimdRows.axpy(alpha, xAt + at, yAt + at, (int) Math.min(PIECE_BYTES, end - at));
    }
  }

  @Override
  public void scale(float alpha, Floats x, long from, long to) {
    Lengths.checkPart("x", x.length(), from, to);
    scale(alpha, AddressSpace.of(x) + from * Floats.BYTES, (to - from) * Floats.BYTES);
  }

  private static void scale(float alpha, long xAt, long bytes) {
    for (long at = 0; at < bytes; at += PIECE_BYTES) {
      SimdRows.scale(alpha, xAt + at, (int) Math.min(PIECE_BYTES, bytes - at));
    }
  }

  /// y ← beta·y for so many elements; 0 where beta is 0, whatever was there.
  private static void begin(float beta, Floats y, long yAt, long from, long count) {
    if (beta == 0) {
      MemorySegment part = y.segment();
      part.asSlice(from * Floats.BYTES, count * Floats.BYTES).fill((byte) 0);
    } else if (beta != 1) {
      scale(beta, yAt + from * Floats.BYTES, count * Floats.BYTES);
    }
  }

  @Override
  public void gemv(float alpha, Matrix a, Floats x, float beta, Floats y, int from, int to) {
    DenseShapes.checkGemv(a, x, y, from, to);
    if (a.cols() > SimdRows.MOST_COLS) {
      plain.gemv(alpha, a, x, beta, y, from, to);
      return;
    }
    long aAt = AddressSpace.of(a.values());
    long xAt = AddressSpace.of(x);
    long yAt = AddressSpace.of(y);
    long row = a.stride() * Floats.BYTES;
    int bytes = (int) (a.cols() * Floats.BYTES);
    for (int r = from; r < to; r++) {
      float value = alpha * SimdRows.dot(aAt + r * row, xAt, bytes);
      long at = yAt + r * Floats.BYTES;
      AddressSpace.set(at, beta == 0 ? value : value + beta * AddressSpace.get(at));
    }
  }

  @Override
  public void gemvTransposed(
      float alpha, Matrix a, Floats x, float beta, Floats y, int from, int to) {
    DenseShapes.checkGemvTransposed(a, x, y, from, to);
    if (a.cols() > SimdRows.MOST_COLS) {
      plain.gemvTransposed(alpha, a, x, beta, y, from, to);
      return;
    }
    long yAt = AddressSpace.of(y);
    begin(beta, y, yAt, from, to - from);
    long aAt = AddressSpace.of(a.values()) + from * Floats.BYTES;
    long row = a.stride() * Floats.BYTES;
    long xAt = AddressSpace.of(x);
    long part = yAt + from * Floats.BYTES;
    int bytes = (int) ((to - from) * Floats.BYTES);
    // Four rows at a time come out of memory three times as slowly as they do one after the other,
    // and loads between stores no faster: a block is read before it is added.
    int block = a.rows() * row <= CACHE_BYTES ? a.rows() : DenseShapes.blockRows(to - from);
    int rows;
    for (int first = 0; first < a.rows(); first += rows) {
      rows = Math.min(block, a.rows() - first);
      float sum = 0;
      for (int r = first; r < first + rows && block < a.rows(); r++) {
        sum += SimdRows.dot(aAt + r * row, part, bytes);
      }
      broughtIn = sum;
      SimdRows.addRows(
          aAt + first * row, row, rows, xAt + first * Floats.BYTES, alpha, part, bytes);
    }
  }

  @Override
  public void gemm(
      boolean transposeA,
      boolean transposeB,
      float alpha,
      Matrix a,
      Matrix b,
      float beta,
      Matrix c,
      int fromRow,
      int toRow,
      int fromCol,
      int toCol) {
    int k = DenseShapes.checkGemm(transposeA, transposeB, a, b, c);
    Lengths.checkPart("rows of C", c.rows(), fromRow, toRow);
    Lengths.checkPart("columns of C", c.cols(), fromCol, toCol);
    if ((transposeA && transposeB) || Math.max(k, c.cols()) > SimdRows.MOST_COLS) {
      // Nobody's training step multiplies two transposed matrices; the plain loop will do.
      plain.gemm(transposeA, transposeB, alpha, a, b, beta, c, fromRow, toRow, fromCol, toCol);
      return;
    }
    long aRow = Floats.BYTES * (transposeA ? 1 : a.stride());
    long bRow = Floats.BYTES * b.stride();
    long cRow = Floats.BYTES * c.stride();
    long aAt = AddressSpace.of(a.values()) + fromRow * aRow;
    long bAt = AddressSpace.of(b.values()) + fromCol * (transposeB ? bRow : Floats.BYTES);
    long cAt = AddressSpace.of(c.values());
    int cols = toCol - fromCol;
    for (int i = fromRow; i < toRow; i++) {
      begin(beta, c.values(), cAt, (long) i * c.stride() + fromCol, cols);
    }
    long corner = cAt + fromRow * cRow + fromCol * Floats.BYTES;
    if (transposeB) {
      SimdGemm.addTimesTransposed(
          toRow - fromRow, cols, k, alpha, aAt, aRow, bAt, bRow, corner, cRow);
    } else {
      long aCol = Floats.BYTES * (transposeA ? a.stride() : 1);
      SimdGemm.addTimes(toRow - fromRow, cols, k, alpha, aAt, aRow, aCol, bAt, bRow, corner, cRow);
    }
  }

  /// Blocks of rows that stay in a cache between their margins and their gradient.
  @Override
  public double lossAndGradient(
      Matrix rows,
      Floats labels,
      RowLoss loss,
      Floats weights,
      Floats derivatives,
      Floats gradient,
      int from,
      int to) {
    DenseShapes.checkGradient(rows, labels, weights, derivatives, gradient, from, to);
    if (rows.cols() > SimdRows.MOST_COLS) {
      return plain.lossAndGradient(rows, labels, loss, weights, derivatives, gradient, from, to);
    }
    long rowsAt = AddressSpace.of(rows.values());
    long weightsAt = AddressSpace.of(weights);
    long derivativesAt = AddressSpace.of(derivatives);
    long gradientAt = AddressSpace.of(gradient);
    long row = rows.stride() * Floats.BYTES;
    int bytes = (int) (rows.cols() * Floats.BYTES);
    int block = DenseShapes.gradientRows(rows);
    double sum = 0;
    int first = from;
    while (first < to) {
      int end = first + Math.min(block, to - first);
      for (int r = first; r < end; r++) {
        AddressSpace.set(
            derivativesAt + r * Floats.BYTES, SimdRows.dot(rowsAt + r * row, weightsAt, bytes));
      }
      sum += loss.apply(derivatives, labels, derivatives, first, end);
      SimdRows.addRows(
          rowsAt + first * row,
          row,
          end - first,
          derivativesAt + first * Floats.BYTES,
          1,
          gradientAt,
          bytes);
      first = end;
    }
    return sum;
  }

  @Override
  public void sumAll(Floats[] runs, long from, long to) {
    DenseShapes.checkRuns(runs, from, to);
    checkAlive(runs);
    long end = to * Floats.BYTES;
    for (long at = from * Floats.BYTES; at < end; at += SimdSums.MOST_BYTES) {
      SimdSums.sumAll(runs, at, (int) Math.min(SimdSums.MOST_BYTES, end - at));
    }
  }

  @Override
  public void sumInto(Floats[] runs, long from, Floats target, long at, long count) {
    DenseShapes.checkRuns(runs, from, from + count);
    Lengths.checkPart("target", target.length(), at, at + count);
    checkAlive(runs);
    long targetAt = AddressSpace.of(target) + at * Floats.BYTES;
    long bytes = count * Floats.BYTES;
    for (long i = 0; i < bytes; i += SimdSums.MOST_BYTES) {
      int part = (int) Math.min(SimdSums.MOST_BYTES, bytes - i);
      SimdSums.sumInto(runs, from * Floats.BYTES + i, targetAt + i, part);
    }
  }

  /// Sums take addresses from the runs themselves.
  private static void checkAlive(Floats[] runs) {
    for (Floats run : runs) {
      long _ = AddressSpace.of(run);
    }
  }

  @Override
  public void add(Floats x, long xFrom, Floats y, long yFrom, long count) {
    Lengths.checkPart("x", x.length(), xFrom, xFrom + count);
    Lengths.checkPart("y", y.length(), yFrom, yFrom + count);
    long xAt = AddressSpace.of(x) + xFrom * Floats.BYTES;
    long yAt = AddressSpace.of(y) + yFrom * Floats.BYTES;
    long bytes = count * Floats.BYTES;
    for (long at = 0; at < bytes; at += PIECE_BYTES) {
      SimdRows.axpy(1, xAt + at, yAt + at, (int) Math.min(PIECE_BYTES, bytes - at));
    }
  }
}
