package org.strait.launcher.config;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/// How one file is cut into data centres.
public enum Split {
  /// Equal runs of rows, in file order.
  CONTIGUOUS,
  /// Equal parts, rows drawn by the seed.
  RANDOM,
  /// By label: every data centre sees few labels.
  LABEL,
  /// By the sites file.
  SITES;

  /// Name as given to `--split`.
  public String text() {
    return name().toLowerCase(Locale.ROOT);
  }

  /// All names.
  public static List<String> names() {
    return Arrays.stream(values()).map(Split::text).toList();
  }
}
