package org.strait.launcher.config;

import java.util.Collection;
import java.util.Locale;
import java.util.Optional;

/// "Did you mean": the known name nearest to what was written.
public final class Suggestion {
  /// Cost of a letter forgotten, added or swapped with its neighbour.
  private static final int EDIT = 2;

  /// Cost of a wrong letter: letters are forgotten more often.
  private static final int REPLACE = 3;

  private Suggestion() {}

  /// The nearest name by edit distance without regard to case, if it is near enough to be what was
  /// meant: at most a third of its letters forgotten, and at least one edit is always allowed.
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
    if (best == null || bestDistance > Math.max(REPLACE, EDIT * best.length() / 3)) {
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

  /// Cost of the edits (insert, delete, replace, swap of neighbours) from one word to the other:
  /// optimal string alignment, Damerau 1964.
  static int distance(String a, String b) {
    int[][] d = new int[a.length() + 1][b.length() + 1];
    for (int i = 0; i <= a.length(); i++) {
      for (int j = 0; j <= b.length(); j++) {
        if (i == 0 || j == 0) {
          d[i][j] = EDIT * (i + j);
          continue;
        }
        int replace = d[i - 1][j - 1] + (a.charAt(i - 1) == b.charAt(j - 1) ? 0 : REPLACE);
        d[i][j] = Math.min(replace, EDIT + Math.min(d[i - 1][j], d[i][j - 1]));
        if (i > 1
            && j > 1
            && a.charAt(i - 1) == b.charAt(j - 2)
            && a.charAt(i - 2) == b.charAt(j - 1)) {
          d[i][j] = Math.min(d[i][j], EDIT + d[i - 2][j - 2]);
        }
      }
    }
    return d[a.length()][b.length()];
  }
}
