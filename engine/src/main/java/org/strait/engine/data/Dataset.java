package org.strait.engine.data;

import java.util.Objects;
import org.strait.kernels.Csr;
import org.strait.memory.Floats;
import org.strait.memory.HostMemory;
import org.strait.memory.Ints;
import org.strait.memory.Longs;

/// Sparse rows with one label each, and a weight if not all count alike, in native memory that
/// belongs to the owner they were made in. Features are numbered from 0 here; LIBSVM text numbers
/// them from 1.
public final class Dataset {
  private final String source;
  private final Csr matrix;
  private final Floats labels;
  private final Floats weights;

  /// @param source where the rows come from, for messages
  /// @param matrix the rows
  /// @param labels one label for each row
  public Dataset(String source, Csr matrix, Floats labels) {
    this(source, matrix, labels, null);
  }

  /// @param weights how much each row counts, at least 0; null if all count 1
  public Dataset(String source, Csr matrix, Floats labels, Floats weights) {
    if (weights != null && weights.length() != matrix.rows()) {
      throw new IllegalArgumentException(
          source + ": " + matrix.rows() + " rows but " + weights.length() + " weights");
    }
    if (labels.length() != matrix.rows()) {
      throw new IllegalArgumentException(
          source + ": " + matrix.rows() + " rows but " + labels.length() + " labels");
    }
    this.source = source;
    this.matrix = matrix;
    this.labels = labels;
    this.weights = weights;
  }

  /// Where the rows come from, for messages.
  public String source() {
    return source;
  }

  /// The rows.
  public Csr matrix() {
    return matrix;
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
    return new Dataset(source, matrix, labels, newWeights);
  }

  /// Number of rows.
  public int rows() {
    return matrix.rows();
  }

  /// Number of features, whether they occur or not.
  public int features() {
    return matrix.cols();
  }

  /// Number of stored values.
  public long entries() {
    return matrix.entries();
  }

  /// Rows [from, from + count) as a view of the same memory.
  public Dataset slice(int from, int count) {
    Objects.checkFromIndexSize(from, count, rows());
    return new Dataset(
        source,
        matrix.slice(from, count),
        labels.slice(from, count),
        weights == null ? null : weights.slice(from, count));
  }

  /// The same rows with another number of features, as a view: data centres agree on the largest.
  ///
  /// @throws DataException if a row has a feature beyond
  public Dataset withFeatures(int features) {
    if (features < features()) {
      long from = matrix.rowStart().get(0);
      long to = matrix.rowStart().get(rows());
      for (long i = from; i < to; i++) {
        if (matrix.index().get(i) >= features) {
          throw new DataException(
              source,
              "feature " + (matrix.index().get(i) + 1) + ", but only " + features + " are known",
              "use the file that the model was trained for, or leave the feature out");
        }
      }
    }
    return new Dataset(
        source,
        new Csr(rows(), features, matrix.rowStart(), matrix.index(), matrix.value()),
        labels,
        weights);
  }

  /// These rows for a model of so many features: entries of features that the model has never seen
  /// are left out, since their weights would be 0. A view if there are none.
  ///
  /// @param memory owner of the copy, if one is needed
  public Dataset clipped(int features, HostMemory memory) {
    if (features >= features()) {
      return withFeatures(features);
    }
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

  /// These rows with features renumbered: entry of feature f becomes one of {@code places(f)}.
  /// Numbers below {@code first} ascend with f among themselves, so do the others.
  ///
  /// @param places new number of each feature, below {@code features}
  /// @param first where the second run of numbers begins
  /// @param memory owner of the new entries; labels are shared
  public Dataset renumbered(Ints places, int first, int features, HostMemory memory) {
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
    return new Dataset(source, new Csr(rows(), features, start, index, value), labels, weights);
  }

  /// A copy of some rows, in the order given.
  ///
  /// @param rows row numbers from 0; may repeat
  /// @param memory owner of the copy
  public Dataset select(int[] rows, HostMemory memory) {
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
    Floats newWeights = weights == null ? null : memory.floats(rows.length);
    for (int i = 0; weights != null && i < rows.length; i++) {
      newWeights.set(i, weights.get(rows[i]));
    }
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
        newLabels,
        newWeights);
  }

  /// SHA-256 of the rows' content: number of rows, entries of each row, features (from 0), values,
  /// labels, weights if there are any; little-endian. Does not depend on the number of features or
  /// on where the rows lie.
  public String hash() {
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
