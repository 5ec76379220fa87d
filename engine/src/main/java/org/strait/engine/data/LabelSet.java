package org.strait.engine.data;

import java.util.Arrays;
import org.strait.memory.Floats;

/// The distinct labels of some rows, up to a bound; small enough to be sent to all data centres,
/// which agree on the union. Labels are all that is in it: neither how many rows have which, nor
/// which rows.
public final class LabelSet {
  /// Distinct labels that are kept of two classes or of numbers; of more, only that there are more
  /// is known. Also how many a message shows.
  public static final int MOST = 16;

  /// Distinct labels that are kept of several classes.
  public static final int MOST_CLASSES = 65_536;

  private final float[] values;
  private final boolean more;
  private final int most;

  private LabelSet(float[] values, boolean more, int most) {
    this.values = values;
    this.more = more;
    this.most = most;
  }

  /// The labels of a run, up to {@link #MOST}.
  public static LabelSet of(Floats labels) {
    return of(labels, MOST);
  }

  /// The labels of a run.
  ///
  /// @param most how many are kept
  public static LabelSet of(Floats labels, int most) {
    float[] found = new float[Math.min(most, MOST)];
    int count = 0;
    boolean more = false;
    float last = Float.NaN;
    for (long r = 0; r < labels.length() && !more; r++) {
      float label = labels.get(r) + 0f; // -0 becomes 0
      if (label != last) {
        int at = Arrays.binarySearch(found, 0, count, label);
        if (at < 0 && count == most) {
          more = true;
        } else if (at < 0) {
          found = count < found.length ? found : Arrays.copyOf(found, Math.min(most, 2 * count));
          System.arraycopy(found, -at - 1, found, -at, count + at + 1);
          found[-at - 1] = label;
          count++;
        }
      }
      last = label;
    }
    return new LabelSet(Arrays.copyOf(found, count), more, most);
  }

  /// The labels 0, 1, … below a number.
  public static LabelSet below(int count) {
    float[] values = new float[count];
    for (int i = 0; i < count; i++) {
      values[i] = (float) i;
    }
    return new LabelSet(values, false, Math.max(count, MOST));
  }

  /// The labels in either set.
  public LabelSet union(LabelSet other) {
    float[] both = new float[values.length + other.values.length];
    int count = 0;
    int i = 0;
    for (float value : values) {
      while (i < other.values.length && other.values[i] < value) {
        both[count++] = other.values[i++];
      }
      i += i < other.values.length && other.values[i] == value ? 1 : 0;
      both[count++] = value;
    }
    while (i < other.values.length) {
      both[count++] = other.values[i++];
    }
    int kept = Math.min(Math.max(most, other.most), count);
    return new LabelSet(
        Arrays.copyOf(both, kept), more || other.more || count > kept, Math.max(most, other.most));
  }

  /// The labels, ascending.
  public float[] values() {
    return values.clone();
  }

  /// Number of labels.
  public int size() {
    return values.length;
  }

  /// Whether there are more labels than {@link #values} tells.
  public boolean more() {
    return more;
  }

  /// Whether every label is one of these.
  boolean within(float... allowed) {
    if (more) {
      return false;
    }
    float[] sorted = allowed.clone();
    Arrays.sort(sorted);
    for (float value : values) {
      if (Arrays.binarySearch(sorted, value) < 0 && !(value == 0 && contains(allowed, 0))) {
        return false;
      }
    }
    return true;
  }

  /// {@link #parse(String, int)} with {@link #MOST}.
  public static LabelSet parse(String text) {
    return parse(text, MOST);
  }

  /// The inverse of {@link #text}.
  ///
  /// @param most how many a union keeps
  /// @throws IllegalArgumentException if the text is not of that form
  public static LabelSet parse(String text, int most) {
    if (!text.startsWith("{") || !text.endsWith("}")) {
      throw new IllegalArgumentException("a set of labels in braces, got \"" + text + "\"");
    }
    String inner = text.substring(1, text.length() - 1);
    boolean more = inner.endsWith(", …");
    if (more) {
      inner = inner.substring(0, inner.length() - 3);
    }
    String[] parts = inner.isEmpty() ? new String[0] : inner.split(", ", -1);
    if (parts.length > most) {
      throw new IllegalArgumentException(parts.length + " labels, at most " + most);
    }
    float[] values = new float[parts.length];
    for (int i = 0; i < parts.length; i++) {
      values[i] = Float.parseFloat(parts[i]);
      if (!Float.isFinite(values[i]) || (i > 0 && values[i] <= values[i - 1])) {
        throw new IllegalArgumentException("labels that ascend, got \"" + parts[i] + "\"");
      }
    }
    return new LabelSet(values, more, most);
  }

  /// All of it, for {@link #parse}.
  public String text() {
    return text(values.length);
  }

  /// For people, for instance {@code {-1, 1}} or, if there are many, {@code {1, 2, 3, …}}.
  @Override
  public String toString() {
    return text(Math.min(MOST, values.length));
  }

  private String text(int count) {
    StringBuilder text = new StringBuilder("{");
    for (int i = 0; i < count; i++) {
      text.append(i == 0 ? "" : ", ").append(Labels.text(values[i]));
    }
    return text.append(more || count < values.length ? ", …}" : "}").toString();
  }

  private static boolean contains(float[] values, float value) {
    for (float v : values) {
      if (v == value) {
        return true;
      }
    }
    return false;
  }
}
