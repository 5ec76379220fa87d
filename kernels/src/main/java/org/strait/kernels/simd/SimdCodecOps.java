package org.strait.kernels.simd;

import static jdk.incubator.vector.FloatVector.fromMemorySegment;
import static org.strait.kernels.simd.Lanes.FLOATS;
import static org.strait.kernels.simd.Lanes.INTS;
import static org.strait.kernels.simd.Lanes.ORDER;
import static org.strait.kernels.simd.Lanes.QUARTER_BYTES;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import jdk.incubator.vector.ByteVector;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorOperators;
import org.strait.kernels.CodecOps;
import org.strait.kernels.Lengths;
import org.strait.memory.Bytes;
import org.strait.memory.Floats;
import org.strait.memory.Ints;

/// Selection and quantisation, a vector at a time; the same bits as the plain loops.
final class SimdCodecOps implements CodecOps {
  private static final int MAGNITUDE_MASK = 0x7fffffff;

  /// Adding 1.5·2^23 to a float32 below 2^22 rounds it half to even to an integer, which then
  /// stands in the low bits.
  private static final float ROUNDER = 0x1.8p23f;

  private static final int ROUNDER_BITS = Float.floatToRawIntBits(ROUNDER);

  private static final long TWO_VECTORS = 2L * Lanes.BYTES;

  private final CodecOps plain;
  private final SimdSelection selection = new SimdSelection();

  SimdCodecOps(CodecOps plain) {
    this.plain = plain;
  }

  @Override
  public float maxAbs(Floats x) {
    return maxAbs(x.segment(), 0, x.length() * Floats.BYTES);
  }

  /// Magnitudes order like their bits read as integers, and NaN is above infinity there.
  private static float maxAbs(MemorySegment x, long from, long to) {
    IntVector max0 = IntVector.zero(INTS);
    IntVector max1 = max0;
    long i = from;
    for (; i + TWO_VECTORS <= to; i += TWO_VECTORS) {
      max0 = max0.max(IntVector.fromMemorySegment(INTS, x, i, ORDER).and(MAGNITUDE_MASK));
      max1 =
          max1.max(
              IntVector.fromMemorySegment(INTS, x, i + Lanes.BYTES, ORDER).and(MAGNITUDE_MASK));
    }
    int max = max0.max(max1).reduceLanes(VectorOperators.MAX);
    for (; i < to; i += Floats.BYTES) {
      max = Math.max(max, x.get(ValueLayout.JAVA_INT, i) & MAGNITUDE_MASK);
    }
    return Float.intBitsToFloat(max);
  }

  @Override
  public long countAtLeast(Floats x, float threshold) {
    return selection.countAtLeast(x, threshold);
  }

  @Override
  public float kthMagnitude(Floats x, long k, Ints scratch) {
    Lengths.checkSelection(x.length(), k);
    Lengths.checkAtLeast("scratch", scratch.length(), SELECT_SCRATCH);
    return selection.kthMagnitude(x, k, scratch);
  }

  @Override
  public void select(Floats x, float threshold, long k, Ints indices, Floats values) {
    Lengths.checkSelection(x.length(), k);
    Lengths.checkAtLeast("indices", indices.length(), k);
    Lengths.checkAtLeast("values", values.length(), k);
    if (selection.countAtLeast(x, threshold) == k) {
      selection.compress(x, threshold, k, indices, values);
    } else {
      // More elements tie at the threshold than are wanted: the plain loop knows which to take.
      plain.select(x, threshold, k, indices, values);
    }
  }

  @Override
  public void quantize8(Floats x, long count, int block, Bytes codes, Floats scales) {
    if (Lanes.BITS < 256) {
      plain.quantize8(x, count, block, codes, scales);
      return;
    }
    Lengths.checkBlocks(x.length(), count, block, codes.length(), scales.length());
    MemorySegment xs = x.segment();
    MemorySegment cs = codes.segment();
    long blocks = Math.ceilDiv(count, block);
    for (long b = 0; b < blocks; b++) {
      long from = b * block;
      long to = Math.min(count, from + block);
      float scale = scaleOf(maxAbs(xs, from * Floats.BYTES, to * Floats.BYTES));
      scales.set(b, scale);
      if (scale > 0) {
        divide(xs, from, to, scale, cs);
      } else {
        for (long i = from; i < to; i++) {
          codes.set(i, (byte) 0);
        }
      }
    }
  }

  /// max/127; 0 for a block too small to have a normal scale, NaN for one that is not finite.
  private static float scaleOf(float max) {
    if (!Float.isFinite(max)) {
      return Float.NaN;
    }
    float scale = max / 127;
    return scale < Float.MIN_NORMAL ? 0 : scale;
  }

  private static void divide(
      MemorySegment x, long from, long to, float scale, MemorySegment codes) {
    long i = from;
    for (; i + Lanes.COUNT <= to; i += Lanes.COUNT) {
      FloatVector shifted =
          fromMemorySegment(FLOATS, x, i * Floats.BYTES, ORDER).div(scale).add(ROUNDER);
      IntVector code = shifted.reinterpretAsInts().sub(ROUNDER_BITS);
      code.castShape(QUARTER_BYTES, 0).intoMemorySegment(codes, i, ORDER);
    }
    for (; i < to; i++) {
      byte code = (byte) Math.rint(Lanes.get(x, i * Floats.BYTES) / scale);
      codes.set(ValueLayout.JAVA_BYTE, i, code);
    }
  }

  @Override
  public void dequantize8(Bytes codes, long count, int block, Floats scales, Floats values) {
    if (Lanes.BITS < 256) {
      plain.dequantize8(codes, count, block, scales, values);
      return;
    }
    Lengths.checkBlocks(values.length(), count, block, codes.length(), scales.length());
    MemorySegment cs = codes.segment();
    MemorySegment vs = values.segment();
    long blocks = Math.ceilDiv(count, block);
    for (long b = 0; b < blocks; b++) {
      long to = Math.min(count, (b + 1) * block);
      float scale = scales.get(b);
      FloatVector factor = FloatVector.broadcast(FLOATS, scale);
      long i = b * block;
      for (; i + Lanes.COUNT <= to; i += Lanes.COUNT) {
        ByteVector.fromMemorySegment(QUARTER_BYTES, cs, i, ORDER)
            .castShape(FLOATS, 0)
            .mul(factor)
            .intoMemorySegment(vs, i * Floats.BYTES, ORDER);
      }
      for (; i < to; i++) {
        Lanes.set(vs, i * Floats.BYTES, cs.get(ValueLayout.JAVA_BYTE, i) * scale);
      }
    }
  }

  @Override
  public void scatterAdd(long count, Ints indices, float weight, Floats values, Floats sum) {
    plain.scatterAdd(count, indices, weight, values, sum);
  }
}
