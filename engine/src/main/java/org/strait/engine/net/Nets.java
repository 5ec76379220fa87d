package org.strait.engine.net;

import java.util.List;
import java.util.Map;
import org.strait.engine.model.Model;
import org.strait.kernels.UnknownName;

/// The one choice of a net by name.
public final class Nets {
  /// Names as given to {@code --model}.
  public static final List<String> NAMES = List.of("mlp", "cnn", "resnet", "net");

  private static final String CNN =
      "conv 32 5x5, relu, max-pool 2, conv 64 5x5, relu, max-pool 2, dense 512, relu";

  private Nets() {}

  /// What may be said of a net besides its name. Texts are empty for what is usual.
  ///
  /// @param layers of {@code net}: all but the last, which scores the classes
  /// @param input shape of a row, such as 28x28x1; else guessed from the number of features
  /// @param hidden of {@code mlp}: outputs of each layer but the last, such as 256,128
  /// @param smoothing share of a label that is spread over all classes
  /// @param ordinal over how many grades a label is spread; 0 if classes have no order
  /// @param classWeights how much rows of each class count; empty for 1
  /// @param augment random changes of images
  public record Settings(
      String layers,
      String input,
      String hidden,
      double smoothing,
      double ordinal,
      List<Double> classWeights,
      String augment) {
    /// Nothing said.
    public static final Settings USUAL = new Settings("", "", "256,128", 0, 0, List.of(), "");

    /// The same with a shape of rows.
    public Settings withInput(String shape) {
      return new Settings(layers, shape, hidden, smoothing, ordinal, classWeights, augment);
    }

    /// Copies the list.
    public Settings {
      classWeights = List.copyOf(classWeights);
    }
  }

  /// Whether a name is that of a net.
  public static boolean knows(String name) {
    return NAMES.contains(name);
  }

  /// The net of a name: {@code mlp} (dense layers), {@code cnn} (two convolutions of 5x5 and a
  /// dense layer of 512: LeCun et al. 1998, as wide as is usual today), {@code resnet} (eighteen
  /// layers: He et al. 2016 for small images, with group normalisation), {@code net} (the layers
  /// given).
  ///
  /// @param features of a row
  /// @param classes at least 2
  /// @throws IllegalArgumentException for an unknown name, or layers that do not fit
  public static Net choose(String name, Settings settings, int features, int classes) {
    String input = settings.input().isBlank() ? input(name, features) : settings.input();
    NetBuilder builder =
        NetBuilder.of(input)
            .named(name)
            .labelSmoothing(settings.smoothing())
            .ordinal(settings.ordinal())
            .classWeights(settings.classWeights())
            .augment(settings.augment());
    Net net = builder.layers(layers(name, settings)).classes(classes);
    net.parameters(features); // whether rows fit
    return net;
  }

  /// The net of a model file.
  ///
  /// @param metadata as {@link Net#metadata} has it
  public static Model of(String name, Map<String, String> metadata) {
    return NetBuilder.of(metadata.getOrDefault(Net.INPUT, ""))
        .named(name)
        .layers(metadata.getOrDefault(Net.LAYERS, ""))
        .complete();
  }

  /// Checks what can be checked before rows are read.
  ///
  /// @throws IllegalArgumentException as {@link #choose} does
  public static void check(String name, Settings settings) {
    LayerText.parse(layers(name, settings));
    Augmentation.parse(settings.augment());
    int classes = settings.classWeights().isEmpty() ? 2 : settings.classWeights().size();
    SoftTargets.of(classes, settings.smoothing(), settings.ordinal(), settings.classWeights());
    if (!settings.input().isBlank()) {
      choose(name, settings, Shape.parse(settings.input()).floats(), classes);
    }
  }

  private static String layers(String name, Settings settings) {
    return switch (name) {
      case "mlp" -> dense(settings.hidden());
      case "cnn" -> CNN;
      case "resnet" -> resnet();
      case "net" -> settings.layers();
      default -> throw UnknownName.of("net", name, NAMES);
    };
  }

  private static String dense(String hidden) {
    StringBuilder text = new StringBuilder();
    for (String outputs : hidden.split(",", -1)) {
      text.append(text.isEmpty() ? "" : ", ").append("dense ").append(outputs.strip());
      text.append(", relu");
    }
    return text.toString();
  }

  /// Four stages of two blocks of two convolutions, each stage with twice the channels and half the
  /// sides of the one before.
  private static String resnet() {
    StringBuilder text = new StringBuilder("conv 64 3x3, group-norm 8, relu");
    for (int stage = 0; stage < 4; stage++) {
      int filters = 64 << stage;
      for (int block = 0; block < 2; block++) {
        String stride = stage > 0 && block == 0 ? " stride 2" : "";
        text.append(", residual [conv %d 3x3%s, group-norm 8, relu, ".formatted(filters, stride))
            .append("conv %d 3x3, group-norm 8], relu".formatted(filters));
      }
    }
    return text.append(", global-pool").toString();
  }

  /// A square image of one channel or three, if that is what the features can be.
  private static String input(String name, int features) {
    if (name.equals("mlp")) {
      return "" + features;
    }
    for (int channels : new int[] {1, 3}) {
      int side = (int) Math.round(Math.sqrt((double) features / channels));
      if (side * side * channels == features) {
        return side + "x" + side + "x" + channels;
      }
    }
    throw new IllegalArgumentException(
        "rows of "
            + features
            + " features are no square image of 1 or 3 channels; give --input HEIGHTxWIDTHxCHANNELS");
  }
}
