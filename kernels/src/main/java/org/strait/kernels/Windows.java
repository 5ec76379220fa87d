package org.strait.kernels;

/// The windows that slide over an image of a convolution or a pooling. An image is height x width x
/// channels floats, channels last (NHWC without N): element (y, x, c) is at (y·width + x)·channels
/// + c. Windows lie every {@code stride} pixels, from {@code padding} pixels above and left of the
/// image on; what lies outside the image counts as 0.
///
/// @param height of the image, in pixels
/// @param width of the image, in pixels
/// @param channels floats of a pixel
/// @param windowHeight rows of a window
/// @param windowWidth columns of a window
/// @param stride pixels from one window to the next, both ways
/// @param padding pixels on each side, less than the window's sides
public record Windows(
    int height,
    int width,
    int channels,
    int windowHeight,
    int windowWidth,
    int stride,
    int padding) {
  /// Checks that there is a window.
  public Windows {
    boolean sizes = height > 0 && width > 0 && channels > 0 && windowHeight > 0 && windowWidth > 0;
    if (!sizes
        || stride < 1
        || padding < 0
        || padding >= Math.min(windowHeight, windowWidth)
        || height + 2 * padding < windowHeight
        || width + 2 * padding < windowWidth) {
      throw new IllegalArgumentException(
          "windows of "
              + windowHeight
              + "x"
              + windowWidth
              + ", stride "
              + stride
              + ", padding "
              + padding
              + ", do not fit an image of "
              + height
              + "x"
              + width
              + "x"
              + channels);
    }
  }

  /// Windows from top to bottom.
  public int rows() {
    return (height + 2 * padding - windowHeight) / stride + 1;
  }

  /// Windows from left to right.
  public int cols() {
    return (width + 2 * padding - windowWidth) / stride + 1;
  }

  /// Windows of an image.
  public int count() {
    return rows() * cols();
  }

  /// Floats of an image.
  public int imageFloats() {
    return height * width * channels;
  }

  /// Floats under a window.
  public int patchFloats() {
    return windowHeight * windowWidth * channels;
  }

  /// Floats of an image with a pixel of so many channels for each window as it is here: what a
  /// pooling gives.
  public int pooledFloats() {
    return count() * channels;
  }

  /// First row of a window that lies in the image, counted in the window.
  public int top(int row) {
    return Math.max(0, padding - row * stride);
  }

  /// Row of a window behind the last that lies in the image.
  public int bottom(int row) {
    return Math.min(windowHeight, height + padding - row * stride);
  }

  /// First column of a window that lies in the image, counted in the window.
  public int left(int col) {
    return Math.max(0, padding - col * stride);
  }

  /// Column of a window behind the last that lies in the image.
  public int right(int col) {
    return Math.min(windowWidth, width + padding - col * stride);
  }
}
