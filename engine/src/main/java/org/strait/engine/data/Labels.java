package org.strait.engine.data;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;
import org.strait.memory.Floats;

/// What the labels of a file mean. Models of two classes see -1 and +1 whatever the file has,
/// models of several the number of the class from 0. A rank may hold one class only, so the ranks
/// agree on the union of their {@link LabelSet}s and call {@link #check} with it; only then it is
/// known how many classes there are ({@link #among}).
public final class Labels {
  private enum Kind {
    AUTO,
    TWO_CLASSES,
    REAL,
    CLASSES
  }

  /// Whole numbers up to here differ in float32.
  private static final float LARGEST = 1 << 24;

  private final Kind kind;
  private final float negative;
  private final float positive;
  private final float[] classes;

  private Labels(Kind kind, float negative, float positive) {
    this(kind, negative, positive, new float[0]);
  }

  private Labels(Kind kind, float negative, float positive, float[] classes) {
    this.kind = kind;
    this.negative = negative;
    this.positive = positive;
    this.classes = classes;
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

  /// Several classes, numbered from 0.
  ///
  /// @param setting the labels in the order of their classes, {@code A,B,C}, or {@code auto}: those
  ///     that are found, ascending
  /// @throws IllegalArgumentException if it is neither
  public static Labels classes(String setting) {
    if (setting.equals("auto")) {
      return new Labels(Kind.CLASSES, 0, 0);
    }
    String[] parts = setting.split(",", -1);
    float[] values = new float[parts.length];
    for (int i = 0; i < parts.length; i++) {
      try {
        values[i] = Float.parseFloat(parts[i].strip()) + 0f;
      } catch (NumberFormatException e) {
        throw new IllegalArgumentException(
            "labels \"" + setting + "\"; use auto or numbers, for instance --labels 1,2,3", e);
      }
    }
    return ofClasses(values);
  }

  private static Labels ofClasses(float... values) {
    float[] sorted = values.clone();
    Arrays.sort(sorted);
    for (int i = 0; i < sorted.length; i++) {
      if (!Float.isFinite(sorted[i]) || (i > 0 && sorted[i] == sorted[i - 1])) {
        throw new IllegalArgumentException(
            "label " + text(sorted[i]) + " of classes; use numbers that differ");
      }
    }
    if (values.length < 2 || values.length > LabelSet.MOST_CLASSES) {
      throw new IllegalArgumentException(
          values.length + " labels; use 2 to " + LabelSet.MOST_CLASSES + " for classes");
    }
    return new Labels(Kind.CLASSES, 0, 0, values);
  }

  /// How many distinct labels ranks have to tell each other.
  public int most() {
    return kind == Kind.CLASSES ? LabelSet.MOST_CLASSES : LabelSet.MOST;
  }

  /// The same, of classes with the labels that were found in all places together.
  ///
  /// @param found checked
  public Labels among(LabelSet found) {
    return kind == Kind.CLASSES && classes.length == 0 ? ofClasses(found.values()) : this;
  }

  /// Labels of the classes in their order; empty if they are no classes, or not known yet.
  public List<String> names() {
    return switch (kind) {
      case REAL, AUTO -> List.of();
      case TWO_CLASSES -> List.of(text(negative), text(positive));
      case CLASSES -> {
        List<String> names = new ArrayList<>();
        for (float label : classes) {
          names.add(text(label));
        }
        yield List.copyOf(names);
      }
    };
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

  /// Replaces the labels by -1 and +1 or by numbers of classes, or leaves them for regression.
  /// Returns the labels as they were. Modified: data.labels().
  ///
  /// @throws DataException if a label is none of those expected; names the labels found
  public LabelSet apply(Dataset data) {
    Floats labels = data.labels();
    LabelSet found = LabelSet.of(labels, most());
    check(found, data.source());
    if (kind == Kind.CLASSES) {
      number(labels, classes.length == 0 ? found.values() : classes);
    } else if (kind != Kind.REAL) {
      for (long r = 0; r < labels.length(); r++) {
        labels.set(r, labels.get(r) == positive ? 1 : -1);
      }
    }
    return found;
  }

  private static void number(Floats labels, float... classes) {
    float[] sorted = classes.clone();
    Arrays.sort(sorted);
    int[] numbers = new int[sorted.length];
    for (int k = 0; k < numbers.length; k++) {
      numbers[Arrays.binarySearch(sorted, classes[k])] = k;
    }
    for (long r = 0; r < labels.length(); r++) {
      labels.set(r, numbers[Arrays.binarySearch(sorted, labels.get(r) + 0f)]);
    }
  }

  /// Whether these labels, found in one place or in all together, can be the classes.
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
          case CLASSES -> classes.length == 0 || found.within(classes);
        };
    if (kind == Kind.CLASSES) {
      checkClasses(found, where, fine);
    } else if (!fine) {
      throw new DataException(
          where,
          "found labels "
              + found
              + ", expected "
              + (kind == Kind.AUTO
                  ? "{-1, 1} or {0, 1}"
                  : "{" + text(negative) + ", " + text(positive) + "}"),
          "say which are the two classes: --labels NEG,POS (for more classes: --model softmax; for"
              + " regression: --model squared)");
    }
  }

  private void checkClasses(LabelSet found, String where, boolean fine) {
    String all =
        names().stream().limit(LabelSet.MOST).collect(Collectors.joining(", ", "{", ""))
            + (classes.length > LabelSet.MOST ? ", …}" : "}");
    if (found.more()) {
      throw new DataException(
          where,
          "more than " + found.size() + " different labels: " + found,
          "classes are that many at most; for numbers to predict take --model squared");
    }
    if (!fine) {
      throw new DataException(
          where,
          "found labels " + found + ", expected " + all,
          "the model has no class for the others; leave their rows out, or name all: --labels");
    }
    for (float value : found.values()) {
      if (Math.abs(value) > LARGEST) {
        throw new DataException(
            where,
            "label " + text(value) + " is beyond " + text(LARGEST) + ", where not all differ",
            "number the classes otherwise, for instance from 0");
      }
    }
  }

  /// The setting, as {@link #parse} or {@link #classes} takes it.
  @Override
  public String toString() {
    return switch (kind) {
      case AUTO -> "auto";
      case TWO_CLASSES -> text(negative) + "," + text(positive);
      case REAL -> "real";
      case CLASSES -> classes.length == 0 ? "auto" : String.join(",", names());
    };
  }

  /// A label without a needless fraction.
  static String text(float label) {
    return label == Math.rint(label) && Math.abs(label) <= LARGEST
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
