package org.strait.kernels.simd;

import static jdk.incubator.vector.FloatVector.fromMemorySegment;
import static org.strait.kernels.simd.AddressSpace.ALL;
import static org.strait.kernels.simd.AddressSpace.BASE;
import static org.strait.kernels.simd.AddressSpace.REACH;
import static org.strait.kernels.simd.Lanes.FLOATS;
import static org.strait.kernels.simd.Lanes.ORDER;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorOperators;
import org.strait.kernels.Windows;
import org.strait.memory.Floats;

/// Loops over the windows of one image, by address; what they cover has been checked. Poolings need
/// channels in whole vectors.
final class SimdWindows {
  private static final int FLOAT = (int) Floats.BYTES;

  private SimdWindows() {}

  static void patches(Windows w, long image, long patches) {
    int pixel = w.channels() * FLOAT;
    int line = w.windowWidth() * pixel;
    long at = patches;
    for (int row = 0; row < w.rows(); row++) {
      int top = w.top(row);
      int bottom = w.bottom(row);
      for (int col = 0; col < w.cols(); col++) {
        int left = w.left(col) * pixel;
        int right = w.right(col) * pixel;
        long corner = corner(w, image, row, col);
        for (int y = 0; y < w.windowHeight(); y++) {
          if (y < top || y >= bottom) {
            clear(at, line);
          } else {
            if (left > 0) {
              clear(at, left);
            }
            copy(corner + (long) y * w.width() * pixel + left, at + left, right - left);
            if (right < line) {
              clear(at + right, line - right);
            }
          }
          at += line;
        }
      }
    }
  }

  static void addPatches(Windows w, long patches, long image) {
    int pixel = w.channels() * FLOAT;
    int line = w.windowWidth() * pixel;
    clear(image, w.imageFloats() * FLOAT);
    long at = patches;
    for (int row = 0; row < w.rows(); row++) {
      int top = w.top(row);
      int bottom = w.bottom(row);
      for (int col = 0; col < w.cols(); col++) {
        int left = w.left(col) * pixel;
        int right = w.right(col) * pixel;
        long corner = corner(w, image, row, col);
        for (int y = top; y < bottom; y++) {
          add(
              at + (long) y * line + left,
              corner + (long) y * w.width() * pixel + left,
              right - left);
        }
        at += (long) w.windowHeight() * line;
      }
    }
  }

  static void maxPool(Windows w, long image, long pooled) {
    int pixel = w.channels() * FLOAT;
    long at = pooled;
    for (int row = 0; row < w.rows(); row++) {
      for (int col = 0; col < w.cols(); col++) {
        long corner = corner(w, image, row, col);
        for (int c = 0; c < pixel; c += Lanes.BYTES) {
          largest(w, corner + c, pixel, row, col).intoMemorySegment(ALL, (at + c) & REACH, ORDER);
        }
        at += pixel;
      }
    }
  }

  private static FloatVector largest(Windows w, long corner, int pixel, int row, int col) {
    FloatVector largest = FloatVector.broadcast(FLOATS, Float.NEGATIVE_INFINITY);
    int right = w.right(col);
    int bottom = w.bottom(row);
    for (int y = w.top(row); y < bottom; y++) {
      for (int x = w.left(col); x < right; x++) {
        largest = largest.max(load(corner + (long) (y * w.width() + x) * pixel));
      }
    }
    return largest;
  }

  static void maxPoolBack(Windows w, long image, long dImage, long dPooled) {
    int pixel = w.channels() * FLOAT;
    clear(dImage, w.imageFloats() * FLOAT);
    long at = dPooled;
    for (int row = 0; row < w.rows(); row++) {
      for (int col = 0; col < w.cols(); col++) {
        long corner = corner(w, image, row, col);
        for (int c = 0; c < pixel; c += Lanes.BYTES) {
          give(w, corner + c, dImage - image, pixel, row, col, load(at + c));
        }
        at += pixel;
      }
    }
  }

  /// Adds a gradient to the first of the largest.
  private static void give(
      Windows w, long corner, long toGradient, int pixel, int row, int col, FloatVector gradient) {
    FloatVector largest = largest(w, corner, pixel, row, col);
    VectorMask<Float> wanted = FLOATS.maskAll(true);
    int right = w.right(col);
    int bottom = w.bottom(row);
    for (int y = w.top(row); y < bottom; y++) {
      for (int x = w.left(col); x < right; x++) {
        long at = corner + (long) (y * w.width() + x) * pixel;
        VectorMask<Float> here = load(at).compare(VectorOperators.EQ, largest).and(wanted);
        wanted = wanted.andNot(here);
        load(at + toGradient)
            .add(gradient, here)
            .intoMemorySegment(ALL, (at + toGradient) & REACH, ORDER);
      }
    }
  }

  static void averagePool(Windows w, long image, long pooled) {
    int pixel = w.channels() * FLOAT;
    long at = pooled;
    for (int row = 0; row < w.rows(); row++) {
      for (int col = 0; col < w.cols(); col++) {
        long corner = corner(w, image, row, col);
        for (int c = 0; c < pixel; c += Lanes.BYTES) {
          FloatVector sum = FloatVector.zero(FLOATS);
          for (int y = w.top(row); y < w.bottom(row); y++) {
            for (int x = w.left(col); x < w.right(col); x++) {
              sum = sum.add(load(corner + c + (long) (y * w.width() + x) * pixel));
            }
          }
          sum.div(inside(w, row, col)).intoMemorySegment(ALL, (at + c) & REACH, ORDER);
        }
        at += pixel;
      }
    }
  }

  static void averagePoolBack(Windows w, long dImage, long dPooled) {
    int pixel = w.channels() * FLOAT;
    clear(dImage, w.imageFloats() * FLOAT);
    long at = dPooled;
    for (int row = 0; row < w.rows(); row++) {
      for (int col = 0; col < w.cols(); col++) {
        long corner = corner(w, dImage, row, col);
        for (int c = 0; c < pixel; c += Lanes.BYTES) {
          FloatVector share = load(at + c).div(inside(w, row, col));
          for (int y = w.top(row); y < w.bottom(row); y++) {
            for (int x = w.left(col); x < w.right(col); x++) {
              long to = corner + c + (long) (y * w.width() + x) * pixel;
              load(to).add(share).intoMemorySegment(ALL, to & REACH, ORDER);
            }
          }
        }
        at += pixel;
      }
    }
  }

  private static float inside(Windows w, int row, int col) {
    float rows = (float) (w.bottom(row) - w.top(row));
    return rows * (float) (w.right(col) - w.left(col));
  }

  /// Where the first pixel of a window would be; may lie outside the image.
  private static long corner(Windows w, long image, int row, int col) {
    long y = (long) row * w.stride() - w.padding();
    long x = (long) col * w.stride() - w.padding();
    return image + (y * w.width() + x) * w.channels() * FLOAT;
  }

  private static FloatVector load(long address) {
    return fromMemorySegment(FLOATS, ALL, address & REACH, ORDER);
  }

  private static void copy(long fromAt, long toAt, int bytes) {
    long from = fromAt & BASE;
    long to = toAt & BASE;
    int whole = bytes & -Lanes.BYTES;
    for (int i = 0; i < whole; i += Lanes.BYTES) {
      load(from + i).intoMemorySegment(ALL, (to + i) & REACH, ORDER);
    }
    for (int i = whole; i < bytes; i += FLOAT) {
      AddressSpace.setInt(to + i, AddressSpace.getInt(from + i));
    }
  }

  private static void clear(long toAt, int bytes) {
    long to = toAt & BASE;
    int whole = bytes & -Lanes.BYTES;
    FloatVector zero = FloatVector.zero(FLOATS);
    for (int i = 0; i < whole; i += Lanes.BYTES) {
      zero.intoMemorySegment(ALL, (to + i) & REACH, ORDER);
    }
    for (int i = whole; i < bytes; i += FLOAT) {
      AddressSpace.setInt(to + i, 0);
    }
  }

  private static void add(long fromAt, long toAt, int bytes) {
    long from = fromAt & BASE;
    long to = toAt & BASE;
    int whole = bytes & -Lanes.BYTES;
    for (int i = 0; i < whole; i += Lanes.BYTES) {
      load(to + i).add(load(from + i)).intoMemorySegment(ALL, (to + i) & REACH, ORDER);
    }
    for (int i = whole; i < bytes; i += FLOAT) {
      AddressSpace.set(to + i, AddressSpace.get(to + i) + AddressSpace.get(from + i));
    }
  }
}
