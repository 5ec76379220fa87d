package org.strait.engine.net;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import org.strait.engine.data.Draws;
import org.strait.engine.model.ParameterLayout;
import org.strait.memory.Floats;

/// Layers one after the other. Parameters are named by kind and place: {@code conv1.weights}. A
/// ReLU behind a layer that can do it in one pass over memory is done there.
///
/// @param layers at least one
record Sequence(List<Layer> layers) implements Layer {
  private static final int MOST_LAYERS = 256;

  Sequence {
    layers = List.copyOf(layers);
    if (layers.isEmpty()) {
      throw new IllegalArgumentException("a list of no layers");
    }
    if (layers.size() >= MOST_LAYERS) {
      throw new IllegalArgumentException("a list of " + layers.size() + " layers, most are 255");
    }
  }

  @Override
  public String kind() {
    return "layers";
  }

  @Override
  public String text() {
    return layers.stream().map(Layer::text).collect(Collectors.joining(", "));
  }

  @Override
  public Shape output(Shape input) {
    Shape shape = input;
    for (int i = 0; i < layers.size(); i++) {
      shape = output(i, shape);
    }
    return shape;
  }

  private Shape output(int i, Shape input) {
    try {
      return layers.get(i).output(input);
    } catch (IllegalArgumentException | ArithmeticException e) {
      throw new IllegalArgumentException(
          "layer "
              + (i + 1)
              + ", \""
              + layers.get(i).text()
              + "\", does not fit its input of "
              + input
              + ": "
              + e.getMessage(),
          e);
    }
  }

  @Override
  public ParameterLayout parameters(String name, Shape input, ParameterLayout before) {
    ParameterLayout layout = before;
    Shape shape = input;
    for (int i = 0; i < layers.size(); i++) {
      Layer layer = layers.get(i);
      layout = layer.parameters(name + layer.kind() + (i + 1), shape, layout);
      shape = output(i, shape);
    }
    return layout;
  }

  @Override
  public void initialise(Shape input, Floats parameters, Draws draws) {
    long at = 0;
    Shape shape = input;
    for (Layer layer : layers) {
      long count = layer.parameters("", shape, ParameterLayout.EMPTY).length();
      layer.initialise(shape, parameters.slice(at, count), draws);
      at += count;
      shape = layer.output(shape);
    }
  }

  /// Layers as they compute, each with the place that it has in the list.
  private List<Layer> joined() {
    List<Layer> joined = new ArrayList<>();
    for (int i = 0; i < layers.size(); i++) {
      boolean rectified = i + 1 < layers.size() && layers.get(i + 1) instanceof Relu;
      Optional<Layer> both = rectified ? layers.get(i).rectified() : Optional.empty();
      joined.add(both.orElse(layers.get(i)));
      i += both.isPresent() ? 1 : 0;
    }
    return joined;
  }

  @Override
  public long floats(Shape input, int rows, int workers, boolean owned) {
    long floats = 0;
    Shape shape = input;
    boolean own = owned;
    for (Layer layer : joined()) {
      floats += layer.floats(shape, rows, workers, own);
      own |= !(layer instanceof Flatten);
      shape = layer.output(shape);
    }
    return floats;
  }

  @Override
  public Stage stage(Place place) {
    List<Stage> stages = new ArrayList<>();
    Shape shape = place.shape();
    Floats input = place.input();
    Floats inputGradient = place.inputGradient();
    boolean owned = place.owned();
    long at = 0;
    int number = place.number() * MOST_LAYERS;
    for (Layer layer : joined()) {
      long count = layer.parameters("", shape, ParameterLayout.EMPTY).length();
      Stage stage =
          layer.stage(
              new Place(
                  ++number,
                  place.rows(),
                  shape,
                  input,
                  inputGradient,
                  owned,
                  place.parameters().slice(at, count),
                  place.gradients() == null ? null : place.gradients().slice(at, count),
                  place.backend(),
                  place.room()));
      stages.add(stage);
      owned |= stage.output() != input;
      at += count;
      shape = layer.output(shape);
      input = stage.output();
      inputGradient = stage.outputGradient();
    }
    return new AtWork(stages.toArray(Stage[]::new));
  }

  @SuppressWarnings("ArrayRecordComponent") // never compared
  private record AtWork(Stage[] stages) implements Stage {
    @Override
    public Floats output() {
      return stages[stages.length - 1].output();
    }

    @Override
    public Floats outputGradient() {
      return stages[stages.length - 1].outputGradient();
    }

    @Override
    public void forward(Step step) {
      for (Stage stage : stages) {
        stage.forward(step);
      }
    }

    @Override
    public void backward(Step step) {
      for (int i = stages.length - 1; i >= 0; i--) {
        stages[i].backward(step);
      }
    }
  }
}
