package org.strait.engine.net;

import org.strait.kernels.NetOps;
import org.strait.kernels.PartTask;
import org.strait.kernels.Windows;
import org.strait.memory.Floats;

/// One number for each window and channel: the largest or the mean of those in the image.
///
/// @param mean whether it is the mean
/// @param size side of the window in pixels; 0 for the whole image
/// @param stride pixels from window to window
/// @param padding pixels around the image, which do not count
record Pooling(boolean mean, int size, int stride, int padding) implements Layer {
  @Override
  public String kind() {
    return size == 0 ? "global-pool" : mean ? "average-pool" : "max-pool";
  }

  @Override
  public String text() {
    return size == 0
        ? kind()
        : kind()
            + " "
            + size
            + (stride == size ? "" : " stride " + stride)
            + (padding == 0 ? "" : " pad " + padding);
  }

  private Windows windows(Shape input) {
    return size == 0
        ? new Windows(
            input.height(), input.width(), input.channels(), input.height(), input.width(), 1, 0)
        : new Windows(input.height(), input.width(), input.channels(), size, size, stride, padding);
  }

  @Override
  public Shape output(Shape input) {
    Windows windows = windows(input);
    return new Shape(windows.rows(), windows.cols(), input.channels());
  }

  @Override
  public long floats(Shape input, int rows, int workers, boolean owned) {
    return 2 * Place.Room.padded((long) rows * windows(input).pooledFloats());
  }

  @Override
  public Stage stage(Place place) {
    return new AtWork(place);
  }

  private final class AtWork implements Stage {
    private final Place place;
    private final Windows windows;
    private final int parts;
    private final Floats output;
    private final Floats outputGradient;
    private final PartTask forwardPart = this::forwardPart;
    private final PartTask backwardPart = this::backwardPart;

    AtWork(Place place) {
      this.place = place;
      windows = windows(place.shape());
      parts = place.parts(windows.imageFloats());
      output = place.take((long) place.rows() * windows.pooledFloats());
      outputGradient = place.take(output.length());
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
      NetOps net = place.backend().each().net();
      for (int i = place.border(parts, part); i < place.border(parts, part + 1); i++) {
        long imageAt = (long) i * windows.imageFloats();
        long pooledAt = (long) i * windows.pooledFloats();
        if (mean) {
          net.averagePool(windows, place.input(), imageAt, output, pooledAt);
        } else {
          net.maxPool(windows, place.input(), imageAt, output, pooledAt);
        }
      }
    }

    @Override
    public void backward(Step step) {
      if (place.inputGradient() != null) {
        place.backend().run(parts, backwardPart);
      }
    }

    private void backwardPart(int part, int worker) {
      NetOps net = place.backend().each().net();
      Floats dx = place.inputGradient();
      for (int i = place.border(parts, part); i < place.border(parts, part + 1); i++) {
        long imageAt = (long) i * windows.imageFloats();
        long pooledAt = (long) i * windows.pooledFloats();
        if (mean) {
          net.averagePoolBack(windows, dx, imageAt, outputGradient, pooledAt);
        } else {
          net.maxPoolBack(windows, place.input(), dx, imageAt, outputGradient, pooledAt);
        }
      }
    }
  }
}
