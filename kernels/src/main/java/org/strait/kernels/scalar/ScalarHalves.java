package org.strait.kernels.scalar;

import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import org.strait.kernels.Half;
import org.strait.kernels.Lengths;
import org.strait.memory.Bytes;
import org.strait.memory.Floats;

/// Numbers of 16 bits, element after element.
final class ScalarHalves {
  private static final ValueLayout.OfShort SHORT =
      ValueLayout.JAVA_SHORT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

  private static final int SIGN = 0x8000;
  private static final int FLOAT16_NAN = 0x7e00;
  private static final int BFLOAT16_NAN = 0x7fc0;

  void narrow(Half format, Floats x, Bytes halves, long from, long to) {
    Lengths.checkHalves(x, halves, from, to);
    for (long i = from; i < to; i++) {
      halves.segment().set(SHORT, i * Half.BYTES, half(format, x.get(i)));
    }
  }

  void widen(Half format, Bytes halves, Floats values, long from, long to) {
    Lengths.checkHalves(values, halves, from, to);
    for (long i = from; i < to; i++) {
      values.set(i, number(format, halves.segment().get(SHORT, i * Half.BYTES)));
    }
  }

  void addWidened(Half format, float weight, Bytes halves, Floats sum, long from, long to) {
    Lengths.checkHalves(sum, halves, from, to);
    for (long i = from; i < to; i++) {
      float number = number(format, halves.segment().get(SHORT, i * Half.BYTES));
      sum.set(i, sum.get(i) + weight * number);
    }
  }

  private static short half(Half format, float x) {
    int bits = Float.floatToRawIntBits(x);
    int sign = bits >>> 16 & SIGN;
    return switch (format) {
      case FLOAT16 -> Float.isNaN(x) ? (short) (sign | FLOAT16_NAN) : Float.floatToFloat16(x);
      // Half a unit less one of the last place kept, and one more if that is odd: ties to even.
      case BFLOAT16 ->
          (short)
              (Float.isNaN(x) ? sign | BFLOAT16_NAN : (bits + 0x7fff + (bits >>> 16 & 1)) >>> 16);
    };
  }

  private static float number(Half format, short half) {
    return switch (format) {
      case FLOAT16 -> Float.float16ToFloat(half);
      case BFLOAT16 -> Float.intBitsToFloat(half << 16);
    };
  }
}
