package org.strait.kernels.simd;

import static jdk.incubator.vector.FloatVector.fromMemorySegment;
import static org.strait.kernels.simd.AddressSpace.ALL;
import static org.strait.kernels.simd.AddressSpace.BASE;
import static org.strait.kernels.simd.AddressSpace.REACH;
import static org.strait.kernels.simd.Lanes.FLOATS;
import static org.strait.kernels.simd.Lanes.ORDER;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorOperators;
import org.strait.kernels.Lengths;
import org.strait.kernels.Matrix;
import org.strait.kernels.NetOps;
import org.strait.kernels.NetShapes;
import org.strait.kernels.Windows;
import org.strait.memory.Floats;

/// Layers, a vector of neighbouring channels at a time. Same operations in the same order for each
/// element as the plain loops, so the same bits.
final class SimdNetOps implements NetOps {
  private final NetOps plain;

  /// @param plain for images whose channels are no whole vectors
  SimdNetOps(NetOps plain) {
    this.plain = plain;
  }

  @Override
  public void addBias(Matrix y, Floats bias, boolean rectify, int from, int to) {
    NetShapes.checkBias(y, bias, from, to);
    long first = AddressSpace.of(y.values());
    long biasAt = AddressSpace.of(bias) & BASE;
    int bytes = y.cols() * (int) Floats.BYTES;
    int whole = bytes & -Lanes.BYTES;
    for (int r = from; r < to; r++) {
      long row = (first + (long) r * y.stride() * Floats.BYTES) & BASE;
      for (int i = 0; i < whole; i += Lanes.BYTES) {
        FloatVector sum = load(row + i).add(load(biasAt + i));
        (rectify ? sum.max(0) : sum).intoMemorySegment(ALL, (row + i) & REACH, ORDER);
      }
      for (int i = whole; i < bytes; i += (int) Floats.BYTES) {
        float sum = AddressSpace.get(row + i) + AddressSpace.get(biasAt + i);
        AddressSpace.set(row + i, rectify ? Math.max(0, sum) : sum);
      }
    }
  }

  @Override
  public void maskAndSum(Matrix y, Matrix dy, Floats sums, int from, int to) {
    NetShapes.checkMask(y, dy, sums, from, to);
    long dyAt = AddressSpace.of(dy.values());
    long yAt = y == null ? 0 : AddressSpace.of(y.values());
    long sumsAt = AddressSpace.of(sums);
    long bytes = dy.cols() * Floats.BYTES;
    long dyStride = dy.stride() * Floats.BYTES;
    long yStride = y == null ? 0 : y.stride() * Floats.BYTES;
    long i = 0;
    for (; i + 2L * Lanes.BYTES <= bytes; i += 2L * Lanes.BYTES) {
      long dyFrom = dyAt + from * dyStride + i;
      long yFrom = yAt + from * yStride + i;
      if (y == null) {
        sumPair(dyFrom, dyStride, sumsAt + i, to - from);
      } else {
        maskPair(yFrom, yStride, dyFrom, dyStride, sumsAt + i, to - from);
      }
    }
    for (; i < bytes; i += Floats.BYTES) {
      float sum = AddressSpace.get(sumsAt + i);
      for (int r = from; r < to; r++) {
        long at = dyAt + r * dyStride + i;
        if (y != null && !(AddressSpace.get(yAt + r * yStride + i) > 0)) {
          AddressSpace.set(at, 0);
        }
        sum += AddressSpace.get(at);
      }
      AddressSpace.set(sumsAt + i, sum);
    }
  }

  private static void sumPair(long dyFrom, long stride, long sumsFrom, int rows) {
    long dy = dyFrom & BASE;
    long sums = sumsFrom & BASE;
    FloatVector left = load(sums);
    FloatVector right = load(sums + Lanes.BYTES);
    for (int r = 0; r < rows; r++) {
      left = left.add(load(dy + r * stride));
      right = right.add(load(dy + r * stride + Lanes.BYTES));
    }
    left.intoMemorySegment(ALL, sums & REACH, ORDER);
    right.intoMemorySegment(ALL, (sums + Lanes.BYTES) & REACH, ORDER);
  }

  private static void maskPair(
      long yFrom, long yStride, long dyFrom, long dyStride, long sumsFrom, int rows) {
    long y = yFrom & BASE;
    long dy = dyFrom & BASE;
    long sums = sumsFrom & BASE;
    FloatVector zero = FloatVector.zero(FLOATS);
    FloatVector left = load(sums);
    FloatVector right = load(sums + Lanes.BYTES);
    for (int r = 0; r < rows; r++) {
      long yRow = y + r * yStride;
      long dyRow = dy + r * dyStride;
      FloatVector a = zero.blend(load(dyRow), load(yRow).compare(VectorOperators.GT, 0));
      FloatVector b =
          zero.blend(
              load(dyRow + Lanes.BYTES), load(yRow + Lanes.BYTES).compare(VectorOperators.GT, 0));
      a.intoMemorySegment(ALL, dyRow & REACH, ORDER);
      b.intoMemorySegment(ALL, (dyRow + Lanes.BYTES) & REACH, ORDER);
      left = left.add(a);
      right = right.add(b);
    }
    left.intoMemorySegment(ALL, sums & REACH, ORDER);
    right.intoMemorySegment(ALL, (sums + Lanes.BYTES) & REACH, ORDER);
  }

  @Override
  public void relu(Floats x, long from, long to) {
    Lengths.checkPart("x", x.length(), from, to);
    long at = (AddressSpace.of(x) + from * Floats.BYTES) & BASE;
    long bytes = (to - from) * Floats.BYTES;
    long whole = Lanes.whole(bytes, Lanes.BYTES);
    for (long i = 0; i < whole; i += Lanes.BYTES) {
      load(at + i).max(0).intoMemorySegment(ALL, (at + i) & REACH, ORDER);
    }
    for (long i = whole; i < bytes; i += Floats.BYTES) {
      AddressSpace.set(at + i, Math.max(0, AddressSpace.get(at + i)));
    }
  }

  @Override
  public void mask(Floats y, Floats dy, long from, long to) {
    Lengths.checkPart("y", y.length(), from, to);
    Lengths.checkPart("dy", dy.length(), from, to);
    long yAt = (AddressSpace.of(y) + from * Floats.BYTES) & BASE;
    long at = (AddressSpace.of(dy) + from * Floats.BYTES) & BASE;
    long bytes = (to - from) * Floats.BYTES;
    long whole = Lanes.whole(bytes, Lanes.BYTES);
    FloatVector zero = FloatVector.zero(FLOATS);
    for (long i = 0; i < whole; i += Lanes.BYTES) {
      zero.blend(load(at + i), load(yAt + i).compare(VectorOperators.GT, 0))
          .intoMemorySegment(ALL, (at + i) & REACH, ORDER);
    }
    for (long i = whole; i < bytes; i += Floats.BYTES) {
      if (!(AddressSpace.get(yAt + i) > 0)) {
        AddressSpace.set(at + i, 0);
      }
    }
  }

  @Override
  public void patches(Windows w, Floats images, long imageAt, Floats patches, long patchesAt) {
    NetShapes.checkPatches(w, images, imageAt, patches, patchesAt);
    SimdWindows.patches(w, address(images, imageAt), address(patches, patchesAt));
  }

  @Override
  public void addPatches(Windows w, Floats patches, long patchesAt, Floats images, long imageAt) {
    NetShapes.checkPatches(w, images, imageAt, patches, patchesAt);
    SimdWindows.addPatches(w, address(patches, patchesAt), address(images, imageAt));
  }

  @Override
  public void maxPool(Windows w, Floats images, long imageAt, Floats pooled, long pooledAt) {
    if (w.channels() % Lanes.COUNT != 0) {
      plain.maxPool(w, images, imageAt, pooled, pooledAt);
      return;
    }
    NetShapes.checkPooling(w, images, imageAt, pooled, pooledAt);
    SimdWindows.maxPool(w, address(images, imageAt), address(pooled, pooledAt));
  }

  @Override
  public void maxPoolBack(
      Windows w, Floats images, Floats dImages, long imageAt, Floats dPooled, long pooledAt) {
    if (w.channels() % Lanes.COUNT != 0) {
      plain.maxPoolBack(w, images, dImages, imageAt, dPooled, pooledAt);
      return;
    }
    NetShapes.checkPooling(w, images, imageAt, dPooled, pooledAt);
    NetShapes.checkPooling(w, dImages, imageAt, dPooled, pooledAt);
    SimdWindows.maxPoolBack(
        w, address(images, imageAt), address(dImages, imageAt), address(dPooled, pooledAt));
  }

  @Override
  public void averagePool(Windows w, Floats images, long imageAt, Floats pooled, long pooledAt) {
    if (w.channels() % Lanes.COUNT != 0) {
      plain.averagePool(w, images, imageAt, pooled, pooledAt);
      return;
    }
    NetShapes.checkPooling(w, images, imageAt, pooled, pooledAt);
    SimdWindows.averagePool(w, address(images, imageAt), address(pooled, pooledAt));
  }

  @Override
  public void averagePoolBack(
      Windows w, Floats dImages, long imageAt, Floats dPooled, long pooledAt) {
    if (w.channels() % Lanes.COUNT != 0) {
      plain.averagePoolBack(w, dImages, imageAt, dPooled, pooledAt);
      return;
    }
    NetShapes.checkPooling(w, dImages, imageAt, dPooled, pooledAt);
    SimdWindows.averagePoolBack(w, address(dImages, imageAt), address(dPooled, pooledAt));
  }

  private static FloatVector load(long address) {
    return fromMemorySegment(FLOATS, ALL, address & REACH, ORDER);
  }

  private static long address(Floats run, long at) {
    return (AddressSpace.of(run) + at * Floats.BYTES) & BASE;
  }
}
