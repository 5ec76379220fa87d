package org.strait.engine.data;

import java.util.List;
import org.strait.kernels.UnknownName;

/// The one choice of a {@link RowSplit}.
public final class RowSplits {
  /// Names that {@link #choose} knows.
  public static final List<String> NAMES =
      List.of("contiguous", "random", "label", "sites", "users", "dirichlet:ALPHA");

  private static final String DIRICHLET = "dirichlet:";

  private RowSplits() {}

  /// The split of a name: {@code contiguous} (file order), {@code random} (by seed), {@code label}
  /// (file sorted by label: as different as data centres can be), {@code sites} (a file says),
  /// {@code users} (of ratings, by seed), {@code dirichlet:ALPHA} (skewed labels, by seed).
  ///
  /// @param name one of {@link #NAMES}
  /// @param seed for those that draw
  /// @param sites for {@code sites}, else null or ignored
  /// @throws IllegalArgumentException for an unknown name, or for {@code sites} without a file
  public static RowSplit choose(String name, long seed, SiteFile sites) {
    if (name.startsWith(DIRICHLET)) {
      return new DirichletSplit(alpha(name.substring(DIRICHLET.length())), seed);
    }
    return switch (name) {
      case "contiguous" -> new ContiguousSplit();
      case "random" -> new RandomSplit(seed);
      case "label" -> new LabelSplit();
      case "sites" -> {
        if (sites == null) {
          throw new IllegalArgumentException("split \"sites\" needs a site file: --sites FILE");
        }
        yield new SiteSplit(sites);
      }
      case "users" -> new UserSplit(seed);
      default -> throw UnknownName.of("split", name, NAMES);
    };
  }

  /// NaN if it is no number, which the split refuses.
  private static double alpha(String text) {
    try {
      return Double.parseDouble(text);
    } catch (NumberFormatException e) {
      return Double.NaN;
    }
  }

  /// First of the rows that part {@code part} of {@code parts} gets when {@code rows} are cut into
  /// consecutive parts whose sizes differ by at most one, the larger ones first.
  static int firstRow(int rows, int parts, int part) {
    return part * (rows / parts) + Math.min(part, rows % parts);
  }
}
