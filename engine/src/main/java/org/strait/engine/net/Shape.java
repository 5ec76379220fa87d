package org.strait.engine.net;

/// Sizes of what one row is in a net: an image, channels last, or a vector, which is an image of
/// one pixel.
///
/// @param height in pixels
/// @param width in pixels
/// @param channels floats of a pixel
public record Shape(int height, int width, int channels) {
  /// Checks the sizes.
  public Shape {
    if (height < 1 || width < 1 || channels < 1) {
      throw new IllegalArgumentException(
          "a shape of " + height + "x" + width + "x" + channels + "; every size is at least 1");
    }
    Math.multiplyExact(Math.multiplyExact(height, width), channels);
  }

  /// A vector.
  public static Shape vector(int length) {
    return new Shape(1, 1, length);
  }

  /// Reads {@code 28x28x1}, {@code 28x28} (one channel) or {@code 784} (a vector).
  ///
  /// @throws IllegalArgumentException if it is none of them
  public static Shape parse(String text) {
    String[] sizes = text.strip().split("x", -1);
    try {
      return switch (sizes.length) {
        case 1 -> vector(Integer.parseInt(sizes[0]));
        case 2 -> new Shape(Integer.parseInt(sizes[0]), Integer.parseInt(sizes[1]), 1);
        case 3 ->
            new Shape(
                Integer.parseInt(sizes[0]), Integer.parseInt(sizes[1]), Integer.parseInt(sizes[2]));
        default -> throw new NumberFormatException();
      };
    } catch (NumberFormatException e) {
      throw new IllegalArgumentException(
          "\"" + text + "\" is no shape; write 28x28x1 (height, width, channels) or 784", e);
    }
  }

  /// Floats of a row.
  public int floats() {
    return height * width * channels;
  }

  @Override
  public String toString() {
    return height == 1 && width == 1 ? "" + channels : height + "x" + width + "x" + channels;
  }
}
