package org.strait.engine.net;

import org.strait.engine.data.Draws;
import org.strait.engine.model.ParameterLayout;
import org.strait.kernels.PartTask;
import org.strait.memory.Floats;

/// Group normalisation (Wu & He 2018): in each image each group of channels is shifted and scaled
/// to mean 0 and variance 1, then each channel by a gain and an offset that are learned. Knows no
/// other image of the batch, so batches of any size, in any data centre, mean the same; statistics
/// of batches would differ between data centres.
///
/// @param groups of neighbouring channels
record GroupNorm(int groups) implements Layer {
  static final double EPSILON = 1e-5;

  @Override
  public String kind() {
    return "group-norm";
  }

  @Override
  public String text() {
    return "group-norm " + groups;
  }

  @Override
  public Shape output(Shape input) {
    if (groups < 1 || input.channels() % groups != 0) {
      throw new IllegalArgumentException(
          input.channels() + " channels are not " + groups + " groups of the same size");
    }
    return input;
  }

  @Override
  public ParameterLayout parameters(String name, Shape input, ParameterLayout before) {
    return before.and(name + ".gain", input.channels()).and(name + ".offset", input.channels());
  }

  @Override
  public void initialise(Shape input, Floats parameters, Draws draws) {
    parameters.slice(0, input.channels()).fill(1);
  }

  private static int parts(int rows) {
    return Math.clamp(rows / 4, 1, 16);
  }

  @Override
  public long floats(Shape input, int rows, int workers, boolean owned) {
    return 2 * Place.Room.padded((long) rows * input.floats())
        + Place.Room.padded(2L * rows * groups)
        + parts(rows) * Place.Room.padded(2L * input.channels());
  }

  @Override
  public Stage stage(Place place) {
    return new AtWork(place);
  }

  private final class AtWork implements Stage {
    private final Place place;
    private final int channels;
    private final int pixels;
    private final int parts;
    private final Floats output;
    private final Floats outputGradient;
    private final Floats statistics;
    private final Floats[] sums;
    private final PartTask forwardPart = this::forwardPart;
    private final PartTask backwardPart = this::backwardPart;

    AtWork(Place place) {
      this.place = place;
      channels = place.shape().channels();
      pixels = place.shape().height() * place.shape().width();
      parts = parts(place.rows());
      output = place.take((long) place.rows() * pixels * channels);
      outputGradient = place.take(output.length());
      statistics = place.take(2L * place.rows() * groups);
      sums = new Floats[parts];
      for (int part = 0; part < parts; part++) {
        sums[part] = place.take(2L * channels);
      }
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
      place.backend().run(parts, forwardPart);
    }

    private void forwardPart(int part, int worker) {
      for (int row = place.border(parts, part); row < place.border(parts, part + 1); row++) {
        for (int group = 0; group < groups; group++) {
          normalise(row, group);
        }
      }
    }

    private void normalise(int row, int group) {
      Floats x = place.input();
      int width = channels / groups;
      long first = (long) row * pixels * channels + (long) group * width;
      double sum = 0;
      for (int pixel = 0; pixel < pixels; pixel++) {
        long at = first + (long) pixel * channels;
        for (int c = 0; c < width; c++) {
          sum += x.get(at + c);
        }
      }
      double mean = sum / ((double) pixels * width);
      double squares = 0;
      for (int pixel = 0; pixel < pixels; pixel++) {
        long at = first + (long) pixel * channels;
        for (int c = 0; c < width; c++) {
          double d = x.get(at + c) - mean;
          squares += d * d;
        }
      }
      float scale = (float) (1 / Math.sqrt(squares / ((double) pixels * width) + EPSILON));
      float centre = (float) mean;
      statistics.set(2L * (row * groups + group), centre);
      statistics.set(2L * (row * groups + group) + 1, scale);
      for (int pixel = 0; pixel < pixels; pixel++) {
        long at = first + (long) pixel * channels;
        for (int c = 0; c < width; c++) {
          int channel = group * width + c;
          float unit = (x.get(at + c) - centre) * scale;
          output.set(at + c, unit * gain(channel) + place.parameters().get(channels + channel));
        }
      }
    }

    private float gain(int channel) {
      return place.parameters().get(channel);
    }

    @Override
    public void backward(Step step) {
      place.backend().run(parts, backwardPart);
      if (!step.accumulates()) {
        place.gradients().fill(0);
      }
      for (Floats sum : sums) {
        place.backend().dense().axpy(1, sum, place.gradients());
      }
    }

    private void backwardPart(int part, int worker) {
      sums[part].fill(0);
      for (int row = place.border(parts, part); row < place.border(parts, part + 1); row++) {
        for (int group = 0; group < groups; group++) {
          back(row, group, sums[part]);
        }
      }
    }

    /// With u the normalised input and g = gain·dy: dx = scale·(g - mean(g) - u·mean(g·u)).
    private void back(int row, int group, Floats sum) {
      Floats x = place.input();
      int width = channels / groups;
      long first = (long) row * pixels * channels + (long) group * width;
      float centre = statistics.get(2L * (row * groups + group));
      float scale = statistics.get(2L * (row * groups + group) + 1);
      double total = 0;
      double product = 0;
      for (int pixel = 0; pixel < pixels; pixel++) {
        long at = first + (long) pixel * channels;
        for (int c = 0; c < width; c++) {
          int channel = group * width + c;
          float unit = (x.get(at + c) - centre) * scale;
          float dy = outputGradient.get(at + c);
          sum.set(channel, sum.get(channel) + dy * unit);
          sum.set(channels + channel, sum.get(channels + channel) + dy);
          double g = (double) gain(channel) * dy;
          total += g;
          product += g * unit;
        }
      }
      if (place.inputGradient() == null) {
        return;
      }
      double count = (double) pixels * width;
      float meanTotal = (float) (total / count);
      float meanProduct = (float) (product / count);
      for (int pixel = 0; pixel < pixels; pixel++) {
        long at = first + (long) pixel * channels;
        for (int c = 0; c < width; c++) {
          float unit = (x.get(at + c) - centre) * scale;
          float g = gain(group * width + c) * outputGradient.get(at + c);
          place.inputGradient().set(at + c, scale * (g - meanTotal - unit * meanProduct));
        }
      }
    }
  }
}
