package org.strait.engine.compress;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import org.strait.engine.compress.entropy.SymbolCoder;
import org.strait.kernels.CodecOps;
import org.strait.kernels.PackedCodes;
import org.strait.memory.Bytes;
import org.strait.memory.Floats;
import org.strait.memory.HostMemory;

/// Values as numbers of few bits with a float32 scale per block ({@link CodecOps#quantize}): a byte
/// that says the block's length, the scales, then the numbers, packed or entropy-coded. With L =
/// 2^(bits-1) - 1 an error is at most max|block|/(2L) for 8, 6, 5 and 4 bits, max/4 for 2; a sign
/// keeps the block's mean magnitude. Dettmers et al. 2022 (arXiv 2110.02861, section 2) for blocks,
/// Seide et al. 2014 for signs. Numbers of fewer than 8 bits are packed in whole groups of 256.
final class BlockValues implements ValueCode {
  /// Values per scale unless asked otherwise: 4 bytes for 256 values add 0.125 bits to each.
  static final int BLOCK = 256;

  /// Most values per scale.
  static final int MOST_BLOCK = 1 << 16;

  /// Largest magnitude that can be sent; above it code·scale could round to infinity.
  static final float MAX_MAGNITUDE = 0x1p126f;

  private final PayloadCode code;
  private final int bits;
  private final int block;
  private final CodecOps codec;
  private final Bytes packed;
  private final Bytes numbers;
  private final Floats scales;
  private final SymbolCoder symbols;
  private boolean entropy;

  /// @param block values per scale, a power of two from 256 to 65,536
  /// @param most values
  /// @param coded whether entropy-coded where that is shorter
  BlockValues(
      PayloadCode code, int block, long most, boolean coded, CodecOps codec, HostMemory memory) {
    this.code = code;
    bits = code.bits;
    this.block = block;
    this.codec = codec;
    packed = memory.bytes(PackedCodes.bytes(bits, most));
    numbers = memory.bytes(coded ? most : 0);
    scales = memory.floats(Math.ceilDiv(most, block));
    symbols = coded ? new SymbolCoder(most, codec) : null;
  }

  /// No scale of values within {@link #MAX_MAGNITUDE} is above this, and no level makes it
  /// infinite.
  static float maxScale(int bits) {
    return bits < 4 ? MAX_MAGNITUDE : (float) Math.scalb(1.0, 128 - bits);
  }

  @Override
  public PayloadCode code() {
    return code;
  }

  @Override
  public String name() {
    return (bits == 1 ? "sign" : "int" + bits) + (block == BLOCK ? "" : "/" + block);
  }

  @Override
  public long maxBytes(long count) {
    long codes = PackedCodes.bytes(bits, count);
    return 1 + scaleBytes(count) + (symbols == null ? codes : SymbolCoder.maxBytes(count) + codes);
  }

  private long scaleBytes(long count) {
    return Floats.BYTES * Math.ceilDiv(count, block);
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
  public long encode(Floats values, long count, MemorySegment out, long offset) {
    entropy = false;
    if (count == 0) {
      return 0;
    }
    long codesAt = offset + 1 + scaleBytes(count);
    long packedBytes = PackedCodes.bytes(bits, count);
    long size = packedBytes;
    boolean asBytes = symbols != null && bits >= 4;
    if (asBytes) {
      codec.quantizeToBytes(bits, values, block, numbers, scales, 0, count);
    } else {
      codec.quantize(bits, values, block, packed, scales, 0, count);
    }
    if (symbols != null) {
      if (!asBytes) {
        codec.unpack(bits, packed, numbers, 0, count);
      }
      size = symbols.encode(numbers, count, out, codesAt);
      entropy = size < packedBytes;
      if (!entropy && asBytes) {
        codec.pack(bits, numbers, packed, 0, count);
      }
    }
    if (!entropy) {
      size = packedBytes;
      MemorySegment.copy(packed.segment(), 0, out, codesAt, size);
    }
    if (asBytes) {
      codec.addDequantized(8, -1f, numbers, block, scales, values, 0, count);
    } else {
      codec.addDequantized(bits, -1f, packed, block, scales, values, 0, count);
    }
    out.set(ValueLayout.JAVA_BYTE, offset, (byte) Integer.numberOfTrailingZeros(block));
    MemorySegment.copy(
        scales.segment(),
        ValueLayout.JAVA_FLOAT,
        0,
        out,
        PayloadLayout.F32,
        offset + 1,
        Math.ceilDiv(count, block));
    return codesAt + size - offset;
  }
}
