package org.strait.engine.net;

import java.util.Optional;
import org.strait.engine.data.Draws;
import org.strait.engine.model.ParameterLayout;
import org.strait.kernels.Windows;
import org.strait.memory.Floats;

/// A convolution: every output pixel is a weighted sum of what a window of the input sees, with one
/// set of weights per filter, W of (window height x window width x channels) x filters, plus a
/// bias.
///
/// @param filters channels of the output
/// @param height of the window
/// @param width of the window
/// @param stride pixels from window to window
/// @param padding pixels of 0 around the image; -1 for "same": half a window
/// @param rectify whether max(0, y) is what comes out
record Conv2d(int filters, int height, int width, int stride, int padding, boolean rectify)
    implements Layer {
  static final int SAME = -1;

  @Override
  public String kind() {
    return "conv";
  }

  @Override
  public String text() {
    return "conv "
        + filters
        + " "
        + height
        + "x"
        + width
        + (stride == 1 ? "" : " stride " + stride)
        + (padding == SAME ? "" : " pad " + padding);
  }

  Windows windows(Shape input) {
    int pad = padding == SAME ? (Math.min(height, width) - 1) / 2 : padding;
    return new Windows(input.height(), input.width(), input.channels(), height, width, stride, pad);
  }

  @Override
  public Shape output(Shape input) {
    if (filters < 1) {
      throw new IllegalArgumentException("needs at least 1 filter");
    }
    Windows windows = windows(input);
    return new Shape(windows.rows(), windows.cols(), filters);
  }

  @Override
  public ParameterLayout parameters(String name, Shape input, ParameterLayout before) {
    return before
        .and(name + ".weights", height, width, input.channels(), filters)
        .and(name + ".bias", filters);
  }

  @Override
  public void initialise(Shape input, Floats parameters, Draws draws) {
    int fan = windows(input).patchFloats();
    Initial.uniform(parameters.slice(0, (long) fan * filters), fan, draws);
  }

  @Override
  public long floats(Shape input, int rows, int workers, boolean owned) {
    return ConvStage.floats(this, windows(input), rows, workers);
  }

  @Override
  public Optional<Layer> rectified() {
    return Optional.of(new Conv2d(filters, height, width, stride, padding, true));
  }

  @Override
  public Stage stage(Place place) {
    return new ConvStage(this, place);
  }
}
