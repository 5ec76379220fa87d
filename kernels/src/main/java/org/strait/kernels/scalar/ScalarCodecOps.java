package org.strait.kernels.scalar;

import org.strait.kernels.CodecOps;
import org.strait.kernels.Half;
import org.strait.kernels.Lengths;
import org.strait.memory.Bytes;
import org.strait.memory.Floats;
import org.strait.memory.Ints;

/// Selection, quantisation and halves, element after element.
final class ScalarCodecOps implements CodecOps {
  private final ScalarSelection selection = new ScalarSelection();
  private final ScalarBlockCodes blocks = new ScalarBlockCodes();
  private final ScalarHalves halves = new ScalarHalves();
  private final ScalarDenseOps dense = new ScalarDenseOps();

  @Override
  public float maxAbs(Floats x, long from, long to) {
    return selection.maxAbs(x, from, to);
  }

  @Override
  public long countAtLeast(Floats x, float threshold, long from, long to) {
    return selection.countAtLeast(x, threshold, from, to);
  }

  @Override
  public float kthMagnitude(Floats x, long k, Ints scratch) {
    return selection.kthMagnitude(x, k, scratch);
  }

  @Override
  public long keepBetween(
      Floats x, int low, int high, long from, long to, Ints kept, long at, long room) {
    return selection.keepBetween(x, low, high, from, to, kept, at, room);
  }

  @Override
  public void select(Floats x, float threshold, long k, Ints indices, Floats values) {
    selection.select(x, threshold, k, indices, values);
  }

  @Override
  public long keep(
      Floats x,
      float threshold,
      long ties,
      long from,
      long to,
      Ints indices,
      Floats values,
      long at,
      long room) {
    return selection.keep(x, threshold, ties, from, to, indices, values, at, room);
  }

  @Override
  public void quantize(
      int bits, Floats x, int block, Bytes codes, Floats scales, long from, long to) {
    blocks.quantize(bits, x, block, codes, scales, from, to);
  }

  @Override
  public void dequantize(
      int bits, Bytes codes, int block, Floats scales, Floats values, long from, long to) {
    blocks.dequantize(bits, codes, block, scales, values, from, to);
  }

  @Override
  public void addDequantized(
      int bits,
      float weight,
      Bytes codes,
      int block,
      Floats scales,
      Floats sum,
      long from,
      long to) {
    blocks.addDequantized(bits, weight, codes, block, scales, sum, from, to);
  }

  @Override
  public void quantizeToBytes(
      int bits, Floats x, int block, Bytes codes, Floats scales, long from, long to) {
    blocks.quantizeToBytes(bits, x, block, codes, scales, from, to);
  }

  @Override
  public void quantizeSteps(Floats x, float step, float rounding, Bytes codes, long from, long to) {
    blocks.quantizeSteps(x, step, rounding, codes, from, to);
  }

  @Override
  public void addScaled(float weight, Floats x, Floats sum, long from, long to) {
    Lengths.checkPart("x", x.length(), from, to);
    Lengths.check("sum", sum.length(), x.length());
    for (long i = from; i < to; i++) {
      sum.set(i, sum.get(i) + weight * x.get(i));
    }
  }

  @Override
  public double sumOfSquares(Floats x, long from, long to) {
    return dense.dot(x, x, from, to);
  }

  @Override
  public void pack(int bits, Bytes codes, Bytes packed, long from, long to) {
    blocks.pack(bits, codes, packed, from, to);
  }

  @Override
  public void unpack(int bits, Bytes packed, Bytes codes, long from, long to) {
    blocks.unpack(bits, packed, codes, from, to);
  }

  @Override
  public void narrow(Half format, Floats x, Bytes out, long from, long to) {
    halves.narrow(format, x, out, from, to);
  }

  @Override
  public void widen(Half format, Bytes in, Floats values, long from, long to) {
    halves.widen(format, in, values, from, to);
  }

  @Override
  public void addWidened(Half format, float weight, Bytes in, Floats sum, long from, long to) {
    halves.addWidened(format, weight, in, sum, from, to);
  }

  @Override
  public void scatterAdd(
      Ints indices, float weight, Floats values, Floats sum, long from, long to) {
    selection.scatterAdd(indices, weight, values, sum, from, to);
  }
}
