package org.strait.engine.net;

import java.util.ArrayList;
import java.util.List;
import org.strait.engine.data.Draws;
import org.strait.memory.Floats;

/// Random changes of an image that leave its class as it is; in training only. What is drawn is a
/// function of the rank's seed, the step and the row.
///
/// @param flip whether it is mirrored left to right every other time
/// @param crop pixels that it is moved by at most, each way; what comes in from outside is 0
/// @param jitter share that its brightness is raised or lowered by at most
record Augmentation(boolean flip, int crop, double jitter) {
  private static final String EXAMPLE = "write for instance flip, crop:2, jitter:0.1";

  Augmentation {
    if (crop < 0 || !(jitter >= 0 && jitter < 1)) {
      throw new IllegalArgumentException(
          "crop:" + crop + ", jitter:" + jitter + " is out of range; " + EXAMPLE);
    }
  }

  /// Reads {@code flip,crop:2,jitter:0.1}, any of them; null for {@code none}.
  ///
  /// @throws IllegalArgumentException for anything else
  static Augmentation parse(String text) {
    if (text.isBlank() || text.strip().equals("none")) {
      return null;
    }
    boolean flip = false;
    int crop = 0;
    double jitter = 0;
    for (String word : text.split(",", -1)) {
      String[] pair = word.strip().split(":", -1);
      try {
        switch (pair.length == 2 ? pair[0] + ":" : pair[0]) {
          case "flip" -> flip = true;
          case "crop:" -> crop = Integer.parseInt(pair[1]);
          case "jitter:" -> jitter = Double.parseDouble(pair[1]);
          default -> throw new NumberFormatException();
        }
      } catch (NumberFormatException e) {
        throw new IllegalArgumentException("unknown \"" + word.strip() + "\"; " + EXAMPLE, e);
      }
    }
    return new Augmentation(flip, crop, jitter);
  }

  /// Changes the image at {@code at}. Modified: images, draws.
  void change(Shape shape, Floats images, long at, Draws draws) {
    if (flip && draws.below(2) == 1) {
      mirror(shape, images, at);
    }
    if (crop > 0) {
      int down = draws.below(2 * crop + 1) - crop;
      int right = draws.below(2 * crop + 1) - crop;
      move(shape, images, at, down, right);
    }
    if (jitter > 0) {
      float factor = (float) (1 + jitter * (2 * draws.unit() - 1));
      for (long i = at; i < at + shape.floats(); i++) {
        images.set(i, images.get(i) * factor);
      }
    }
  }

  private static void mirror(Shape shape, Floats images, long at) {
    int channels = shape.channels();
    for (int y = 0; y < shape.height(); y++) {
      long row = at + (long) y * shape.width() * channels;
      for (int x = 0; x < shape.width() / 2; x++) {
        for (int c = 0; c < channels; c++) {
          long left = row + (long) x * channels + c;
          long right = row + (long) (shape.width() - 1 - x) * channels + c;
          float kept = images.get(left);
          images.set(left, images.get(right));
          images.set(right, kept);
        }
      }
    }
  }

  /// In the order in which no element is overwritten before it is read.
  private static void move(Shape shape, Floats images, long at, int down, int right) {
    int channels = shape.channels();
    int height = shape.height();
    int width = shape.width();
    boolean last = down > 0 || (down == 0 && right > 0);
    int n = height * width;
    for (int i = 0; i < n; i++) {
      int pixel = last ? n - 1 - i : i;
      int y = pixel / width - down;
      int x = pixel % width - right;
      boolean inside = y >= 0 && y < height && x >= 0 && x < width;
      long to = at + (long) pixel * channels;
      long from = at + ((long) y * width + x) * channels;
      for (int c = 0; c < channels; c++) {
        images.set(to + c, inside ? images.get(from + c) : 0);
      }
    }
  }

  @Override
  public String toString() {
    List<String> words = new ArrayList<>();
    if (flip) {
      words.add("flip");
    }
    if (crop > 0) {
      words.add("crop:" + crop);
    }
    if (jitter > 0) {
      words.add("jitter:" + jitter);
    }
    return String.join(",", words);
  }
}
