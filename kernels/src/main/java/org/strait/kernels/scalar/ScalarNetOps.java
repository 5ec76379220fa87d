package org.strait.kernels.scalar;

import org.strait.kernels.Lengths;
import org.strait.kernels.Matrix;
import org.strait.kernels.NetOps;
import org.strait.kernels.NetShapes;
import org.strait.kernels.Windows;
import org.strait.memory.Floats;

/// Layers by plain loops: the specification.
final class ScalarNetOps implements NetOps {
  @Override
  public void addBias(Matrix y, Floats bias, boolean rectify, int from, int to) {
    NetShapes.checkBias(y, bias, from, to);
    Floats values = y.values();
    for (int r = from; r < to; r++) {
      long row = (long) r * y.stride();
      for (int c = 0; c < y.cols(); c++) {
        float sum = values.get(row + c) + bias.get(c);
        values.set(row + c, rectify ? Math.max(0, sum) : sum);
      }
    }
  }

  @Override
  public void maskAndSum(Matrix y, Matrix dy, Floats sums, int from, int to) {
    NetShapes.checkMask(y, dy, sums, from, to);
    for (int r = from; r < to; r++) {
      long row = (long) r * dy.stride();
      for (int c = 0; c < dy.cols(); c++) {
        if (y != null && !(y.values().get((long) r * y.stride() + c) > 0)) {
          dy.values().set(row + c, 0);
        }
        sums.set(c, sums.get(c) + dy.values().get(row + c));
      }
    }
  }

  @Override
  public void relu(Floats x, long from, long to) {
    Lengths.checkPart("x", x.length(), from, to);
    for (long i = from; i < to; i++) {
      x.set(i, Math.max(0, x.get(i)));
    }
  }

  @Override
  public void mask(Floats y, Floats dy, long from, long to) {
    Lengths.checkPart("y", y.length(), from, to);
    Lengths.checkPart("dy", dy.length(), from, to);
    for (long i = from; i < to; i++) {
      if (!(y.get(i) > 0)) {
        dy.set(i, 0);
      }
    }
  }

  @Override
  public void patches(Windows w, Floats images, long imageAt, Floats patches, long patchesAt) {
    NetShapes.checkPatches(w, images, imageAt, patches, patchesAt);
    long at = patchesAt;
    for (int row = 0; row < w.rows(); row++) {
      for (int col = 0; col < w.cols(); col++) {
        for (int y = 0; y < w.windowHeight(); y++) {
          for (int x = 0; x < w.windowWidth(); x++) {
            boolean inside =
                y >= w.top(row) && y < w.bottom(row) && x >= w.left(col) && x < w.right(col);
            for (int c = 0; c < w.channels(); c++) {
              patches.set(at++, inside ? images.get(imageAt + element(w, row, col, y, x) + c) : 0);
            }
          }
        }
      }
    }
  }

  @Override
  public void addPatches(Windows w, Floats patches, long patchesAt, Floats images, long imageAt) {
    NetShapes.checkPatches(w, images, imageAt, patches, patchesAt);
    clear(w, images, imageAt);
    for (int row = 0; row < w.rows(); row++) {
      for (int col = 0; col < w.cols(); col++) {
        long patch = patchesAt + (long) (row * w.cols() + col) * w.patchFloats();
        for (int y = w.top(row); y < w.bottom(row); y++) {
          for (int x = w.left(col); x < w.right(col); x++) {
            long from = patch + (long) (y * w.windowWidth() + x) * w.channels();
            long to = imageAt + element(w, row, col, y, x);
            for (int c = 0; c < w.channels(); c++) {
              images.set(to + c, images.get(to + c) + patches.get(from + c));
            }
          }
        }
      }
    }
  }

  @Override
  public void maxPool(Windows w, Floats images, long imageAt, Floats pooled, long pooledAt) {
    NetShapes.checkPooling(w, images, imageAt, pooled, pooledAt);
    long at = pooledAt;
    for (int row = 0; row < w.rows(); row++) {
      for (int col = 0; col < w.cols(); col++) {
        for (int c = 0; c < w.channels(); c++) {
          pooled.set(at++, largest(w, images, imageAt + c, row, col));
        }
      }
    }
  }

  @Override
  public void maxPoolBack(
      Windows w, Floats images, Floats dImages, long imageAt, Floats dPooled, long pooledAt) {
    NetShapes.checkPooling(w, images, imageAt, dPooled, pooledAt);
    NetShapes.checkPooling(w, dImages, imageAt, dPooled, pooledAt);
    clear(w, dImages, imageAt);
    long at = pooledAt;
    for (int row = 0; row < w.rows(); row++) {
      for (int col = 0; col < w.cols(); col++) {
        for (int c = 0; c < w.channels(); c++) {
          long winner = first(w, images, imageAt + c, row, col);
          if (winner >= 0) {
            dImages.set(winner, dImages.get(winner) + dPooled.get(at));
          }
          at++;
        }
      }
    }
  }

  @Override
  public void averagePool(Windows w, Floats images, long imageAt, Floats pooled, long pooledAt) {
    NetShapes.checkPooling(w, images, imageAt, pooled, pooledAt);
    long at = pooledAt;
    for (int row = 0; row < w.rows(); row++) {
      for (int col = 0; col < w.cols(); col++) {
        for (int c = 0; c < w.channels(); c++) {
          float sum = 0;
          for (int y = w.top(row); y < w.bottom(row); y++) {
            for (int x = w.left(col); x < w.right(col); x++) {
              sum += images.get(imageAt + element(w, row, col, y, x) + c);
            }
          }
          pooled.set(at++, sum / inside(w, row, col));
        }
      }
    }
  }

  @Override
  public void averagePoolBack(
      Windows w, Floats dImages, long imageAt, Floats dPooled, long pooledAt) {
    NetShapes.checkPooling(w, dImages, imageAt, dPooled, pooledAt);
    clear(w, dImages, imageAt);
    long at = pooledAt;
    for (int row = 0; row < w.rows(); row++) {
      for (int col = 0; col < w.cols(); col++) {
        for (int c = 0; c < w.channels(); c++) {
          float share = dPooled.get(at++) / inside(w, row, col);
          for (int y = w.top(row); y < w.bottom(row); y++) {
            for (int x = w.left(col); x < w.right(col); x++) {
              long i = imageAt + element(w, row, col, y, x) + c;
              dImages.set(i, dImages.get(i) + share);
            }
          }
        }
      }
    }
  }

  private static float largest(Windows w, Floats images, long at, int row, int col) {
    float largest = Float.NEGATIVE_INFINITY;
    for (int y = w.top(row); y < w.bottom(row); y++) {
      for (int x = w.left(col); x < w.right(col); x++) {
        largest = Math.max(largest, images.get(at + element(w, row, col, y, x)));
      }
    }
    return largest;
  }

  private static long first(Windows w, Floats images, long at, int row, int col) {
    float largest = largest(w, images, at, row, col);
    for (int y = w.top(row); y < w.bottom(row); y++) {
      for (int x = w.left(col); x < w.right(col); x++) {
        long i = at + element(w, row, col, y, x);
        if (images.get(i) == largest) {
          return i;
        }
      }
    }
    return -1; // what is not a number equals nothing
  }

  private static float inside(Windows w, int row, int col) {
    float rows = (float) (w.bottom(row) - w.top(row));
    return rows * (float) (w.right(col) - w.left(col));
  }

  /// Element of an image at which a pixel of a window begins.
  private static long element(Windows w, int row, int col, int y, int x) {
    int imageRow = row * w.stride() - w.padding() + y;
    int imageCol = col * w.stride() - w.padding() + x;
    return (long) (imageRow * w.width() + imageCol) * w.channels();
  }

  private static void clear(Windows w, Floats images, long at) {
    for (long i = at; i < at + w.imageFloats(); i++) {
      images.set(i, 0);
    }
  }
}
