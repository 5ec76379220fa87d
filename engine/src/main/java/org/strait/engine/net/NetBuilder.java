package org.strait.engine.net;

import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;

/// Builds a net layer by layer:
///
/// ```java
/// Net net =
///     NetBuilder.of("28x28x1").conv(32, 5, 5).relu().maxPool(2).dense(512).relu().classes(10);
/// ```
public final class NetBuilder {
  private final Shape input;
  private final List<Layer> layers = new ArrayList<>();
  private double smoothing;
  private double ordinal;
  private List<Double> classWeights = List.of();
  private Augmentation augmentation;
  private String name = "net";

  private NetBuilder(Shape input) {
    this.input = input;
  }

  /// An empty net.
  ///
  /// @param input shape of a row, such as {@code 28x28x1} or {@code 784}
  public static NetBuilder of(String input) {
    return new NetBuilder(Shape.parse(input));
  }

  /// Layers as text, as in a job file.
  public NetBuilder layers(String text) {
    layers.addAll(LayerText.parse(text));
    return this;
  }

  /// Windows of height x width, "same" padding.
  public NetBuilder conv(int filters, int height, int width) {
    return add(new Conv2d(filters, height, width, 1, Conv2d.SAME, false));
  }

  /// The same every so many pixels, with so many pixels of 0 around.
  public NetBuilder conv(int filters, int height, int width, int stride, int padding) {
    return add(new Conv2d(filters, height, width, stride, padding, false));
  }

  /// The largest under windows of so many pixels, side by side.
  public NetBuilder maxPool(int size) {
    return add(new Pooling(false, size, size, 0));
  }

  /// The mean under windows of so many pixels, side by side.
  public NetBuilder averagePool(int size) {
    return add(new Pooling(true, size, size, 0));
  }

  /// The mean of each channel.
  public NetBuilder globalPool() {
    return add(new Pooling(true, 0, 1, 0));
  }

  /// max(0, x).
  public NetBuilder relu() {
    return add(new Relu());
  }

  /// x·Φ(x), nearly.
  public NetBuilder gelu() {
    return add(new Gelu());
  }

  /// Normalises groups of channels.
  public NetBuilder groupNorm(int groups) {
    return add(new GroupNorm(groups));
  }

  /// Sets a share to 0 in training.
  public NetBuilder dropout(double share) {
    return add(new Dropout(share));
  }

  /// The image as a vector; {@link #dense} does that by itself.
  public NetBuilder flatten() {
    return add(new Flatten());
  }

  /// Weighted sums of all inputs.
  public NetBuilder dense(int outputs) {
    return add(Dense.of(outputs));
  }

  /// A block with a way around it.
  public NetBuilder residual(UnaryOperator<NetBuilder> body) {
    return add(Residual.of(body.apply(new NetBuilder(input)).layers));
  }

  /// Spreads a share of each label over all classes.
  public NetBuilder labelSmoothing(double share) {
    smoothing = share;
    return this;
  }

  /// Spreads each label over its neighbours: classes are grades.
  public NetBuilder ordinal(double spread) {
    ordinal = spread;
    return this;
  }

  /// How much rows of each class count; empty for 1.
  public NetBuilder classWeights(List<Double> weights) {
    classWeights = List.copyOf(weights);
    return this;
  }

  /// Random changes of images, such as {@code flip,crop:2,jitter:0.1}.
  public NetBuilder augment(String text) {
    augmentation = Augmentation.parse(text);
    return this;
  }

  /// Name as written in the run record.
  public NetBuilder named(String newName) {
    name = newName;
    return this;
  }

  private NetBuilder add(Layer layer) {
    layers.add(layer);
    return this;
  }

  /// Ends with weighted sums, one for each class.
  ///
  /// @throws IllegalArgumentException if a layer does not fit; names it and the shapes
  public Net classes(int classes) {
    List<Layer> all = new ArrayList<>(layers);
    all.add(new Dense(classes, false, true));
    return end(all, classes);
  }

  /// Ends as it is: the last layer gives the scores.
  Net complete() {
    List<Layer> all = new ArrayList<>(layers);
    int classes = new Sequence(all).output(input).floats();
    if (all.getLast() instanceof Dense) {
      all.set(all.size() - 1, new Dense(classes, false, true));
    }
    return end(all, classes);
  }

  private Net end(List<Layer> all, int classes) {
    return new Net(
        name,
        input,
        new Sequence(all),
        SoftTargets.of(classes, smoothing, ordinal, classWeights),
        augmentation);
  }
}
