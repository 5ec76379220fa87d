package org.strait.engine.data;

/// What the features of a row without gaps are: the pixels of an image, row by row, the channels of
/// a pixel side by side. Feature ((y·width) + x)·channels + c is channel c of pixel (y, x).
///
/// @param height pixels, at least 1
/// @param width pixels, at least 1
/// @param channels 1 for grey, 3 for red, green, blue
public record RowShape(int height, int width, int channels) {
  /// Checks ranges.
  public RowShape {
    if (height < 1 || width < 1 || channels < 1 || cells(height, width, channels) < 1) {
      throw new IllegalArgumentException(
          "rows of " + height + "x" + width + "x" + channels + " features");
    }
  }

  /// Number of features, or -1 if there are too many.
  private static int cells(int height, int width, int channels) {
    long pixels = (long) height * width;
    boolean few = pixels <= Integer.MAX_VALUE && pixels * channels <= Integer.MAX_VALUE;
    return few ? (int) (pixels * channels) : -1;
  }

  /// Number of features.
  public int cells() {
    return cells(height, width, channels);
  }

  /// The inverse of {@link #toString}.
  ///
  /// @throws IllegalArgumentException if it is none
  public static RowShape parse(String text) {
    if (!text.matches("[1-9]\\d{0,6}x[1-9]\\d{0,6}x[1-9]\\d{0,3}")) {
      throw new IllegalArgumentException("a shape HxWxCHANNELS, got \"" + text + "\"");
    }
    String[] sizes = text.split("x", -1);
    return new RowShape(
        Integer.parseInt(sizes[0]), Integer.parseInt(sizes[1]), Integer.parseInt(sizes[2]));
  }

  /// For instance {@code 28x28x3}.
  @Override
  public String toString() {
    return height + "x" + width + "x" + channels;
  }
}
