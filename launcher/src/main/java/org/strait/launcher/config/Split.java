package org.strait.launcher.config;

import java.util.List;
import org.strait.engine.data.RowSplits;

/// How one file is cut into data centres.
///
/// @param text as given to `--split`, one that {@link RowSplits} knows
public record Split(String text) {
  /// By the sites file.
  public static final Split SITES = new Split("sites");

  /// Checks the words.
  ///
  /// @throws IllegalArgumentException if it is no split
  public Split {
    if (!text.equals("sites")) {
      RowSplits.choose(text, 0, null);
    }
  }

  /// All names.
  public static List<String> names() {
    return RowSplits.NAMES;
  }
}
