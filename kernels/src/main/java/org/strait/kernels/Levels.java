package org.strait.kernels;

import org.strait.memory.Bytes;
import org.strait.memory.Floats;

/// What a code of {@link CodecOps#quantize} means: scales, codes and levels of one element.
public final class Levels {
  private Levels() {}

  /// The scale of a block with the given largest magnitude, for 2 bits and more: 0 for a block too
  /// small to have a normal scale, NaN for one that is not finite.
  public static float scale(int bits, float max) {
    return normal(max / (bits == 2 ? 2 : (1 << (bits - 1)) - 1), max);
  }

  /// The scale of a block with the given mean magnitude, for 1 bit.
  public static float scale(double mean) {
    return normal((float) mean, mean);
  }

  private static float normal(float scale, double of) {
    if (!Double.isFinite(of)) {
      return Float.NaN;
    }
    return scale < Float.MIN_NORMAL ? 0 : scale;
  }

  /// The code of x in a block whose scale is above 0: x times the inverse, because vectors divide
  /// eight times as slowly as they multiply.
  ///
  /// @param inverse 1/scale
  public static int code(int bits, float x, float inverse) {
    return switch (bits) {
      case 1 -> Float.floatToRawIntBits(x) >>> 31;
      case 2 -> Math.clamp((int) Math.rint(x * inverse + 1.5f), 0, 3);
      default -> (int) Math.rint(x * inverse);
    };
  }

  /// The code of x in steps, see {@link CodecOps#quantizeSteps}.
  ///
  /// @param inverse 1/step
  /// @param offset what is added before rounding to nearest, from -1/2 to 0
  public static int steps(float x, float inverse, float offset) {
    float steps = Math.min(Math.abs(x) * inverse + offset, CodecOps.MOST_STEPS);
    int code = (int) Math.rint(steps);
    return Float.floatToRawIntBits(x) < 0 ? -code : code;
  }

  /// The level of a code.
  public static float level(int bits, int code) {
    return switch (bits) {
      case 1 -> 1 - 2 * code;
      case 2 -> code - 1.5f;
      default -> code;
    };
  }

  /// Checks the operands of a block code of the elements from ≤ i < to.
  ///
  /// @param values number of elements there are
  public static void check(
      int bits, long values, int block, Bytes codes, Floats scales, long from, long to) {
    PackedCodes.check(bits);
    int unit = bits == 8 ? 1 : PackedCodes.GROUP;
    if (block < unit || block % unit != 0) {
      throw new IllegalArgumentException(
          "a block of " + block + " elements, expected a multiple of " + unit);
    }
    if (from % block != 0) {
      throw new IllegalArgumentException(
          "elements from " + from + " on, expected a multiple of " + block);
    }
    Lengths.checkPart("values", values, from, to);
    Lengths.checkAtLeast("codes", codes.length(), PackedCodes.bytes(bits, to));
    Lengths.checkAtLeast("scales", scales.length(), Math.ceilDiv(to, block));
  }

  /// Checks the operands of a block code whose codes are bytes.
  public static void checkBytes(
      int bits, long values, int block, Bytes codes, Floats scales, long from, long to) {
    PackedCodes.check(bits);
    if (bits < 4) {
      throw new IllegalArgumentException(
          "codes of " + bits + " bits are not numbers; as bytes there are those of 4, 5, 6 and 8");
    }
    check(8, values, block, codes, scales, from, to);
  }

  /// Checks the operands of a code in steps.
  public static void checkSteps(
      long values, float step, float rounding, Bytes codes, long from, long to) {
    if (!(step > 0 && Float.isFinite(step) && Float.isFinite(1 / step))) {
      throw new IllegalArgumentException("a step of " + step + ", expected a normal number");
    }
    if (!(rounding > 0 && rounding <= 0.5f)) {
      throw new IllegalArgumentException("rounding is " + rounding + ", expected 0 to 0.5");
    }
    Lengths.checkPart("values", values, from, to);
    Lengths.checkAtLeast("codes", codes.length(), to);
  }

  /// Checks the operands of packing the codes from ≤ i < to.
  public static void checkPacked(int bits, Bytes codes, Bytes packed, long from, long to) {
    PackedCodes.check(bits);
    if (from % PackedCodes.GROUP != 0) {
      throw new IllegalArgumentException(
          "codes from " + from + " on, expected a multiple of " + PackedCodes.GROUP);
    }
    Lengths.checkPart("codes", codes.length(), from, to);
    Lengths.checkAtLeast("packed", packed.length(), PackedCodes.bytes(bits, to));
  }
}
