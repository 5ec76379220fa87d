package org.strait.engine.data;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import org.strait.kernels.UnknownName;

/// What the bytes 0 … 255 of an image become. Fixed numbers, so that data centres need not agree on
/// means of theirs.
public enum PixelScale {
  /// 0 … 1.
  UNIT(255, 0),
  /// -1 … 1: less 1/2, by 1/2, as the benchmarks of MedMNIST have it.
  CENTRED(127.5f, 1);

  private final float divisor;
  private final float less;

  PixelScale(float divisor, float less) {
    this.divisor = divisor;
    this.less = less;
  }

  /// Names as given to {@code --pixels}.
  public static List<String> names() {
    return Arrays.stream(values()).map(PixelScale::text).toList();
  }

  /// The scale of a name.
  ///
  /// @throws IllegalArgumentException for an unknown name
  public static PixelScale choose(String name) {
    return switch (name) {
      case "unit" -> UNIT;
      case "centred" -> CENTRED;
      default -> throw UnknownName.of("scale of pixels", name, names());
    };
  }

  /// The name.
  public String text() {
    return name().toLowerCase(Locale.ROOT);
  }

  /// The number of each byte.
  float[] table() {
    float[] table = new float[256];
    for (int b = 0; b < table.length; b++) {
      table[b] = b / divisor - less;
    }
    return table;
  }
}
