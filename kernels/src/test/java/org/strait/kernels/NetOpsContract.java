package org.strait.kernels;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.strait.kernels.scalar.ScalarBackend;
import org.strait.memory.Floats;

/// What every backend's layers must do: the sums that are written down, and the bits of the plain
/// loops.
public abstract class NetOpsContract {
  protected abstract Backend backend();

  private final NetOps plain = new ScalarBackend().net();

  static Stream<Windows> windows() {
    return Stream.of(
        new Windows(1, 1, 1, 1, 1, 1, 0),
        new Windows(7, 5, 3, 3, 2, 1, 1),
        new Windows(8, 8, 16, 2, 2, 2, 0),
        new Windows(9, 7, 32, 3, 3, 2, 1),
        new Windows(6, 6, 64, 5, 5, 1, 2),
        new Windows(6, 6, 1, 5, 5, 1, 2),
        new Windows(5, 9, 17, 2, 3, 3, 0));
  }

  private static float value(Floats run, Windows w, int y, int x, int c) {
    boolean inside = y >= 0 && y < w.height() && x >= 0 && x < w.width();
    return inside ? run.get((long) (y * w.width() + x) * w.channels() + c) : 0;
  }

  @ParameterizedTest
  @MethodSource("windows")
  void patchesAreWhatWindowsSee(Windows w) {
    try (Operands operands = new Operands(1)) {
      Floats image = operands.floats(w.imageFloats());
      Floats patches = operands.floats((long) w.count() * w.patchFloats());
      backend().net().patches(w, image, 0, patches, 0);
      int at = 0;
      for (int row = 0; row < w.rows(); row++) {
        for (int col = 0; col < w.cols(); col++) {
          for (int y = 0; y < w.windowHeight(); y++) {
            for (int x = 0; x < w.windowWidth(); x++) {
              for (int c = 0; c < w.channels(); c++) {
                int imageY = row * w.stride() - w.padding() + y;
                int imageX = col * w.stride() - w.padding() + x;
                assertEquals(value(image, w, imageY, imageX, c), patches.get(at++));
              }
            }
          }
        }
      }
    }
  }

  /// ⟨patches(a), b⟩ = ⟨a, addPatches(b)⟩, and the same of means.
  @ParameterizedTest
  @MethodSource("windows")
  void theWayBackIsTheTransposed(Windows w) {
    try (Operands operands = new Operands(2)) {
      NetOps ops = backend().net();
      Floats image = operands.floats(w.imageFloats());
      Floats patches = operands.floats((long) w.count() * w.patchFloats());
      Floats there = operands.floats(patches.length());
      Floats back = operands.floats(image.length());
      ops.patches(w, image, 0, there, 0);
      ops.addPatches(w, patches, 0, back, 0);
      assertEquals(dot(there, patches), dot(image, back), 1e-3);
      Floats pooled = operands.floats(w.pooledFloats());
      Floats means = operands.floats(w.pooledFloats());
      ops.averagePool(w, image, 0, means, 0);
      ops.averagePoolBack(w, back, 0, pooled, 0);
      assertEquals(dot(means, pooled), dot(image, back), 1e-3);
    }
  }

  private static double dot(Floats x, Floats y) {
    double sum = 0;
    for (long i = 0; i < x.length(); i++) {
      sum += (double) x.get(i) * y.get(i);
    }
    return sum;
  }

  @ParameterizedTest
  @MethodSource("windows")
  void theLargestTakesTheGradient(Windows w) {
    try (Operands operands = new Operands(3)) {
      NetOps ops = backend().net();
      Floats image = operands.floats(w.imageFloats());
      Floats pooled = operands.zeros(w.pooledFloats());
      ops.maxPool(w, image, 0, pooled, 0);
      double[] expected = new double[w.imageFloats()];
      Floats gradient = operands.floats(w.pooledFloats());
      for (int row = 0; row < w.rows(); row++) {
        for (int col = 0; col < w.cols(); col++) {
          for (int c = 0; c < w.channels(); c++) {
            int best = -1;
            for (int y = w.top(row); y < w.bottom(row); y++) {
              for (int x = w.left(col); x < w.right(col); x++) {
                int imageY = row * w.stride() - w.padding() + y;
                int imageX = col * w.stride() - w.padding() + x;
                int at = (imageY * w.width() + imageX) * w.channels() + c;
                best = best < 0 || image.get(at) > image.get(best) ? at : best;
              }
            }
            int at = (row * w.cols() + col) * w.channels() + c;
            assertEquals(image.get(best), pooled.get(at));
            expected[best] += gradient.get(at);
          }
        }
      }
      Floats back = operands.floats(image.length());
      ops.maxPoolBack(w, image, back, 0, gradient, 0);
      for (int i = 0; i < expected.length; i++) {
        assertEquals(expected[i], back.get(i), 1e-5);
      }
    }
  }

  @ParameterizedTest
  @MethodSource("windows")
  void windowsHaveTheBitsOfPlainLoops(Windows w) {
    float[][] runs = new float[2][];
    for (NetOps ops : List.of(plain, backend().net())) {
      try (Operands operands = new Operands(4)) {
        // In the middle of runs, with ties and with what is not a number.
        Floats images = operands.floats(3L * w.imageFloats());
        images.set(w.imageFloats(), Float.NaN);
        for (long i = w.imageFloats() + 1L; i < 2L * w.imageFloats(); i += 3) {
          images.set(i, 1);
        }
        Floats back = operands.floats(images.length());
        Floats pooled = operands.floats(3L * w.pooledFloats());
        Floats patches = operands.floats((long) w.count() * w.patchFloats() + 7);
        long at = w.imageFloats();
        ops.maxPoolBack(w, images, back, at, pooled, w.pooledFloats());
        float[] first = back.toArray();
        ops.averagePoolBack(w, back, at, pooled, 0);
        float[] second = back.toArray();
        ops.addPatches(w, patches, 7, back, at);
        ops.patches(w, images, at, patches, 3);
        ops.maxPool(w, images, at, pooled, 0);
        ops.averagePool(w, images, at, pooled, w.pooledFloats());
        float[] all =
            Stream.of(first, second, back.toArray(), patches.toArray(), pooled.toArray())
                .reduce(new float[0], NetOpsContract::joined);
        runs[ops == plain ? 0 : 1] = all;
      }
    }
    if (runs[1] != null) {
      assertArrayEquals(runs[0], runs[1]);
    }
  }

  private static float[] joined(float[] a, float[] b) {
    float[] both = Arrays.copyOf(a, a.length + b.length);
    System.arraycopy(b, 0, both, a.length, b.length);
    return both;
  }

  @ParameterizedTest
  @MethodSource("org.strait.kernels.Sizes#around")
  void biasesMasksAndSumsHaveTheBitsOfPlainLoops(int cols) {
    int rows = 5;
    for (boolean flag : new boolean[] {false, true}) {
      float[][] runs = new float[2][];
      for (NetOps ops : List.of(plain, backend().net())) {
        try (Operands operands = new Operands(cols)) {
          Matrix y = new Matrix(operands.floats((long) rows * (cols + 2)), rows, cols, cols + 2);
          Matrix dy = Matrix.of(operands.floats((long) rows * cols), rows, cols);
          Floats bias = operands.floats(cols);
          Floats sums = operands.floats(cols);
          ops.addBias(y, bias, flag, 1, rows);
          ops.maskAndSum(flag ? y : null, dy, sums, 1, rows);
          ops.mask(y.values(), dy.values(), 0, dy.values().length() - cols);
          ops.relu(y.values(), cols, y.values().length());
          float[] all =
              Stream.of(y.values().toArray(), dy.values().toArray(), sums.toArray())
                  .reduce(new float[0], NetOpsContract::joined);
          runs[ops == plain ? 0 : 1] = all;
        }
      }
      assertArrayEquals(runs[0], runs[1]);
    }
  }

  @Test
  void plainSums() {
    try (Operands operands = new Operands(5)) {
      NetOps ops = backend().net();
      Matrix y = Matrix.of(operands.of(1, -5, 2, 3), 2, 2);
      ops.addBias(y, operands.of(1, 2), true, 0, 2);
      assertArrayEquals(new float[] {2, 0, 3, 5}, y.values().toArray());
      Matrix dy = Matrix.of(operands.of(1, 10, 100, 1000), 2, 2);
      Floats sums = operands.of(0.5f, 0);
      ops.maskAndSum(y, dy, sums, 0, 2);
      assertArrayEquals(new float[] {101.5f, 1000}, sums.toArray());
      assertArrayEquals(new float[] {1, 0, 100, 1000}, dy.values().toArray());
    }
  }

  @Test
  void wrongShapesAreRefused() {
    try (Operands operands = new Operands(6)) {
      NetOps ops = backend().net();
      Windows w = new Windows(4, 4, 16, 2, 2, 2, 0);
      Floats image = operands.floats(w.imageFloats());
      Floats small = operands.floats(w.pooledFloats() - 1);
      Class<IllegalArgumentException> refused = IllegalArgumentException.class;
      assertThrows(refused, () -> ops.maxPool(w, image, 0, small, 0));
      assertThrows(refused, () -> ops.maxPool(w, image, 1, image, 0));
      assertThrows(refused, () -> ops.patches(w, image, 0, small, 0));
      assertThrows(refused, () -> ops.relu(small, 0, image.length()));
      assertThrows(refused, () -> new Windows(4, 4, 1, 5, 5, 1, 0));
      assertThrows(refused, () -> new Windows(4, 4, 1, 2, 2, 1, 2));
    }
  }
}
