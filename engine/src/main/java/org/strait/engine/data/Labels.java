package org.strait.engine.data;

import org.strait.memory.Floats;

/// What the labels of a file mean. Models of two classes see -1 and +1 whatever the file has. A
/// rank may hold one class only, so after {@link #apply} the ranks should agree on the union of
/// their {@link LabelSet}s and call {@link #check} with it.
public final class Labels {
  private enum Kind {
    AUTO,
    TWO_CLASSES,
    REAL
  }

  private final Kind kind;
  private final float negative;
  private final float positive;

  private Labels(Kind kind, float negative, float positive) {
    this.kind = kind;
    this.negative = negative;
    this.positive = positive;
  }

  /// Two classes, {-1, +1} or {0, 1}.
  public static Labels auto() {
    return new Labels(Kind.AUTO, -1, 1);
  }

  /// Two classes with these labels.
  public static Labels twoClasses(float negative, float positive) {
    if (!Float.isFinite(negative) || !Float.isFinite(positive) || negative == positive) {
      throw new IllegalArgumentException(
          "two different labels needed, got " + text(negative) + " and " + text(positive));
    }
    return new Labels(Kind.TWO_CLASSES, negative, positive);
  }

  /// Any numbers, kept as they are, for regression.
  public static Labels real() {
    return new Labels(Kind.REAL, 0, 0);
  }

  /// From a setting: {@code auto}, {@code real} or {@code NEG,POS}.
  ///
  /// @throws IllegalArgumentException for anything else
  public static Labels parse(String setting) {
    return switch (setting) {
      case "auto" -> auto();
      case "real" -> real();
      default -> parsePair(setting);
    };
  }

  /// Replaces the labels by -1 and +1, or leaves them for regression. Returns the labels as they
  /// were. Modified: data.labels().
  ///
  /// @throws DataException if a label is none of those expected; names the labels found
  public LabelSet apply(Dataset data) {
    Floats labels = data.labels();
    LabelSet found = LabelSet.of(labels);
    check(found, data.source());
    if (kind != Kind.REAL) {
      for (long r = 0; r < labels.length(); r++) {
        labels.set(r, labels.get(r) == positive ? 1 : -1);
      }
    }
    return found;
  }

  /// Whether these labels, found in one place or in all together, can be two classes.
  ///
  /// @param found labels as they are in the files
  /// @param where the file, or the place they were gathered from
  /// @throws DataException if not; names the labels found
  public void check(LabelSet found, String where) {
    boolean fine =
        switch (kind) {
          case AUTO -> found.within(-1, 1) || found.within(0, 1);
          case TWO_CLASSES -> found.within(negative, positive);
          case REAL -> true;
        };
    if (!fine) {
      throw new DataException(
          where,
          "found labels "
              + found
              + ", expected "
              + (kind == Kind.AUTO
                  ? "{-1, 1} or {0, 1}"
                  : "{" + text(negative) + ", " + text(positive) + "}"),
          "say which are the two classes: --labels NEG,POS (for regression: --model squared)");
    }
  }

  /// The setting, as {@link #parse} takes it.
  @Override
  public String toString() {
    return switch (kind) {
      case AUTO -> "auto";
      case TWO_CLASSES -> text(negative) + "," + text(positive);
      case REAL -> "real";
    };
  }

  /// A label without a needless fraction.
  static String text(float label) {
    return label == Math.rint(label) && Math.abs(label) < 1e7
        ? Integer.toString((int) label)
        : Float.toString(label);
  }

  private static Labels parsePair(String setting) {
    String form =
        "labels \"" + setting + "\"; use auto, real or NEG,POS, for instance --labels 0,1";
    String[] parts = setting.split(",", -1);
    if (parts.length != 2) {
      throw new IllegalArgumentException(form);
    }
    try {
      return twoClasses(Float.parseFloat(parts[0].strip()), Float.parseFloat(parts[1].strip()));
    } catch (NumberFormatException e) {
      throw new IllegalArgumentException(form, e);
    }
  }
}
