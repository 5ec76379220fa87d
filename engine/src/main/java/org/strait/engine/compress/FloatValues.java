package org.strait.engine.compress;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import org.strait.engine.compress.entropy.SymbolCoder;
import org.strait.kernels.CodecOps;
import org.strait.kernels.Half;
import org.strait.memory.Bytes;
import org.strait.memory.Floats;
import org.strait.memory.HostMemory;

/// Values as floating-point numbers: float32 (lossless, 4 bytes), float16 (within 2^-11 of a value
/// above 6.1e-5, up to 65,504) or bfloat16 (within 2^-8), 2 bytes each; rounded to nearest, ties to
/// even. Entropy-coded, the first bytes of all values go together, then their second bytes, …, each
/// preceded by its length: signs and exponents repeat, the rest hardly ever.
final class FloatValues implements ValueCode {
  private final PayloadCode code;
  private final CodecOps codec;
  private final Bytes bytes;
  private final Floats decoded;
  private final Bytes plane;
  private final SymbolCoder symbols;
  private boolean entropy;

  /// @param code one of the three
  /// @param most values
  /// @param coded whether entropy-coded where that is shorter
  FloatValues(PayloadCode code, long most, boolean coded, CodecOps codec, HostMemory memory) {
    this.code = code;
    this.codec = codec;
    bytes = memory.bytes(width(code) * most);
    decoded = memory.floats(code == PayloadCode.FLOAT32 ? 0 : most);
    plane = memory.bytes(coded ? most : 0);
    symbols = coded ? new SymbolCoder(most, codec) : null;
  }

  /// Bytes of a value.
  static int width(PayloadCode code) {
    return code == PayloadCode.FLOAT32 ? (int) Floats.BYTES : (int) Half.BYTES;
  }

  static Half format(PayloadCode code) {
    return code == PayloadCode.FLOAT16 ? Half.FLOAT16 : Half.BFLOAT16;
  }

  @Override
  public PayloadCode code() {
    return code;
  }

  @Override
  public String name() {
    return switch (code) {
      case FLOAT32 -> "fp32";
      case FLOAT16 -> "fp16";
      default -> "bf16";
    };
  }

  @Override
  public long maxBytes(long count) {
    return symbols == null
        ? width(code) * count
        : width(code) * (SymbolCoder.maxBytes(count) + PayloadLayout.MOST_LENGTH_BYTES);
  }

  @Override
  public float limit() {
    return switch (code) {
      case FLOAT32 -> Float.MAX_VALUE;
      case FLOAT16 -> 65_504f;
      default -> 0x1.fep127f;
    };
  }

  @Override
  public boolean entropy() {
    return entropy;
  }

  /// No slice: that would allocate.
  private static void clear(Floats values, long count) {
    if (count == values.length()) {
      values.segment().fill((byte) 0);
      return;
    }
    for (long i = 0; i < count; i++) {
      values.set(i, 0);
    }
  }

  @Override
  public long encode(Floats values, long count, MemorySegment out, long offset) {
    int width = width(code);
    if (code == PayloadCode.FLOAT32) {
      MemorySegment.copy(
          values.segment(),
          ValueLayout.JAVA_FLOAT,
          0,
          bytes.segment(),
          PayloadLayout.F32,
          0,
          count);
      clear(values, count);
    } else {
      codec.narrow(format(code), values, bytes, 0, count);
      codec.widen(format(code), bytes, decoded, 0, count);
      codec.addScaled(-1f, decoded, values, 0, count);
    }
    entropy = false;
    if (symbols != null && count > 0) {
      long at = offset;
      for (int b = 0; b < width; b++) {
        for (long i = 0; i < count; i++) {
          plane.set(i, bytes.get(i * width + b));
        }
        // The length comes first and is not known yet: room for the longest, then moved up.
        long start = at + PayloadLayout.MOST_LENGTH_BYTES;
        long size = symbols.encode(plane, count, out, start);
        at = PayloadLayout.putLength(out, at, size);
        MemorySegment.copy(out, start, out, at, size);
        at += size;
      }
      if (at - offset < width * count) {
        entropy = true;
        return at - offset;
      }
    }
    MemorySegment.copy(bytes.segment(), 0, out, offset, width * count);
    return width * count;
  }
}
