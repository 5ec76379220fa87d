package org.strait.engine.net;

import java.util.Optional;
import org.strait.engine.data.Draws;
import org.strait.engine.model.ParameterLayout;
import org.strait.kernels.Matrix;
import org.strait.kernels.PartTask;
import org.strait.memory.Floats;

/// Every output is a weighted sum of all inputs: y = x·W + b, with W of input x output.
///
/// @param outputs number of outputs
/// @param rectify whether max(0, y) is what comes out
/// @param last whether it gives the scores: then it starts smaller (Xavier) than He's
record Dense(int outputs, boolean rectify, boolean last) implements Layer {
  Dense {
    if (outputs < 1) {
      throw new IllegalArgumentException("dense " + outputs + ": needs at least 1 output");
    }
  }

  static Dense of(int outputs) {
    return new Dense(outputs, false, false);
  }

  @Override
  public String kind() {
    return "dense";
  }

  @Override
  public String text() {
    return "dense " + outputs;
  }

  @Override
  public Shape output(Shape input) {
    return Shape.vector(outputs);
  }

  @Override
  public ParameterLayout parameters(String name, Shape input, ParameterLayout before) {
    return before.and(name + ".weights", input.floats(), outputs).and(name + ".bias", outputs);
  }

  @Override
  public void initialise(Shape input, Floats parameters, Draws draws) {
    int fan = last ? input.floats() + outputs : input.floats();
    Initial.uniform(parameters.slice(0, (long) input.floats() * outputs), fan, draws);
  }

  @Override
  public long floats(Shape input, int rows, int workers, boolean owned) {
    return 2 * Place.Room.padded((long) rows * outputs);
  }

  @Override
  public Optional<Layer> rectified() {
    return Optional.of(new Dense(outputs, true, last));
  }

  @Override
  public Stage stage(Place place) {
    return new AtWork(place);
  }

  private final class AtWork implements Stage {
    private final Place place;
    private final int parts;
    private final Matrix x;
    private final Matrix dx;
    private final Matrix weights;
    private final Floats bias;
    private final Matrix dWeights;
    private final Floats dBias;
    private final Matrix y;
    private final Matrix dy;
    private final PartTask biasPart = this::biasPart;

    AtWork(Place place) {
      this.place = place;
      int inputs = place.shape().floats();
      long cells = (long) inputs * outputs;
      x = Matrix.of(place.input(), place.rows(), inputs);
      dx =
          place.inputGradient() == null
              ? null
              : Matrix.of(place.inputGradient(), place.rows(), inputs);
      weights = Matrix.of(place.parameters().slice(0, cells), inputs, outputs);
      bias = place.parameters().slice(cells, outputs);
      boolean trains = place.gradients() != null;
      dWeights = trains ? Matrix.of(place.gradients().slice(0, cells), inputs, outputs) : null;
      dBias = trains ? place.gradients().slice(cells, outputs) : null;
      y = Matrix.of(place.take((long) place.rows() * outputs), place.rows(), outputs);
      dy = Matrix.of(place.take((long) place.rows() * outputs), place.rows(), outputs);
      parts = place.parts(outputs);
    }

    @Override
    public Floats output() {
      return y.values();
    }

    @Override
    public Floats outputGradient() {
      return dy.values();
    }

    @Override
    public void forward(Step step) {
      place.backend().dense().gemm(false, false, 1, x, weights, 0, y);
      place.backend().run(parts, biasPart);
    }

    private void biasPart(int part, int worker) {
      int from = place.border(parts, part);
      int to = place.border(parts, part + 1);
      place.backend().each().net().addBias(y, bias, rectify, from, to);
    }

    @Override
    public void backward(Step step) {
      if (!step.accumulates()) {
        dBias.fill(0);
      }
      place.backend().net().maskAndSum(rectify ? y : null, dy, dBias, 0, place.rows());
      place.backend().dense().gemm(true, false, 1, x, dy, step.beta(), dWeights);
      if (dx != null) {
        place.backend().dense().gemm(false, true, 1, dy, weights, 0, dx);
      }
    }
  }
}
