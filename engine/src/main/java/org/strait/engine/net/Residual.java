package org.strait.engine.net;

import java.util.List;
import org.strait.engine.data.Draws;
import org.strait.engine.model.ParameterLayout;
import org.strait.kernels.PartTask;
import org.strait.memory.Floats;

/// A block with a way around it (He et al. 2016): body(x) + x, or, where the body changes the
/// shape, body(x) + a convolution of 1x1 windows that brings x to the same shape.
///
/// @param body the layers
record Residual(Sequence body) implements Layer {
  @Override
  public String kind() {
    return "residual";
  }

  @Override
  public String text() {
    return "residual [" + body.text() + "]";
  }

  @Override
  public Shape output(Shape input) {
    Shape output = body.output(input);
    around(input, output);
    return output;
  }

  /// The convolution around the body; null if x goes as it is.
  private static Conv2d around(Shape input, Shape output) {
    if (input.equals(output)) {
      return null;
    }
    for (int stride = 1; stride <= input.height(); stride++) {
      Conv2d conv = new Conv2d(output.channels(), 1, 1, stride, 0, false);
      if (conv.output(input).equals(output)) {
        return conv;
      }
    }
    throw new IllegalArgumentException(
        "the body gives "
            + output
            + ", and no stride of windows of 1x1 brings "
            + input
            + " to that");
  }

  @Override
  public ParameterLayout parameters(String name, Shape input, ParameterLayout before) {
    ParameterLayout layout = body.parameters(name + ".", input, before);
    Conv2d around = around(input, body.output(input));
    return around == null ? layout : around.parameters(name + ".around", input, layout);
  }

  @Override
  public void initialise(Shape input, Floats parameters, Draws draws) {
    long count = body.parameters("", input, ParameterLayout.EMPTY).length();
    body.initialise(input, parameters.slice(0, count), draws);
    Conv2d around = around(input, body.output(input));
    if (around != null) {
      around.initialise(input, parameters.slice(count, parameters.length() - count), draws);
    }
  }

  @Override
  public long floats(Shape input, int rows, int workers, boolean owned) {
    Shape output = body.output(input);
    Conv2d around = around(input, output);
    return body.floats(input, rows, workers, false)
        + 2 * Place.Room.padded((long) rows * output.floats())
        + (around == null
            ? 0
            : around.floats(input, rows, workers, false)
                + Place.Room.padded((long) rows * input.floats()));
  }

  @Override
  public Stage stage(Place place) {
    return new AtWork(place);
  }

  private final class AtWork implements Stage {
    private final Place place;
    private final Stage inner;
    private final Stage outer;
    private final Floats outerGradient;
    private final Floats output;
    private final Floats outputGradient;
    private final int parts;
    private final PartTask addPart = this::addPart;
    private Floats from;
    private Floats to;

    AtWork(Place place) {
      this.place = place;
      Shape shape = place.shape();
      Conv2d around = around(shape, body.output(shape));
      long count = body.parameters("", shape, ParameterLayout.EMPTY).length();
      long rest = place.parameters().length() - count;
      inner = body.stage(part(place, 0, count, place.inputGradient()));
      outerGradient =
          around == null || place.inputGradient() == null
              ? null
              : place.take(place.inputGradient().length());
      outer = around == null ? null : around.stage(part(place, count, rest, outerGradient));
      output = place.take(inner.output().length());
      outputGradient = place.take(output.length());
      parts = place.parts(body.output(shape).floats());
    }

    private Place part(Place all, long at, long count, Floats inputGradient) {
      return new Place(
          all.number(),
          all.rows(),
          all.shape(),
          all.input(),
          inputGradient,
          false,
          all.parameters().slice(at, count),
          all.gradients() == null ? null : all.gradients().slice(at, count),
          all.backend(),
          all.room());
    }

    @Override
    public Floats output() {
      return output;
    }

    @Override
    public Floats outputGradient() {
      return outputGradient;
    }

    @Override
    public void forward(Step step) {
      inner.forward(step);
      output.copyFrom(inner.output());
      if (outer == null) {
        add(place.input(), output);
      } else {
        outer.forward(step);
        add(outer.output(), output);
      }
    }

    @Override
    public void backward(Step step) {
      inner.outputGradient().copyFrom(outputGradient);
      inner.backward(step);
      if (outer != null) {
        outer.outputGradient().copyFrom(outputGradient);
        outer.backward(step);
      }
      if (place.inputGradient() != null) {
        add(outer == null ? outputGradient : outerGradient, place.inputGradient());
      }
    }

    private void add(Floats what, Floats where) {
      from = what;
      to = where;
      place.backend().run(parts, addPart);
    }

    private void addPart(int part, int worker) {
      long row = from.length() / place.rows();
      long start = row * place.border(parts, part);
      long end = row * place.border(parts, part + 1);
      place.backend().each().dense().axpy(1, from, to, start, end);
    }
  }

  static Residual of(List<Layer> layers) {
    return new Residual(new Sequence(layers));
  }
}
