package org.strait.launcher.config;

import java.util.Collection;
import java.util.Locale;
import java.util.Optional;

/// "Did you mean": the known name nearest to what was written.
public final class Suggestion {
  private Suggestion() {}

  /// The nearest name by edit distance without regard to case, if it is near enough to be what was
  /// meant (at most a third of its letters differ, and at least one edit is always allowed).
  public static Optional<String> nearest(String written, Collection<String> known) {
    String best = null;
    int bestDistance = Integer.MAX_VALUE;
    for (String name : known) {
      int d = distance(written.toLowerCase(Locale.ROOT), name.toLowerCase(Locale.ROOT));
      if (d < bestDistance) {
        bestDistance = d;
        best = name;
      }
    }
    if (best == null || bestDistance > Math.max(1, best.length() / 3)) {
      return Optional.empty();
    }
    return Optional.of(best);
  }

  /// The remedy after an unknown name: the nearest one, or all of them.
  public static String remedy(String written, Collection<String> known) {
    return nearest(written, known)
        .map(name -> "did you mean \"" + name + "\"?")
        .orElseGet(() -> "known: " + String.join(", ", known));
  }

  /// Edits (insert, delete, replace, swap of neighbours) from one word to the other: optimal string
  /// alignment, Damerau 1964.
  static int distance(String a, String b) {
    int[][] d = new int[a.length() + 1][b.length() + 1];
    for (int i = 0; i <= a.length(); i++) {
      for (int j = 0; j <= b.length(); j++) {
        if (i == 0 || j == 0) {
          d[i][j] = i + j;
          continue;
        }
        int replace = d[i - 1][j - 1] + (a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1);
        d[i][j] = Math.min(replace, 1 + Math.min(d[i - 1][j], d[i][j - 1]));
        if (i > 1
            && j > 1
            && a.charAt(i - 1) == b.charAt(j - 2)
            && a.charAt(i - 2) == b.charAt(j - 1)) {
          d[i][j] = Math.min(d[i][j], 1 + d[i - 2][j - 2]);
        }
      }
    }
    return d[a.length()][b.length()];
  }
}
