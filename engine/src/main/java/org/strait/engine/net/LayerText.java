package org.strait.engine.net;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.strait.kernels.UnknownName;

/// Layers as text, as in {@code conv 32 5x5, relu, max-pool 2, residual [conv 32 3x3, relu, conv 32
/// 3x3], dropout 0.5, dense 512}.
final class LayerText {
  /// Each kind and how it is written.
  private static final Map<String, String> FORMS =
      Map.ofEntries(
          Map.entry("conv", "conv FILTERS HEIGHTxWIDTH [stride N] [pad N]"),
          Map.entry("max-pool", "max-pool SIZE [stride N] [pad N]"),
          Map.entry("average-pool", "average-pool SIZE [stride N] [pad N]"),
          Map.entry("global-pool", "global-pool"),
          Map.entry("relu", "relu"),
          Map.entry("gelu", "gelu"),
          Map.entry("group-norm", "group-norm GROUPS"),
          Map.entry("dropout", "dropout SHARE"),
          Map.entry("flatten", "flatten"),
          Map.entry("dense", "dense OUTPUTS"),
          Map.entry("residual", "residual [LAYER, …]"));

  private LayerText() {}

  /// @throws IllegalArgumentException that says which layer is wrong and how it is written
  static List<Layer> parse(String text) {
    List<Layer> layers = new ArrayList<>();
    int depth = 0;
    int from = 0;
    for (int i = 0; i <= text.length(); i++) {
      char c = i == text.length() ? ',' : text.charAt(i);
      depth += c == '[' ? 1 : c == ']' ? -1 : 0;
      if (depth < 0 || (i == text.length() && depth > 0)) {
        throw new IllegalArgumentException("brackets do not match in \"" + text + "\"");
      }
      if (c == ',' && depth == 0) {
        layers.add(layer(text.substring(from, i).strip()));
        from = i + 1;
      }
    }
    return layers;
  }

  private static Layer layer(String text) {
    int bracket = text.indexOf('[');
    if (bracket >= 0) {
      boolean whole = text.substring(0, bracket).strip().equals("residual") && text.endsWith("]");
      if (!whole) {
        throw wrong("residual", text, null);
      }
      return Residual.of(parse(text.substring(bracket + 1, text.length() - 1)));
    }
    String[] words = text.split("\\s+", -1);
    String kind = words[0];
    if (!FORMS.containsKey(kind)) {
      throw UnknownName.of("layer", kind, FORMS.keySet().stream().sorted().toList());
    }
    try {
      return switch (kind) {
        case "conv" -> conv(words);
        case "max-pool", "average-pool" -> pool(words);
        case "group-norm" -> only(words, 2, w -> new GroupNorm(Integer.parseInt(w[1])));
        case "dropout" -> only(words, 2, w -> new Dropout(Double.parseDouble(w[1])));
        case "dense" -> only(words, 2, w -> Dense.of(Integer.parseInt(w[1])));
        case "global-pool" -> only(words, 1, w -> new Pooling(true, 0, 1, 0));
        case "relu" -> only(words, 1, w -> new Relu());
        case "gelu" -> only(words, 1, w -> new Gelu());
        case "flatten" -> only(words, 1, w -> new Flatten());
        default -> throw new NumberFormatException();
      };
    } catch (NumberFormatException | ArrayIndexOutOfBoundsException e) {
      throw wrong(kind, text, e);
    }
  }

  private static Layer only(String[] words, int count, Function<String[], Layer> made) {
    if (words.length != count) {
      throw new NumberFormatException();
    }
    return made.apply(words);
  }

  private static Layer conv(String[] words) {
    String[] sides = words[2].split("x", -1);
    int height = Integer.parseInt(sides[0]);
    int width = sides.length == 1 ? height : Integer.parseInt(sides[1]);
    int filters = Integer.parseInt(words[1]);
    return new Conv2d(
        filters, height, width, option(words, 3, "stride", 1), option(words, 3, "pad", -1), false);
  }

  private static Layer pool(String[] words) {
    int size = Integer.parseInt(words[1]);
    if (size < 1) {
      throw new NumberFormatException();
    }
    return new Pooling(
        words[0].equals("average-pool"),
        size,
        option(words, 2, "stride", size),
        option(words, 2, "pad", 0));
  }

  /// The number behind a word, among pairs from a place on.
  private static int option(String[] words, int from, String name, int otherwise) {
    int value = otherwise;
    for (int i = from; i < words.length; i += 2) {
      if (!words[i].equals("stride") && !words[i].equals("pad")) {
        throw new NumberFormatException();
      }
      int number = Integer.parseInt(words[i + 1]);
      value = words[i].equals(name) ? number : value;
    }
    return value;
  }

  private static IllegalArgumentException wrong(String kind, String text, RuntimeException cause) {
    return new IllegalArgumentException(
        "layer \"" + text + "\" is malformed; write " + FORMS.get(kind), cause);
  }
}
