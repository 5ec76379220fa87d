package org.strait.kernels.simd;

import org.strait.kernels.CodecOps;
import org.strait.kernels.DenseOps;
import org.strait.kernels.Half;
import org.strait.kernels.Lengths;
import org.strait.memory.Bytes;
import org.strait.memory.Floats;
import org.strait.memory.Ints;

/// Selection, quantisation and halves, a vector at a time; the same bits as the plain loops.
/// Scattering and packing by the byte stay with those: there is nothing to win.
final class SimdCodecOps implements CodecOps {
  /// Bytes that a loop with a counter of 32 bits takes at once.
  private static final int PIECE_BYTES = 1 << 20;

  private final CodecOps plain;
  private final SimdSelection selection = new SimdSelection();
  private final SimdEncode encode = new SimdEncode();
  private final SimdDecode decode = new SimdDecode();
  private final SimdHalves halves;

  SimdCodecOps(CodecOps plain) {
    this.plain = plain;
    halves = new SimdHalves(plain);
  }

  @Override
  public float maxAbs(Floats x, long from, long to) {
    Lengths.checkPart("x", x.length(), from, to);
    return SimdMagnitudes.max(x.segment(), from * Floats.BYTES, to * Floats.BYTES);
  }

  @Override
  public long countAtLeast(Floats x, float threshold, long from, long to) {
    Lengths.checkPart("x", x.length(), from, to);
    return SimdMagnitudes.countAtLeast(
        x.segment(), threshold, from * Floats.BYTES, to * Floats.BYTES);
  }

  @Override
  public float kthMagnitude(Floats x, long k, Ints scratch) {
    Lengths.checkSelection(x.length(), k);
    Lengths.checkAtLeast("scratch", scratch.length(), SELECT_SCRATCH);
    return selection.kthMagnitude(x, k, scratch);
  }

  @Override
  public long keepBetween(
      Floats x, int low, int high, long from, long to, Ints kept, long at, long room) {
    Lengths.checkPart("x", x.length(), from, to);
    Lengths.checkPart("kept", kept.length(), at, at + room);
    long first = from * Floats.BYTES;
    long end = to * Floats.BYTES;
    return SimdMagnitudes.keepBetween(x.segment(), low, high, first, end, kept.segment(), at, room);
  }

  @Override
  public void select(Floats x, float threshold, long k, Ints indices, Floats values) {
    Lengths.checkSelection(x.length(), k);
    Lengths.checkAtLeast("indices", indices.length(), k);
    Lengths.checkAtLeast("values", values.length(), k);
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
    Lengths.checkPart("x", x.length(), from, to);
    Lengths.checkPart("indices", indices.length(), at, at + room);
    Lengths.checkPart("values", values.length(), at, at + room);
    return selection.keep(x, threshold, ties, from, to, indices, values, at, room);
  }

  @Override
  public void quantize(
      int bits, Floats x, int block, Bytes codes, Floats scales, long from, long to) {
    encode.quantize(bits, x, block, codes, scales, from, to);
  }

  @Override
  public void dequantize(
      int bits, Bytes codes, int block, Floats scales, Floats values, long from, long to) {
    decode.decode(bits, codes, block, scales, 1, values, false, from, to);
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
    decode.decode(bits, codes, block, scales, weight, sum, true, from, to);
  }

  @Override
  public void quantizeToBytes(
      int bits, Floats x, int block, Bytes codes, Floats scales, long from, long to) {
    encode.quantizeToBytes(bits, x, block, codes, scales, from, to);
  }

  @Override
  public void quantizeSteps(Floats x, float step, float rounding, Bytes codes, long from, long to) {
    encode.quantizeSteps(x, step, rounding, codes, from, to);
  }

  @Override
  public void addScaled(float weight, Floats x, Floats sum, long from, long to) {
    Lengths.checkPart("x", x.length(), from, to);
    Lengths.check("sum", sum.length(), x.length());
    long xAt = AddressSpace.of(x);
    long sumAt = AddressSpace.of(sum);
    long end = to * Floats.BYTES;
    for (long at = from * Floats.BYTES; at < end; at += PIECE_BYTES) {
      SimdRows.axpy(weight, xAt + at, sumAt + at, (int) Math.min(PIECE_BYTES, end - at));
    }
  }

  @Override
  public double sumOfSquares(Floats x, long from, long to) {
    Lengths.checkPart("x", x.length(), from, to);
    long at = AddressSpace.of(x);
    double sum = 0;
    for (long piece = from; piece < to; piece += DenseOps.DOT_PIECE) {
      int elements = (int) Math.min(to - piece, DenseOps.DOT_PIECE);
      long start = at + piece * Floats.BYTES;
      sum += SimdDot.dot(start, start, elements * (int) Floats.BYTES);
    }
    return sum;
  }

  @Override
  public void pack(int bits, Bytes codes, Bytes packed, long from, long to) {
    plain.pack(bits, codes, packed, from, to);
  }

  @Override
  public void unpack(int bits, Bytes packed, Bytes codes, long from, long to) {
    plain.unpack(bits, packed, codes, from, to);
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
    plain.scatterAdd(indices, weight, values, sum, from, to);
  }
}
