package org.strait.engine.data;

import java.util.List;
import org.strait.kernels.UnknownName;

/// How images become rows.
///
/// @param size height and width that all images are brought to; null if all have the same
/// @param channels 1 or 3; 0 for those of the first image
/// @param badRows {@code fail} or {@code skip}: what becomes of images that cannot be used
/// @param scale what bytes become
public record ImageSettings(Size size, int channels, String badRows, PixelScale scale) {
  /// Policies that can be asked for.
  public static final List<String> POLICIES = List.of("fail", "skip");

  /// Pixels.
  public record Size(int height, int width) {}

  /// @throws IllegalArgumentException for an unknown policy
  public ImageSettings {
    if (!POLICIES.contains(badRows)) {
      throw UnknownName.of("policy for bad rows", badRows, POLICIES);
    }
  }

  /// As they are, bytes to 0 … 1.
  public static ImageSettings defaults() {
    return new ImageSettings(null, 0, "fail", PixelScale.UNIT);
  }

  /// From settings as they are written.
  ///
  /// @param size {@code HxW}, {@code HxWx1}, {@code HxWx3} or empty
  /// @throws IllegalArgumentException if one of them is malformed; the message has known ones
  public static ImageSettings parse(String size, String badRows, String scale) {
    if (size.isEmpty()) {
      return new ImageSettings(null, 0, badRows, PixelScale.choose(scale));
    }
    if (!size.matches("[1-9]\\d{0,3}x[1-9]\\d{0,3}(x[13])?")) {
      throw new IllegalArgumentException(
          "images of \"" + size + "\"; give HxW, or HxWx1 for grey, HxWx3 for colour");
    }
    String[] sizes = size.split("x", -1);
    return new ImageSettings(
        new Size(Integer.parseInt(sizes[0]), Integer.parseInt(sizes[1])),
        sizes.length > 2 ? Integer.parseInt(sizes[2]) : 0,
        badRows,
        PixelScale.choose(scale));
  }

  /// The size as {@link #parse} takes it; empty if there is none.
  public String sizeText() {
    return size == null
        ? ""
        : size.height() + "x" + size.width() + (channels > 0 ? "x" + channels : "");
  }

  boolean resizes() {
    return size != null;
  }

  boolean skipsBad() {
    return badRows.equals("skip");
  }
}
