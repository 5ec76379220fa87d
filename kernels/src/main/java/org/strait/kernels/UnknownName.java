package org.strait.kernels;

import java.util.List;
import java.util.Locale;

/// The error of every chooser for a name that it does not know: prints the known names and the
/// nearest one.
public final class UnknownName {
  private UnknownName() {}

  /// An exception to throw, for instance {@code unknown model "logistc"; did you mean "logistic"?
  /// known: logistic, squared}.
  ///
  /// @param kind what is being chosen, for instance {@code model}
  /// @param name what was asked for
  /// @param known the names that exist
  public static IllegalArgumentException of(String kind, String name, List<String> known) {
    String nearest = nearest(name, known);
    return new IllegalArgumentException(
        "unknown "
            + kind
            + " \""
            + name
            + "\"; "
            + (nearest == null ? "" : "did you mean \"" + nearest + "\"? ")
            + "known: "
            + String.join(", ", known));
  }

  /// The known name within a third of its length in edits, or null.
  private static String nearest(String name, List<String> known) {
    String wanted = name.toLowerCase(Locale.ROOT).replace('_', '-');
    String best = null;
    int bestEdits = Integer.MAX_VALUE;
    for (String candidate : known) {
      int edits = edits(wanted, candidate);
      if (edits <= Math.max(1, candidate.length() / 3) && edits < bestEdits) {
        best = candidate;
        bestEdits = edits;
      }
    }
    return best;
  }

  /// Levenshtein distance: letters to insert, delete or replace.
  static int edits(String a, String b) {
    int[] row = new int[b.length() + 1];
    for (int j = 0; j <= b.length(); j++) {
      row[j] = j;
    }
    for (int i = 1; i <= a.length(); i++) {
      int diagonal = row[0];
      row[0] = i;
      for (int j = 1; j <= b.length(); j++) {
        int replaced = diagonal + (a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1);
        diagonal = row[j];
        row[j] = Math.min(replaced, 1 + Math.min(row[j], row[j - 1]));
      }
    }
    return row[b.length()];
  }
}
