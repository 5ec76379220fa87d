package org.strait.kernels.team;

import static java.lang.foreign.ValueLayout.JAVA_FLOAT;

import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import java.util.Objects;
import java.util.Optional;
import org.strait.kernels.ColumnLoops;
import org.strait.kernels.Csr;
import org.strait.kernels.Lengths;
import org.strait.kernels.RankedRows;
import org.strait.kernels.RowBlock;
import org.strait.kernels.RowGram;
import org.strait.kernels.RowLoss;
import org.strait.kernels.RowMap;
import org.strait.kernels.SliceLoops;
import org.strait.kernels.SliceScratch;
import org.strait.kernels.SparseOps;
import org.strait.memory.Doubles;
import org.strait.memory.Floats;
import org.strait.memory.Ints;
import org.strait.memory.Longs;

/// Sparse rows by a team of threads, in blocks of rows that are read once from memory: margins,
/// loss and sums of a block follow each other while it lies in the cache.
///
/// Weights and sums are heap arrays here, because vectors are gathered from nothing else and native
/// memory is not indexed without a check at every access; copying them costs 12 bytes a column. The
/// rows are cut into parts of about equal entries, each with sums of its own that are added in the
/// order of the parts. Their number follows from rows and columns alone: a power of two, with at
/// least {@value #ENTRIES_OF_A_SUM} entries to each sum it makes, so that making the sums costs
/// little beside filling them.
///
/// Rows with fewer than {@value #ENTRIES_OF_A_COLUMN} entries to a column have no sums of their own
/// and copy nothing: margins are computed by parts of the rows, then each thread adds all rows to a
/// range of the columns, in their order, so that it does not matter where the ranges end
/// (docs/benchmarks.md, "Sparse gradients of wide rows"). A thread alone does both block by block.
/// Few entries go to the plain loops as they are.
public final class TeamSparseOps implements SparseOps {
  private static final int ENTRIES_OF_A_SUM = 4;
  private static final int MOST_PARTS = 16;

  /// Where ranges of columns become slower than sums for each part; measured.
  private static final int ENTRIES_OF_A_COLUMN = 8;

  /// Entries that say where ranges of columns with equal shares of all entries end.
  private static final int SAMPLE = 1024;

  /// Entries below which a part is not worth waking a thread for: about 50 µs.
  private static final long LEAST_ENTRIES = 1 << 15;

  /// Columns of a part of the work that goes by columns.
  private static final int COLUMNS = 1 << 16;

  private static final RowLoss NO_LOSS = (margins, labels, derivatives, from, to) -> 0;

  private enum Work {
    MARGINS,
    LOSS,
    CURVATURE,
    ROWS,
    SQUARES
  }

  private final SparseOps plain;
  private final SliceLoops slices;
  private final Team team;
  private final RowBlock[] blocks;
  private final TeamWideRows wideRows;
  private final TeamColumns columnRows;
  private final SliceScratch[] scratch;
  private final Team.Task fetching = this::fetch;
  private final Team.Task working = this::work;
  private final Team.Task slicing = this::slice;
  private final Team.Task bringing = this::bring;
  private final Team.Task measuring = this::measure;
  private final Team.Task adding = this::addRange;
  private final int[] sample = new int[SAMPLE];
  private final float[][] sums = new float[MOST_PARTS][];
  private final double[] losses = new double[MOST_PARTS];
  private float[] weights = new float[0];

  private Work kind;
  private int parts;
  private Csr rows;
  private RankedRows ranked;
  private Ints features;
  private int cols;
  private Floats in;
  private Floats labels;
  private RowLoss loss;
  private Floats perRow;
  private Floats out;

  /// @param plain for rows that are not worth copying for
  /// @param slices what each thread computes prepared rows with; null if they are not faster here
  /// @param team the threads
  public TeamSparseOps(SparseOps plain, SliceLoops slices, Team team) {
    this.plain = plain;
    this.slices = slices;
    this.team = team;
    blocks = new RowBlock[team.threads()];
    Arrays.setAll(blocks, worker -> new RowBlock());
    scratch = new SliceScratch[team.threads()];
    Arrays.setAll(scratch, worker -> new SliceScratch());
    wideRows = new TeamWideRows(team, blocks);
    columnRows = new TeamColumns(team);
  }

  /// The same loops with the threads of another team.
  public TeamSparseOps with(Team other) {
    return new TeamSparseOps(plain, slices, other);
  }

  @Override
  public void margins(Csr matrix, Floats x, Floats margins) {
    check(matrix, "weights", x, "margins", margins);
    if (few(matrix)) {
      plain.margins(matrix, x, margins);
      return;
    }
    run(Work.MARGINS, matrix, null, x, margins, NO_LOSS, margins, null);
  }

  @Override
  public void addScaledRows(Csr matrix, Floats coefficients, Floats gradient) {
    check(matrix, "gradient", gradient, "coefficients", coefficients);
    if (few(matrix)) {
      plain.addScaledRows(matrix, coefficients, gradient);
      return;
    }
    run(Work.ROWS, matrix, null, null, coefficients, NO_LOSS, coefficients, gradient);
  }

  @Override
  public void addScaledSquares(Csr matrix, Floats coefficients, Floats squares) {
    check(matrix, "squares", squares, "coefficients", coefficients);
    if (few(matrix)) {
      plain.addScaledSquares(matrix, coefficients, squares);
      return;
    }
    run(Work.SQUARES, matrix, null, null, coefficients, NO_LOSS, coefficients, squares);
  }

  @Override
  public double lossAndGradient(
      Csr matrix, Floats y, RowLoss rowLoss, Floats x, Floats derivatives, Floats gradient) {
    check(matrix, "weights", x, "labels", y);
    check(matrix, "gradient", gradient, "derivatives", derivatives);
    return few(matrix)
        ? plain.lossAndGradient(matrix, y, rowLoss, x, derivatives, gradient)
        : run(Work.LOSS, matrix, null, x, y, rowLoss, derivatives, gradient);
  }

  @Override
  public boolean prefersRanked() {
    return slices != null;
  }

  @Override
  public double lossAndGradient(
      RankedRows prepared,
      Floats y,
      RowLoss rowLoss,
      Floats x,
      Floats derivatives,
      Floats gradient) {
    Csr matrix = prepared.given();
    if (slices == null) {
      return lossAndGradient(matrix, y, rowLoss, x, derivatives, gradient);
    }
    check(matrix, "weights", x, "labels", y);
    check(matrix, "gradient", gradient, "derivatives", derivatives);
    return run(Work.LOSS, matrix, prepared, x, y, rowLoss, derivatives, gradient);
  }

  @Override
  public void addCurvatureProduct(
      Csr matrix, Floats curvatures, Floats vector, Floats products, Floats result) {
    check(matrix, "vector", vector, "curvatures", curvatures);
    check(matrix, "result", result, "products", products);
    if (few(matrix)) {
      plain.addCurvatureProduct(matrix, curvatures, vector, products, result);
      return;
    }
    run(Work.CURVATURE, matrix, null, vector, curvatures, NO_LOSS, products, result);
  }

  @Override
  public void addCurvatureProduct(
      RankedRows prepared, Floats curvatures, Floats vector, Floats products, Floats result) {
    Csr matrix = prepared.given();
    if (slices == null) {
      addCurvatureProduct(matrix, curvatures, vector, products, result);
      return;
    }
    check(matrix, "vector", vector, "curvatures", curvatures);
    check(matrix, "result", result, "products", products);
    run(Work.CURVATURE, matrix, prepared, vector, curvatures, NO_LOSS, products, result);
  }

  @Override
  public double addMapped(Csr matrix, Doubles x, RowMap map, Doubles coefficients, Doubles result) {
    Lengths.check("weights", x.length(), matrix.cols());
    Lengths.check("perRow", coefficients.length(), matrix.rows());
    if (result.length() != 0) {
      Lengths.check("result", result.length(), matrix.cols());
    }
    return wideRows.run(matrix, x, Objects.requireNonNull(map), coefficients, result);
  }

  @Override
  public Optional<RowGram> gram(Csr matrix) {
    return RowGram.of(matrix, team);
  }

  @Override
  public void addScaledSquares(Csr matrix, Doubles coefficients, Doubles squares) {
    Lengths.check("coefficients", coefficients.length(), matrix.rows());
    Lengths.check("squares", squares.length(), matrix.cols());
    wideRows.run(matrix, null, null, coefficients, squares);
  }

  @Override
  public void products(Csr matrix, Floats columns, int width, Floats products) {
    Lengths.check("columns", columns.length(), (long) width * matrix.cols());
    Lengths.check("products", products.length(), (long) width * matrix.rows());
    columnRows.byRows(
        matrix, (from, to) -> ColumnLoops.products(matrix, columns, width, products, from, to));
  }

  @Override
  public void addTransposed(Csr matrix, Floats coefficients, int width, Floats result) {
    Lengths.check("coefficients", coefficients.length(), (long) width * matrix.rows());
    Lengths.check("result", result.length(), (long) width * matrix.cols());
    columnRows.byFeatures(
        matrix,
        (from, to) -> ColumnLoops.addTransposed(matrix, coefficients, width, result, from, to));
  }

  @Override
  public void products(Csr matrix, Doubles columns, int width, Doubles products) {
    Lengths.check("columns", columns.length(), (long) width * matrix.cols());
    Lengths.check("products", products.length(), (long) width * matrix.rows());
    columnRows.byRows(
        matrix, (from, to) -> ColumnLoops.products(matrix, columns, width, products, from, to));
  }

  @Override
  public void addTransposed(
      Csr matrix, Doubles coefficients, int width, boolean squares, Doubles result) {
    Lengths.check("coefficients", coefficients.length(), (long) width * matrix.rows());
    Lengths.check("result", result.length(), (long) width * matrix.cols());
    columnRows.byFeatures(
        matrix,
        (from, to) ->
            ColumnLoops.addTransposed(matrix, coefficients, width, squares, result, from, to));
  }

  private static void check(Csr matrix, String wide, Floats cols, String high, Floats rows) {
    Lengths.check(wide, cols.length(), matrix.cols());
    Lengths.check(high, rows.length(), matrix.rows());
  }

  /// Whether the work is the caller's, and copying weights costs more than it saves.
  private static boolean few(Csr matrix) {
    return matrix.entries() < matrix.cols() && matrix.entries() < 2 * LEAST_ENTRIES;
  }

  private static boolean wide(Csr matrix) {
    return matrix.entries() < (long) ENTRIES_OF_A_COLUMN * matrix.cols()
        && matrix.entries() >= 2 * LEAST_ENTRIES;
  }

  private double run(
      Work newKind,
      Csr newRows,
      RankedRows newRanked,
      Floats newIn,
      Floats newLabels,
      RowLoss newLoss,
      Floats newPerRow,
      Floats newOut) {
    kind = newKind;
    rows = newRows;
    ranked = newRanked;
    features = ranked == null ? null : ranked.features();
    cols = ranked == null ? rows.cols() : (int) features.length();
    in = newIn;
    labels = newLabels;
    loss = Objects.requireNonNull(newLoss);
    perRow = newPerRow;
    out = newOut;
    if (ranked == null && wide(rows)) {
      runWide();
    } else {
      runCopied();
    }
    double sum = 0;
    for (int part = 0; part < parts; part++) {
      sum += losses[part];
    }
    rows = null;
    ranked = null;
    features = null;
    in = null;
    labels = null;
    loss = NO_LOSS;
    perRow = null;
    out = null;
    return sum;
  }

  private void runCopied() {
    parts = parts(rows.entries(), out == null ? 0 : cols);
    makeRoom();
    int ranges = Math.ceilDiv(cols, COLUMNS);
    if (in != null) {
      team.run(ranges, fetching);
    }
    team.run(parts, ranked == null ? working : slicing);
    if (out != null) {
      team.run(ranges, bringing);
    }
  }

  private void runWide() {
    parts = parts(rows.entries(), 0);
    team.run(parts, measuring);
    if (out != null && team.threads() > 1) {
      long first = rows.rowStart().get(0);
      for (int i = 0; i < SAMPLE; i++) {
        sample[i] = rows.index().get(first + rows.entries() * i / SAMPLE);
      }
      Arrays.sort(sample);
      team.run(team.threads(), adding);
    }
  }

  /// A part of the rows without sums of its own.
  private void measure(int part, int worker) {
    RowBlock block = blocks[worker];
    boolean alone = out != null && team.threads() == 1;
    double lossSum = 0;
    int to = border(part + 1);
    for (int from = border(part); from < to && (in != null || alone); ) {
      int end = RowBlock.end(rows, from, to);
      block.load(rows, from, end);
      if (in != null) {
        block.margins(from, in, perRow);
      }
      if (kind == Work.LOSS) {
        lossSum += loss.apply(perRow, labels, perRow, from, end);
      } else if (kind == Work.CURVATURE) {
        multiply(labels, perRow, from, end);
      }
      if (alone) {
        block.addColumns(perRow, from, kind == Work.SQUARES, 0, Integer.MAX_VALUE, out);
      }
      from = end;
    }
    losses[part] = lossSum;
  }

  /// All rows to a range of the columns that has about its share of the entries.
  private void addRange(int range, int worker) {
    RowBlock block = blocks[worker];
    int threads = team.threads();
    int low = range == 0 ? 0 : sample[(int) ((long) SAMPLE * range / threads)];
    int high =
        range == threads - 1
            ? Integer.MAX_VALUE
            : sample[(int) ((long) SAMPLE * (range + 1) / threads)];
    for (int from = 0; from < rows.rows(); ) {
      int end = RowBlock.end(rows, from, rows.rows());
      block.load(rows, from, end);
      block.addColumns(perRow, from, kind == Work.SQUARES, low, high, out);
      from = end;
    }
  }

  private static int parts(long entries, int sums) {
    long least = Math.max(LEAST_ENTRIES, (long) ENTRIES_OF_A_SUM * sums);
    int parts = 1;
    while (parts < MOST_PARTS && entries >= 2L * parts * least) {
      parts *= 2;
    }
    return parts;
  }

  /// Arrays grow to the largest rows that come and then stay.
  private void makeRoom() {
    if (in != null && weights.length < cols) {
      weights = new float[cols];
    }
    for (int part = 0; out != null && part < parts; part++) {
      if (sums[part] == null || sums[part].length < cols) {
        sums[part] = new float[cols];
      }
    }
  }

  private void fetch(int range, int worker) {
    int from = range * COLUMNS;
    int to = (int) Math.min(cols, (long) from + COLUMNS);
    if (features == null) {
      MemorySegment.copy(in.segment(), JAVA_FLOAT, from * Floats.BYTES, weights, from, to - from);
    } else {
      fetchRanked(in, features, weights, from, to);
    }
  }

  private static void fetchRanked(Floats in, Ints features, float[] weights, int from, int to) {
    for (int c = from; c < to; c++) {
      weights[c] = in.get(features.get(c));
    }
  }

  private void bring(int range, int worker) {
    int from = range * COLUMNS;
    int to = (int) Math.min(cols, (long) from + COLUMNS);
    for (int part = 1; part < parts; part++) {
      addTo(sums[0], sums[part], from, to);
    }
    if (features == null) {
      bringGiven(sums[0], out, from, to);
    } else {
      bringRanked(sums[0], features, out, from, to);
    }
  }

  private static void addTo(float[] total, float[] more, int from, int to) {
    for (int c = from; c < to; c++) {
      total[c] += more[c];
    }
  }

  private static void bringGiven(float[] total, Floats out, int from, int to) {
    for (int c = from; c < to; c++) {
      out.set(c, out.get(c) + total[c]);
    }
  }

  private static void bringRanked(float[] total, Ints features, Floats out, int from, int to) {
    for (int c = from; c < to; c++) {
      int column = features.get(c);
      out.set(column, out.get(column) + total[c]);
    }
  }

  private void work(int part, int worker) {
    RowBlock block = blocks[worker];
    float[] sum = sums[part];
    if (out != null) {
      Arrays.fill(sum, 0, cols, 0);
    }
    double lossSum = 0;
    int to = border(part + 1);
    for (int from = border(part); from < to; ) {
      int end = RowBlock.end(rows, from, to);
      block.load(rows, from, end);
      if (in != null) {
        block.margins(from, weights, perRow);
      }
      switch (kind) {
        case MARGINS -> {}
        case LOSS -> {
          lossSum += loss.apply(perRow, labels, perRow, from, end);
          block.add(perRow, from, sum);
        }
        case CURVATURE -> {
          multiply(labels, perRow, from, end);
          block.add(perRow, from, sum);
        }
        case ROWS -> block.add(perRow, from, sum);
        case SQUARES -> block.addSquares(perRow, from, sum);
      }
      from = end;
    }
    losses[part] = lossSum;
  }

  /// A part of prepared rows: whole blocks, as many as in any other part.
  private void slice(int part, int worker) {
    SliceScratch block = scratch[worker];
    float[] sum = sums[part];
    Arrays.fill(sum, 0, cols, 0);
    double lossSum = 0;
    int to = (int) ((part + 1L) * ranked.blocks() / parts);
    for (int b = (int) ((long) part * ranked.blocks() / parts); b < to; b++) {
      long from = (long) b * RankedRows.BLOCK;
      long end = from + ranked.rowsOf(b);
      slices.margins(ranked, b, weights, block);
      block.toRows(ranked, b, perRow);
      if (kind == Work.LOSS) {
        lossSum += loss.apply(perRow, labels, perRow, from, end);
      } else {
        multiply(labels, perRow, from, end);
      }
      block.fromRows(ranked, b, perRow);
      slices.add(ranked, b, block, sum);
    }
    losses[part] = lossSum;
  }

  private static void multiply(Floats by, Floats products, long from, long to) {
    for (long r = from; r < to; r++) {
      products.set(r, by.get(r) * products.get(r));
    }
  }

  private int border(int part) {
    return border(rows, part, parts);
  }

  /// The first row of a part: the first that starts at or after its share of the entries.
  static int border(Csr rows, int part, int parts) {
    if (part == 0 || part == parts) {
      return part == 0 ? 0 : rows.rows();
    }
    Longs starts = rows.rowStart();
    long share = starts.get(0) + rows.entries() / parts * part;
    int low = 0;
    int high = rows.rows();
    while (low < high) {
      int middle = (low + high) >>> 1;
      if (starts.get(middle) < share) {
        low = middle + 1;
      } else {
        high = middle;
      }
    }
    return low;
  }
}
