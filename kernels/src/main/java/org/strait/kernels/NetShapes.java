package org.strait.kernels;

import org.strait.memory.Floats;

/// Checks of the operands of {@link NetOps}.
public final class NetShapes {
  private NetShapes() {}

  /// For {@link NetOps#addBias}.
  public static void checkBias(Matrix y, Floats bias, int from, int to) {
    Lengths.checkPart("rows", y.rows(), from, to);
    Lengths.check("bias", bias.length(), y.cols());
  }

  /// For {@link NetOps#maskAndSum}.
  public static void checkMask(Matrix y, Matrix dy, Floats sums, int from, int to) {
    Lengths.checkPart("rows", dy.rows(), from, to);
    Lengths.check("sums", sums.length(), dy.cols());
    if (y != null) {
      Lengths.check("rows of y", y.rows(), dy.rows());
      Lengths.check("columns of y", y.cols(), dy.cols());
    }
  }

  /// For an image and its patches.
  public static void checkPatches(
      Windows w, Floats images, long imageAt, Floats patches, long patchesAt) {
    Lengths.checkPart("image", images.length(), imageAt, imageAt + w.imageFloats());
    long floats = (long) w.count() * w.patchFloats();
    Lengths.checkPart("patches", patches.length(), patchesAt, patchesAt + floats);
  }

  /// For an image and what is pooled of it.
  public static void checkPooling(
      Windows w, Floats images, long imageAt, Floats pooled, long pooledAt) {
    Lengths.checkPart("image", images.length(), imageAt, imageAt + w.imageFloats());
    Lengths.checkPart("pooled", pooled.length(), pooledAt, pooledAt + w.pooledFloats());
  }
}
