package org.strait.engine.net;

import org.strait.kernels.Backend;
import org.strait.kernels.DenseOps;
import org.strait.kernels.Matrix;
import org.strait.kernels.NetOps;
import org.strait.kernels.PartTask;
import org.strait.kernels.Windows;
import org.strait.memory.Floats;

/// A convolution at work: what the windows of a few images see is written as rows of a matrix, and
/// one product of matrices does the rest (im2col; Chellapilla, Puri & Simard 2006). A pack of
/// images is as large as fits a core's cache, so that the patches, which are 25 times the image for
/// windows of 5x5, never travel to memory: written again for the derivatives they cost less than
/// read from there. Parts of the batch are shared out; each has its own sum of the weights'
/// derivatives, and these are added in the order of the parts.
final class ConvStage implements Stage {
  /// Floats of the patches of a pack: half a megabyte.
  private static final long PACK_FLOATS = 1 << 18;

  /// Floats of all parts' sums together.
  private static final long SUMS_FLOATS = 1 << 22;

  private static final int MOST_PARTS = 16;
  private static final int LEAST_IMAGES = 4;

  private final Place place;
  private final Backend backend;
  private final Windows windows;
  private final boolean rectify;
  private final int pack;
  private final int parts;
  private final Matrix weights;
  private final Floats bias;
  private final Floats gradients;
  private final Floats output;
  private final Floats outputGradient;
  private final Matrix[][] patches;
  private final Matrix[] outputs;
  private final Matrix[] outputGradients;
  private final int[] packStart;
  private final int[] partPack;
  private final Floats[] sums;
  private final Matrix[] weightSums;
  private final Floats[] biasSums;
  private final PartTask forwardPart = this::forwardPart;
  private final PartTask backwardPart = this::backwardPart;

  static int pack(Windows w) {
    return (int) Math.max(1, PACK_FLOATS / ((long) w.count() * w.patchFloats()));
  }

  static int parts(Conv2d layer, Windows w, int rows) {
    long sums = SUMS_FLOATS / ((long) w.patchFloats() * layer.filters());
    return Math.clamp(Math.min(rows / LEAST_IMAGES, Math.max(2, sums)), 1, MOST_PARTS);
  }

  static long floats(Conv2d layer, Windows w, int rows, int workers) {
    long out = Place.Room.padded((long) rows * w.count() * layer.filters());
    long sum = Place.Room.padded(((long) w.patchFloats() + 1) * layer.filters());
    long patches = Place.Room.padded((long) pack(w) * w.count() * w.patchFloats());
    return 2 * out + parts(layer, w, rows) * sum + workers * patches;
  }

  ConvStage(Conv2d layer, Place place) {
    this.place = place;
    backend = place.backend();
    rectify = layer.rectify();
    windows = layer.windows(place.shape());
    int filters = layer.filters();
    int patch = windows.patchFloats();
    long cells = (long) patch * filters;
    weights = Matrix.of(place.parameters().slice(0, cells), patch, filters);
    bias = place.parameters().slice(cells, filters);
    gradients = place.gradients();
    long outFloats = (long) place.rows() * windows.count() * filters;
    output = place.take(outFloats);
    outputGradient = place.take(outFloats);
    pack = pack(windows);
    parts = parts(layer, windows, place.rows());
    patches = new Matrix[backend.threads()][pack + 1];
    for (Matrix[] ofWorker : patches) {
      Floats scratch = place.take((long) pack * windows.count() * patch);
      for (int images = 1; images <= pack; images++) {
        ofWorker[images] =
            Matrix.of(
                scratch.slice(0, (long) images * windows.count() * patch),
                images * windows.count(),
                patch);
      }
    }
    sums = new Floats[parts];
    weightSums = new Matrix[parts];
    biasSums = new Floats[parts];
    partPack = new int[parts + 1];
    for (int part = 0; part < parts; part++) {
      sums[part] = place.take(cells + filters);
      weightSums[part] = Matrix.of(sums[part].slice(0, cells), patch, filters);
      biasSums[part] = sums[part].slice(cells, filters);
      int images = place.border(parts, part + 1) - place.border(parts, part);
      partPack[part + 1] = partPack[part] + Math.ceilDiv(images, pack);
    }
    int packs = partPack[parts];
    packStart = new int[packs + 1];
    packStart[packs] = place.rows();
    outputs = new Matrix[packs];
    outputGradients = new Matrix[packs];
    for (int part = 0; part < parts; part++) {
      int end = place.border(parts, part + 1);
      for (int p = partPack[part]; p < partPack[part + 1]; p++) {
        packStart[p] = place.border(parts, part) + (p - partPack[part]) * pack;
        int pixels = (Math.min(end, packStart[p] + pack) - packStart[p]) * windows.count();
        long at = (long) packStart[p] * windows.count() * filters;
        long count = (long) pixels * filters;
        outputs[p] = Matrix.of(output.slice(at, count), pixels, filters);
        outputGradients[p] = Matrix.of(outputGradient.slice(at, count), pixels, filters);
      }
    }
  }

  @Override
  public Floats output() {
    return output;
  }

  @Override
  public Floats outputGradient() {
    return outputGradient;
  }

  @Override
  public void forward(Step step) {
    backend.run(parts, forwardPart);
  }

  private void forwardPart(int part, int worker) {
    DenseOps dense = backend.each().dense();
    NetOps net = backend.each().net();
    for (int p = partPack[part]; p < partPack[part + 1]; p++) {
      Matrix out = outputs[p];
      dense.gemm(false, false, 1, patches(p, worker, net), weights, 0, out);
      net.addBias(out, bias, rectify, 0, out.rows());
    }
  }

  /// What the windows of a pack's images see.
  private Matrix patches(int p, int worker, NetOps net) {
    int images = packStart[p + 1] - packStart[p];
    Matrix rows = patches[worker][images];
    long ofImage = (long) windows.count() * windows.patchFloats();
    for (int i = 0; i < images; i++) {
      long imageAt = (long) (packStart[p] + i) * windows.imageFloats();
      net.patches(windows, place.input(), imageAt, rows.values(), i * ofImage);
    }
    return rows;
  }

  @Override
  public void backward(Step step) {
    backend.run(parts, backwardPart);
    DenseOps dense = backend.dense();
    if (!step.accumulates()) {
      dense.sumInto(sums, 0, gradients, 0, gradients.length());
      return;
    }
    for (Floats sum : sums) {
      dense.axpy(1, sum, gradients);
    }
  }

  private void backwardPart(int part, int worker) {
    DenseOps dense = backend.each().dense();
    NetOps net = backend.each().net();
    biasSums[part].fill(0);
    for (int p = partPack[part]; p < partPack[part + 1]; p++) {
      Matrix dy = outputGradients[p];
      net.maskAndSum(rectify ? outputs[p] : null, dy, biasSums[part], 0, dy.rows());
      Matrix rows = patches(p, worker, net);
      float beta = p == partPack[part] ? 0 : 1;
      dense.gemm(true, false, 1, rows, dy, beta, weightSums[part]);
      if (place.inputGradient() != null) {
        dense.gemm(false, true, 1, dy, weights, 0, rows);
        addPatches(p, rows, net);
      }
    }
  }

  private void addPatches(int p, Matrix rows, NetOps net) {
    long ofImage = (long) windows.count() * windows.patchFloats();
    for (int i = 0; i < packStart[p + 1] - packStart[p]; i++) {
      long imageAt = (long) (packStart[p] + i) * windows.imageFloats();
      net.addPatches(windows, rows.values(), i * ofImage, place.inputGradient(), imageAt);
    }
  }
}
