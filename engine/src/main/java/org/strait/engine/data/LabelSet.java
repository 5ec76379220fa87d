package org.strait.engine.data;

import java.util.Arrays;
import java.util.stream.Collectors;
import org.strait.memory.Floats;

/// The distinct labels of some rows, up to {@link #MOST}; small enough to be sent to all data
/// centres, which agree on the union.
public final class LabelSet {
  /// Distinct labels that are kept; of more, only that there are more is known.
  public static final int MOST = 16;

  private final float[] values;
  private final boolean more;

  private LabelSet(float[] values, boolean more) {
    this.values = values;
    this.more = more;
  }

  /// The labels of a run.
  public static LabelSet of(Floats labels) {
    float[] found = new float[MOST];
    int count = 0;
    boolean more = false;
    float last = Float.NaN;
    for (long r = 0; r < labels.length() && !more; r++) {
      float label = labels.get(r) + 0f; // -0 becomes 0
      if (label != last && !contains(found, count, label)) {
        if (count == MOST) {
          more = true;
        } else {
          found[count++] = label;
        }
      }
      last = label;
    }
    float[] values = Arrays.copyOf(found, count);
    Arrays.sort(values);
    return new LabelSet(values, more);
  }

  /// The labels 0, 1, … below a number.
  public static LabelSet below(int count) {
    float[] values = new float[count];
    for (int i = 0; i < count; i++) {
      values[i] = i;
    }
    return new LabelSet(values, false);
  }

  /// The labels in either set.
  public LabelSet union(LabelSet other) {
    float[] both = Arrays.copyOf(values, values.length + other.values.length);
    int count = values.length;
    for (float value : other.values) {
      if (!contains(values, values.length, value)) {
        both[count++] = value;
      }
    }
    float[] kept = Arrays.copyOf(both, Math.min(MOST, count));
    Arrays.sort(kept);
    return new LabelSet(kept, more || other.more || count > MOST);
  }

  /// The labels, ascending.
  public float[] values() {
    return values.clone();
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
    for (float value : values) {
      if (!contains(allowed, allowed.length, value)) {
        return false;
      }
    }
    return true;
  }

  /// The inverse of {@link #toString}.
  ///
  /// @throws IllegalArgumentException if the text is not of that form
  public static LabelSet parse(String text) {
    if (!text.startsWith("{") || !text.endsWith("}")) {
      throw new IllegalArgumentException("a set of labels in braces, got \"" + text + "\"");
    }
    String inner = text.substring(1, text.length() - 1);
    boolean more = inner.endsWith(", …");
    if (more) {
      inner = inner.substring(0, inner.length() - 3);
    }
    String[] parts = inner.isEmpty() ? new String[0] : inner.split(", ", -1);
    float[] values = new float[parts.length];
    for (int i = 0; i < parts.length; i++) {
      values[i] = Float.parseFloat(parts[i]);
    }
    return new LabelSet(values, more);
  }

  /// For instance {@code {-1, 1}} or {@code {1, 2, 3, …}}.
  @Override
  public String toString() {
    return Arrays.stream(toBoxed()).map(Labels::text).collect(Collectors.joining(", ", "{", ""))
        + (more ? ", …}" : "}");
  }

  private Float[] toBoxed() {
    Float[] boxed = new Float[values.length];
    for (int i = 0; i < boxed.length; i++) {
      boxed[i] = values[i];
    }
    return boxed;
  }

  private static boolean contains(float[] values, int count, float value) {
    for (int i = 0; i < count; i++) {
      if (values[i] == value) {
        return true;
      }
    }
    return false;
  }
}
