package org.strait.engine.data;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;

/// How a file of rows is read.
///
/// @param format one of {@link #FORMATS}; {@code auto} goes by the name: .csv and .tsv are CSV,
///     .npz
///     is an archive of NumPy, names with {@code idx3} or {@code idx4} are IDX (each with .gz after
///     it or not), a folder is one of images, all others are LIBSVM text
/// @param label which column of a CSV file is the label: its name, its number from 1, or {@code
///     none}; empty for the one called label, target, class or y; {@link #IF_ANY} for that one
///     if it is there and no feature. Of IDX, the file of labels
/// @param weight which column of a CSV file says how much a row counts; empty for none
/// @param columns names of a CSV file's features in the order that a model has them; empty for the
///     order of the file
/// @param threads threads that scan
/// @param cache whether scanned rows may be kept beside the file and taken from there
/// @param part of an archive that has several: {@code train}, {@code val} or {@code test}
/// @param images how images become rows
/// @param ids users and items that may occur in ratings; null to take those of the file
public record RowSettings(
    String format,
    String label,
    String weight,
    List<String> columns,
    int threads,
    boolean cache,
    String part,
    ImageSettings images,
    RatingIds ids) {
  /// A label that nobody needs, of rows that a model is to predict.
  public static final String IF_ANY = "*";

  /// Formats that can be asked for.
  public static final List<String> FORMATS =
      List.of("auto", "libsvm", "csv", "idx", "npz", "images", "ratings");

  /// @throws IllegalArgumentException if there is no such format or part, or less than one thread
  public RowSettings {
    if (!FORMATS.contains(format)) {
      throw new IllegalArgumentException(
          "unknown format \"" + format + "\"; known: " + String.join(", ", FORMATS));
    }
    if (!NpzReader.PARTS.contains(part)) {
      throw new IllegalArgumentException(
          "unknown part \"" + part + "\"; known: " + String.join(", ", NpzReader.PARTS));
    }
    if (threads < 1) {
      throw new IllegalArgumentException(threads + " threads");
    }
    columns = List.copyOf(columns);
  }

  /// Rows to train with that count alike, columns in the order of the file, images as they are.
  public RowSettings(String format, String label, int threads, boolean cache) {
    this(format, label, "", List.of(), threads, cache);
  }

  /// Rows to train with, images as they are.
  public RowSettings(
      String format,
      String label,
      String weight,
      List<String> columns,
      int threads,
      boolean cache) {
    this(format, label, weight, columns, threads, cache, "train", ImageSettings.defaults(), null);
  }

  /// Any format, by one thread, without a cache.
  public static RowSettings defaults() {
    return new RowSettings("auto", "", 1, false);
  }

  /// The same for another part.
  public RowSettings ofPart(String other) {
    return new RowSettings(format, label, weight, columns, threads, cache, other, images, ids);
  }

  /// The same for images that become rows in another way.
  public RowSettings with(ImageSettings other) {
    return new RowSettings(format, label, weight, columns, threads, cache, part, other, ids);
  }

  /// The same for ratings of known users and items.
  public RowSettings with(RatingIds known) {
    return new RowSettings(format, label, weight, columns, threads, cache, part, images, known);
  }

  /// The format of a file.
  public String formatOf(Path file) {
    if (!format.equals("auto")) {
      return format;
    }
    if (Files.isDirectory(file)) {
      return "images";
    }
    String name = file.getFileName().toString().toLowerCase(Locale.ROOT);
    String plain = name.endsWith(".gz") ? name.substring(0, name.length() - 3) : name;
    if (plain.endsWith(".npz")) {
      return "npz";
    }
    if (plain.contains("idx3") || plain.contains("idx4")) {
      return "idx";
    }
    return plain.endsWith(".csv") || plain.endsWith(".tsv") ? "csv" : "libsvm";
  }

  /// Whether scanned rows of a file are worth a cache: text that takes long to scan. A cache has no
  /// weights.
  boolean caches(Path file) {
    String known = formatOf(file);
    return cache
        && Files.isRegularFile(file)
        && (known.equals("libsvm") || (known.equals("csv") && weight.isEmpty()));
  }

  /// What the rows of a file depend on besides its content; empty for LIBSVM text.
  String meaningOf(Path file) {
    String names = columns.isEmpty() ? "" : " columns=" + String.join("\n", columns);
    return formatOf(file).equals("csv") ? "csv label=" + label + names : "";
  }
}
