package org.strait.engine.data;

import java.util.List;
import java.util.Objects;
import org.strait.kernels.Csr;
import org.strait.kernels.Matrix;
import org.strait.memory.Floats;
import org.strait.memory.HostMemory;
import org.strait.memory.Ints;
import org.strait.memory.Longs;

/// Rows with one label each, in native memory that belongs to the owner they were made in: sparse,
/// or without gaps ({@link #dense}) such as images. Features are numbered from 0 here; LIBSVM text
/// numbers them from 1.
public final class Dataset {
  private final String source;
  private final Csr matrix;
  private final DenseCells cells;
  private final Floats labels;
  private final Floats weights;
  private final RowFacts facts;

  /// @param source where the rows come from, for messages
  /// @param matrix the rows
  /// @param labels one label for each row
  public Dataset(String source, Csr matrix, Floats labels) {
    this(source, matrix, labels, null);
  }

  /// @param weights how much each row counts, at least 0; null if all count 1
  public Dataset(String source, Csr matrix, Floats labels, Floats weights) {
    this(source, matrix, null, labels, weights, RowFacts.NONE);
  }

  private Dataset(
      String source, Csr matrix, DenseCells cells, Floats labels, Floats weights, RowFacts facts) {
    int rows = cells == null ? matrix.rows() : cells.rows();
    if (labels.length() != rows) {
      throw new IllegalArgumentException(
          source + ": " + rows + " rows but " + labels.length() + " labels");
    }
    if (weights != null && weights.length() != rows) {
      throw new IllegalArgumentException(
          source + ": " + rows + " rows but " + weights.length() + " weights");
    }
    this.source = source;
    this.matrix = matrix;
    this.cells = cells;
    this.labels = labels;
    this.weights = weights;
    this.facts = facts;
  }

  /// Rows without gaps.
  static Dataset of(String source, DenseCells cells, Floats labels, RowFacts facts) {
    return new Dataset(source, null, cells, labels, null, facts);
  }

  /// Rows without gaps, from memory.
  ///
  /// @param values row after row
  /// @param shape of a row; its features are {@link RowShape#cells}
  /// @param memory owner of what is made of them when it is needed
  public static Dataset images(
      String source, Floats values, RowShape shape, Floats labels, HostMemory memory) {
    int rows = Math.toIntExact(labels.length());
    return of(
        source, DenseCells.of(values, rows, shape.cells(), memory), labels, RowFacts.of(shape));
  }

  /// The same rows with other things known of them.
  public Dataset with(RowFacts other) {
    return new Dataset(source, matrix, cells, labels, weights, other);
  }

  /// Where the rows come from, for messages.
  public String source() {
    return source;
  }

  /// The rows as sparse ones. Of rows without gaps an index is made when it is first asked for,
  /// which takes as much memory as they do.
  public Csr matrix() {
    return cells == null ? matrix : cells.sparse();
  }

  /// The rows as a dense matrix if they have no gaps, else null.
  public Matrix dense() {
    return cells == null ? null : cells.matrix();
  }

  /// Whether the rows have no gaps.
  public boolean isDense() {
    return cells != null;
  }

  /// What is known of the rows besides their numbers.
  public RowFacts facts() {
    return facts;
  }

  /// What the features of a row are: null unless rows are images.
  public RowShape shape() {
    return facts.shape();
  }

  /// One label for each row.
  public Floats labels() {
    return labels;
  }

  /// How much each row counts; null if all count 1.
  public Floats weights() {
    return weights;
  }

  /// What all rows together count: Σ weight, or their number.
  public double totalWeight() {
    double total = weights == null ? rows() : 0;
    for (long r = 0; weights != null && r < weights.length(); r++) {
      total += weights.get(r);
    }
    return total;
  }

  /// The same rows with weights.
  public Dataset weighted(Floats newWeights) {
    return new Dataset(source, matrix, cells, labels, newWeights, facts);
  }

  /// Number of rows.
  public int rows() {
    return cells == null ? matrix.rows() : cells.rows();
  }

  /// Number of features, whether they occur or not.
  public int features() {
    return cells == null ? matrix.cols() : cells.cols();
  }

  /// Number of stored values.
  public long entries() {
    return cells == null ? matrix.entries() : (long) rows() * features();
  }

  /// Rows [from, from + count) as a view of the same memory.
  public Dataset slice(int from, int count) {
    Objects.checkFromIndexSize(from, count, rows());
    return new Dataset(
        source,
        cells == null ? matrix.slice(from, count) : null,
        cells == null ? null : cells.slice(from, count),
        labels.slice(from, count),
        weights == null ? null : weights.slice(from, count),
        facts);
  }

  /// The same rows with another number of features, as a view: data centres agree on the largest.
  ///
  /// @throws DataException if a row has a feature beyond
  public Dataset withFeatures(int features) {
    if (features == features()) {
      return this;
    }
    Csr rows = matrix();
    if (features < features()) {
      long from = rows.rowStart().get(0);
      long to = rows.rowStart().get(rows());
      for (long i = from; i < to; i++) {
        if (rows.index().get(i) >= features) {
          throw new DataException(
              source,
              "feature " + (rows.index().get(i) + 1) + ", but only " + features + " are known",
              "use the file that the model was trained for, or leave the feature out");
        }
      }
    }
    return new Dataset(
        source,
        new Csr(rows(), features, rows.rowStart(), rows.index(), rows.value()),
        null,
        labels,
        weights,
        facts);
  }

  /// These rows for a model of so many features: entries of features that the model has never seen
  /// are left out, since their weights would be 0. A view if there are none.
  ///
  /// @param memory owner of the copy, if one is needed
  public Dataset clipped(int features, HostMemory memory) {
    if (features >= features()) {
      return withFeatures(features);
    }
    Csr matrix = matrix();
    try (DatasetBuilder builder = new DatasetBuilder(memory)) {
      for (int row = 0; row < rows(); row++) {
        for (long i = matrix.rowStart().get(row); i < matrix.rowStart().get(row + 1L); i++) {
          if (matrix.index().get(i) < features) {
            builder.entry(matrix.index().get(i), matrix.value().get(i));
          }
        }
        builder.endRow(labels.get(row));
      }
      return builder.build(source, features, memory).weighted(weights);
    }
  }

  /// A copy of the rows with a column more, the last, which is 1 in every row: the weight of an
  /// intercept goes with it. Labels and weights are shared.
  ///
  /// @param memory owner of the entries
  public Dataset withConstant(HostMemory memory) {
    Floats ones = memory.floats(rows());
    ones.fill(1);
    return withColumn(ones, memory);
  }

  /// A copy of the rows with a column more, the last, whose values are all stored, zeros too.
  /// Labels and weights are shared.
  public Dataset withColumn(Floats column, HostMemory memory) {
    Csr matrix = matrix();
    Ints index = memory.ints(entries() + rows());
    Floats value = memory.floats(entries() + rows());
    Longs start = memory.longs(rows() + 1L);
    for (int row = 0; row < rows(); row++) {
      long from = matrix.rowStart().get(row);
      long count = matrix.rowStart().get(row + 1L) - from;
      long at = start.get(row);
      for (long i = 0; i < count; i++) {
        index.set(at + i, matrix.index().get(from + i));
        value.set(at + i, matrix.value().get(from + i));
      }
      index.set(at + count, features());
      value.set(at + count, column.get(row));
      start.set(row + 1L, at + count + 1);
    }
    return new Dataset(
        source, new Csr(rows(), features() + 1, start, index, value), labels, weights);
  }

  /// A copy of the rows without their last column, all of whose values are stored; they become the
  /// rows' weights.
  ///
  /// @param features that are left
  /// @param memory owner of all that the copy has
  public Dataset columnAsWeights(int features, HostMemory memory) {
    if (features != features() - 1) {
      throw new IllegalArgumentException(features() + " columns, expected " + (features + 1));
    }
    Csr matrix = matrix();
    Floats ownLabels = memory.floats(rows());
    ownLabels.copyFrom(labels);
    long base = matrix.rowStart().get(0);
    Ints index = memory.ints(entries() - rows());
    Floats value = memory.floats(entries() - rows());
    Longs start = memory.longs(rows() + 1L);
    Floats column = memory.floats(rows());
    for (int row = 0; row < rows(); row++) {
      long from = matrix.rowStart().get(row);
      long last = matrix.rowStart().get(row + 1L) - 1;
      if (last < from || matrix.index().get(last) != features) {
        throw new IllegalArgumentException(source + ": row " + (row + 1) + " has no weight");
      }
      long at = start.get(row);
      for (long i = from; i < last; i++) {
        index.set(at + i - from, matrix.index().get(i));
        value.set(at + i - from, matrix.value().get(i));
      }
      column.set(row, matrix.value().get(last));
      start.set(row + 1L, last - base - row);
    }
    return new Dataset(source, new Csr(rows(), features, start, index, value), ownLabels, column);
  }

  /// These rows with labels that are numbers of other names of classes, among which theirs are.
  /// Modified: labels.
  ///
  /// @throws DataException if one of their classes is not there
  public Dataset withClasses(List<String> agreed) {
    List<String> own = facts.classes();
    if (own.isEmpty()) {
      throw new DataException(
          source,
          "its classes are numbers, those of others have names: " + agreed,
          "name the folders alike");
    }
    int[] numbers = new int[own.size()];
    for (int c = 0; c < numbers.length; c++) {
      numbers[c] = agreed.indexOf(own.get(c));
    }
    for (int row = 0; row < rows(); row++) {
      int c = (int) labels.get(row);
      if (numbers[c] < 0) {
        throw new DataException(
            source,
            "a class " + own.get(c) + ", but the model has " + agreed,
            "leave its rows out, or train with it");
      }
      labels.set(row, (float) numbers[c]);
    }
    return with(new RowFacts(facts.shape(), agreed, facts.ids()));
  }

  /// Rows of several places one after the other.
  ///
  /// @param parts of one number of features; all without gaps, or none
  /// @param memory owner of the copy
  public static Dataset joined(List<Dataset> parts, HostMemory memory) {
    Dataset first = parts.getFirst();
    long rows = 0;
    long entries = 0;
    for (Dataset part : parts) {
      if (part.features() != first.features() || part.isDense() != first.isDense()) {
        throw new IllegalArgumentException(part + " does not go with " + first);
      }
      rows += part.rows();
      entries += part.entries();
    }
    Floats labels = memory.floats(rows);
    Floats value = memory.floats(entries);
    Ints index = first.isDense() ? null : memory.ints(entries);
    Longs start = memory.longs(rows + 1);
    boolean weighted = parts.stream().anyMatch(part -> part.weights != null);
    Floats weights = weighted ? memory.floats(rows) : null;
    long row = 0;
    long at = 0;
    for (Dataset part : parts) {
      labels.slice(row, part.rows()).copyFrom(part.labels);
      if (weighted && part.weights != null) {
        weights.slice(row, part.rows()).copyFrom(part.weights);
      } else if (weighted) {
        weights.slice(row, part.rows()).fill(1);
      }
      if (first.isDense()) {
        value.slice(at, part.entries()).copyFrom(part.dense().values());
      } else {
        Csr from = part.matrix();
        long base = from.rowStart().get(0);
        value.slice(at, part.entries()).copyFrom(from.value().slice(base, part.entries()));
        index.slice(at, part.entries()).copyFrom(from.index().slice(base, part.entries()));
        for (int r = 1; r <= part.rows(); r++) {
          start.set(row + r, at + from.rowStart().get(r) - base);
        }
      }
      row += part.rows();
      at += part.entries();
    }
    return first.isDense()
        ? of(
                first.source,
                DenseCells.of(value, (int) rows, first.features(), memory),
                labels,
                first.facts)
            .weighted(weights)
        : new Dataset(
            first.source,
            new Csr((int) rows, first.features(), start, index, value),
            null,
            labels,
            weights,
            first.facts);
  }

  /// These rows with features renumbered: entry of feature f becomes one of {@code places(f)}.
  /// Numbers below {@code first} ascend with f among themselves, so do the others.
  ///
  /// @param places new number of each feature, below {@code features}
  /// @param first where the second run of numbers begins
  /// @param memory owner of the new entries; labels are shared
  public Dataset renumbered(Ints places, int first, int features, HostMemory memory) {
    Csr matrix = matrix();
    long base = matrix.rowStart().get(0);
    Ints index = memory.ints(entries());
    Floats value = memory.floats(entries());
    Longs start = memory.longs(rows() + 1L);
    long at = 0;
    for (int row = 0; row < rows(); row++) {
      long from = matrix.rowStart().get(row);
      long to = matrix.rowStart().get(row + 1L);
      for (int run = 0; run < 2; run++) {
        for (long i = from; i < to; i++) {
          int place = places.get(matrix.index().get(i));
          if (place < first == (run == 0)) {
            index.set(at, Objects.checkIndex(place, features));
            value.set(at++, matrix.value().get(i));
          }
        }
      }
      start.set(row + 1L, to - base);
    }
    return new Dataset(
        source, new Csr(rows(), features, start, index, value), null, labels, weights, facts);
  }

  /// A copy of some rows, in the order given.
  ///
  /// @param rows row numbers from 0; may repeat
  /// @param memory owner of the copy
  public Dataset select(int[] rows, HostMemory memory) {
    if (cells != null) {
      Floats some = memory.floats(rows.length);
      for (int i = 0; i < rows.length; i++) {
        some.set(i, labels.get(rows[i]));
      }
      return of(source, cells.select(rows, memory), some, facts)
          .weighted(selectedWeights(rows, memory));
    }
    Longs rowStart = matrix.rowStart();
    long entries = 0;
    for (int row : rows) {
      Objects.checkIndex(row, rows());
      entries += rowStart.get(row + 1L) - rowStart.get(row);
    }
    Longs newStart = memory.longs(rows.length + 1L);
    Ints newIndex = memory.ints(entries);
    Floats newValue = memory.floats(entries);
    Floats newLabels = memory.floats(rows.length);
    long at = 0;
    int first = 0;
    while (first < rows.length) {
      // Rows that follow each other lie side by side.
      int end = first + 1;
      while (end < rows.length && rows[end] == rows[end - 1] + 1) {
        end++;
      }
      long from = rowStart.get(rows[first]);
      long count = rowStart.get(rows[end - 1] + 1L) - from;
      newIndex.slice(at, count).copyFrom(matrix.index().slice(from, count));
      newValue.slice(at, count).copyFrom(matrix.value().slice(from, count));
      for (int i = first; i < end; i++) {
        newStart.set(i + 1L, at + rowStart.get(rows[i] + 1L) - from);
        newLabels.set(i, labels.get(rows[i]));
      }
      at += count;
      first = end;
    }
    return new Dataset(
        source,
        new Csr(rows.length, features(), newStart, newIndex, newValue),
        null,
        newLabels,
        selectedWeights(rows, memory),
        facts);
  }

  private Floats selectedWeights(int[] rows, HostMemory memory) {
    if (weights == null) {
      return null;
    }
    Floats some = memory.floats(rows.length);
    for (int i = 0; i < rows.length; i++) {
      some.set(i, weights.get(rows[i]));
    }
    return some;
  }

  /// SHA-256 of the rows' content: number of rows, entries of each row, features (from 0), values,
  /// labels, weights if there are any; little-endian. Does not depend on the number of features or
  /// on where the rows lie.
  public String hash() {
    Csr matrix = matrix();
    Longs rowStart = matrix.rowStart();
    long from = rowStart.get(0);
    ContentHash hash = new ContentHash().add(rows());
    for (int row = 0; row < rows(); row++) {
      hash.add((int) (rowStart.get(row + 1L) - rowStart.get(row)));
    }
    hash.add(matrix.index().slice(from, entries()))
        .add(matrix.value().slice(from, entries()))
        .add(labels);
    return (weights == null ? hash : hash.add(weights)).hex();
  }

  @Override
  public String toString() {
    return source + " (" + rows() + " rows, " + features() + " features, " + entries() + " values)";
  }
}
