package org.strait.engine.compress;

import java.lang.foreign.MemorySegment;
import org.strait.engine.compress.entropy.SymbolCoder;
import org.strait.kernels.CodecOps;
import org.strait.memory.Bytes;
import org.strait.memory.Floats;
import org.strait.memory.HostMemory;

/// Values as multiples of one step, the same for all, with a dead zone around 0: uniform
/// reconstruction with a dead zone and entropy coding is within a tenth of a bit of the best there
/// is for a Laplace source (Sullivan 1996, "Efficient scalar quantization of exponential and
/// Laplacian random variables"). The step is a part of the values' root mean square, or what an
/// {@link ErrorBudget} allows. A value below 0.6 steps becomes 0, others are within 0.6 steps; the
/// step, the numbers beyond ±127, then the others, one byte each or entropy-coded.
final class StepValues implements ValueCode {
  /// Added before rounding down: less than a half, because zeros are cheap and small values are
  /// more frequent than large ones.
  static final float ROUNDING = 0.4f;

  /// Number that stands for one beyond ±127.
  static final byte FAR = -128;

  /// Largest number beyond: steps are at least that part of the largest value, so that products
  /// stay exact to half a step.
  static final int MOST_FAR = 1 << 23;

  /// One value in as many may be beyond ±127, else steps are longer.
  private static final int FEW_FAR = 8;

  /// Largest magnitude that can be sent, and longest step.
  static final float MAX_MAGNITUDE = 0x1p100f;

  /// Values whose scale is written once for the kernels.
  static final int SPAN = 1 << 16;

  private final float part;
  private final ErrorBudget budget;
  private final CodecOps codec;
  private final Bytes numbers;
  private final Floats scales;
  private final SymbolCoder symbols;
  private boolean entropy;

  /// @param part step as part of the root mean square; without meaning with a budget
  /// @param budget chooses the step, or null
  /// @param most values
  /// @param coded whether entropy-coded where that is shorter
  StepValues(
      float part, ErrorBudget budget, long most, boolean coded, CodecOps codec, HostMemory memory) {
    this.part = part;
    this.budget = budget;
    this.codec = codec;
    numbers = memory.bytes(most);
    scales = memory.floats(Math.ceilDiv(most, SPAN));
    symbols = coded ? new SymbolCoder(most, codec) : null;
  }

  @Override
  public PayloadCode code() {
    return PayloadCode.STEP;
  }

  @Override
  public String name() {
    return budget == null ? "step " + part : "step auto";
  }

  @Override
  public long maxBytes(long count) {
    long far = PayloadLayout.MOST_LENGTH_BYTES * (1 + count / FEW_FAR);
    return Floats.BYTES + far + count + (symbols == null ? 0 : SymbolCoder.maxBytes(count) - count);
  }

  @Override
  public float limit() {
    return MAX_MAGNITUDE;
  }

  @Override
  public boolean entropy() {
    return entropy;
  }

  @Override
  public void tolerate(double residualNorm) {
    if (budget != null) {
      budget.tolerate(residualNorm);
    }
  }

  @Override
  public long encode(Floats values, long count, MemorySegment out, long offset) {
    entropy = false;
    if (count == 0) {
      return 0;
    }
    float max = codec.maxAbs(values, 0, count);
    float step = step(values, count, max);
    long far = 0;
    if (step > 0) {
      codec.quantizeSteps(values, step, ROUNDING, numbers, 0, count);
      far = far(values, count, max, step);
      if (far > count / FEW_FAR) {
        step = longest(max / CodecOps.MOST_STEPS);
        codec.quantizeSteps(values, step, ROUNDING, numbers, 0, count);
        far = 0;
      }
      fill(scales, step, count);
      codec.addDequantized(8, -1f, numbers, SPAN, scales, values, 0, count);
    } else {
      for (long i = 0; i < count; i++) {
        numbers.set(i, (byte) 0);
      }
    }
    out.set(PayloadLayout.F32, offset, step);
    long at = PayloadLayout.putLength(out, offset + Floats.BYTES, far);
    if (far > 0) {
      at = writeFar(values, count, step, out, at);
    }
    long size = symbols == null ? count : symbols.encode(numbers, count, out, at);
    entropy = symbols != null && size < count;
    if (!entropy) {
      size = count;
      MemorySegment.copy(numbers.segment(), 0, out, at, count);
    }
    return at + size - offset;
  }

  /// Writes the step where the kernels look for the scales of as many values.
  static void fill(Floats scales, float step, long count) {
    for (long s = 0; s < Math.ceilDiv(count, SPAN); s++) {
      scales.set(s, step);
    }
  }

  /// 0 if all values are 0 or too small to have a normal step.
  private float step(Floats values, long count, float max) {
    if (!(max >= Float.MIN_NORMAL)) {
      return 0;
    }
    double step =
        budget == null
            ? part * Math.sqrt(codec.sumOfSquares(values, 0, count) / count)
            : budget.step(values, count, ROUNDING);
    return longest((float) Math.clamp(step, max / (MOST_FAR / 2), max));
  }

  private static float longest(float step) {
    return Math.max(step, Float.MIN_NORMAL);
  }

  /// Sets to 0 the numbers of values beyond ±127 steps; returns how many.
  private long far(Floats values, long count, float max, float step) {
    float inverse = 1 / step;
    if (!isFar(max, inverse)) {
      return 0;
    }
    long far = 0;
    for (long i = 0; i < count; i++) {
      if (isFar(values.get(i), inverse)) {
        numbers.set(i, (byte) 0);
        far++;
      }
    }
    return far;
  }

  private static boolean isFar(float value, float inverse) {
    return Math.abs(value) * inverse > CodecOps.MOST_STEPS + 0.5f;
  }

  private long writeFar(Floats values, long count, float step, MemorySegment out, long offset) {
    float inverse = 1 / step;
    long at = offset;
    for (long i = 0; i < count; i++) {
      float value = values.get(i);
      if (numbers.get(i) == 0 && isFar(value, inverse)) {
        int number = (int) Math.rint(value * inverse);
        values.set(i, value - number * step);
        numbers.set(i, FAR);
        at = PayloadLayout.putLength(out, at, zigzag(number));
      }
    }
    return at;
  }

  /// Small numbers of either sign to small numbers.
  static long zigzag(int number) {
    return (number << 1 ^ number >> 31) & 0xffff_ffffL;
  }

  /// The inverse of {@link #zigzag}.
  static int unzigzag(long code) {
    return (int) (code >>> 1) ^ -(int) (code & 1);
  }
}
