package org.strait.engine.data;

import java.nio.file.Path;
import java.util.List;
import java.util.Locale;

/// How a file of rows is read.
///
/// @param format {@code libsvm}, {@code csv}, or {@code auto}: CSV if the name ends in .csv or
///     .tsv,
///     with .gz after it or not, else LIBSVM
/// @param label which column of a CSV file is the label: its name, its number from 1, or {@code
///     none}; empty for the one called label, target, class or y; {@link #IF_ANY} for that one
///     if it is there and no feature
/// @param weight which column of a CSV file says how much a row counts; empty for none
/// @param columns names of a CSV file's features in the order that a model has them; empty for the
///     order of the file
/// @param threads threads that scan
/// @param cache whether scanned rows may be kept beside the file and taken from there
public record RowSettings(
    String format, String label, String weight, List<String> columns, int threads, boolean cache) {
  /// A label that nobody needs, of rows that a model is to predict.
  public static final String IF_ANY = "*";

  /// Formats that can be asked for.
  public static final List<String> FORMATS = List.of("auto", "libsvm", "csv");

  /// @throws IllegalArgumentException if there is no such format, or less than one thread
  public RowSettings {
    if (!FORMATS.contains(format)) {
      throw new IllegalArgumentException(
          "unknown format \"" + format + "\"; known: " + String.join(", ", FORMATS));
    }
    if (threads < 1) {
      throw new IllegalArgumentException(threads + " threads");
    }
    columns = List.copyOf(columns);
  }

  /// Rows that count alike, columns in the order of the file.
  public RowSettings(String format, String label, int threads, boolean cache) {
    this(format, label, "", List.of(), threads, cache);
  }

  /// Any format, by one thread, without a cache.
  public static RowSettings defaults() {
    return new RowSettings("auto", "", 1, false);
  }

  /// The format of a file.
  String formatOf(Path file) {
    if (!format.equals("auto")) {
      return format;
    }
    String name = file.getFileName().toString().toLowerCase(Locale.ROOT);
    String plain = name.endsWith(".gz") ? name.substring(0, name.length() - 3) : name;
    return plain.endsWith(".csv") || plain.endsWith(".tsv") ? "csv" : "libsvm";
  }

  /// Whether rows of a file may be cached: a cache has no weights.
  boolean caches(Path file) {
    return cache && (!formatOf(file).equals("csv") || weight.isEmpty());
  }

  /// What the rows of a file depend on besides its content; empty for LIBSVM text.
  String meaningOf(Path file) {
    String names = columns.isEmpty() ? "" : " columns=" + String.join("\n", columns);
    return formatOf(file).equals("csv") ? "csv label=" + label + names : "";
  }
}
