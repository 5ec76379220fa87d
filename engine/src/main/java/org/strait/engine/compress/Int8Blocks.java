package org.strait.engine.compress;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import org.strait.kernels.CodecOps;
import org.strait.memory.Bytes;
import org.strait.memory.Floats;
import org.strait.memory.HostMemory;

/// Values as one signed byte each and one float32 scale per block of {@link #BLOCK}: value =
/// code·scale. On the wire: all scales, then all codes.
final class Int8Blocks {
  /// Values per scale: 4 bytes for 256 values add 0.125 bits to each.
  static final int BLOCK = 256;

  /// Largest magnitude that can be sent; above it code·scale could round to infinity.
  static final float MAX_MAGNITUDE = 0x1p126f;

  /// No scale of a value within {@link #MAX_MAGNITUDE} is above this, and 127 times it is finite.
  private static final float MAX_SCALE = 0x1p120f;

  private final CodecOps codec;
  private final Bytes codes;
  private final Floats scales;
  private long count;

  /// Room for {@code capacity} values.
  Int8Blocks(long capacity, CodecOps codec, HostMemory memory) {
    this.codec = codec;
    codes = memory.bytes(capacity);
    scales = memory.floats(scales(capacity));
  }

  /// Bytes on the wire of {@code count} values.
  static long bytes(long count) {
    return count + Floats.BYTES * scales(count);
  }

  private static long scales(long count) {
    return (count + BLOCK - 1) / BLOCK;
  }

  /// Quantises the first {@code newCount} values.
  void quantize(Floats values, long newCount) {
    count = newCount;
    codec.quantize8(values, count, BLOCK, codes, scales);
  }

  /// Overwrites as many values as were quantised or read by what the codes and scales say.
  void dequantize(Floats values) {
    codec.dequantize8(codes, count, BLOCK, scales, values);
  }

  /// Writes scales and codes.
  void write(MemorySegment out, long offset) {
    long blocks = scales(count);
    MemorySegment.copy(
        scales.segment(), ValueLayout.JAVA_FLOAT, 0, out, PayloadLayout.F32, offset, blocks);
    MemorySegment.copy(codes.segment(), 0, out, offset + Floats.BYTES * blocks, count);
  }

  /// Reads scales and codes of {@code newCount} values.
  ///
  /// @throws PayloadException if a scale is negative, not finite or too large, or a code is -128
  void read(MemorySegment in, long offset, long newCount) {
    count = newCount;
    long blocks = scales(count);
    MemorySegment.copy(
        in, PayloadLayout.F32, offset, scales.segment(), ValueLayout.JAVA_FLOAT, 0, blocks);
    for (long b = 0; b < blocks; b++) {
      float scale = scales.get(b);
      if (!(scale >= 0 && scale <= MAX_SCALE)) {
        throw new PayloadException(
            "payload byte "
                + (offset + Floats.BYTES * b)
                + ": scale of block "
                + b
                + " is "
                + scale
                + ", expected 0 .. "
                + MAX_SCALE);
      }
    }
    long codesAt = offset + Floats.BYTES * blocks;
    MemorySegment.copy(in, codesAt, codes.segment(), 0, count);
    int least = 0;
    for (long i = 0; i < count; i++) {
      least = Math.min(least, codes.get(i));
    }
    if (least == Byte.MIN_VALUE) {
      throw new PayloadException(
          "payload bytes from " + codesAt + ": a code is -128, expected -127 .. 127");
    }
  }
}
