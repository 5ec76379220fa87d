package org.strait.engine.compress;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import org.strait.engine.compress.entropy.SymbolCoder;
import org.strait.kernels.CodecOps;
import org.strait.kernels.Half;
import org.strait.kernels.PackedCodes;
import org.strait.memory.Bytes;
import org.strait.memory.Floats;
import org.strait.memory.HostMemory;
import org.strait.memory.Ints;

/// What one payload says, complete and checked, before any of it is added anywhere; and the room
/// for it, made once.
final class Decoded {
  static final ValueLayout.OfFloat F32 = ValueLayout.JAVA_FLOAT;

  /// Dequantises and adds.
  final CodecOps codec;

  /// Coded symbols.
  final SymbolCoder symbols;

  /// Kept values, where the payload's are not numbers in blocks.
  final Floats values;

  /// Codes of as many values, one byte each or packed.
  final Bytes codes;

  /// Scales of as many values.
  final Floats scales;

  private final Ints indices;
  private final IndexCode indexCode = new IndexCode();
  private final GapCode gapCode;
  private final Bytes halves;
  private final Bytes words;
  private long count;
  private boolean all;
  private boolean blocks;
  private int bits;
  private int block;

  /// Room for {@code maxKept} elements.
  Decoded(long maxKept, CodecOps codec, HostMemory memory) {
    this.codec = codec;
    symbols = new SymbolCoder(maxKept, codec);
    values = memory.floats(maxKept);
    indices = memory.ints(maxKept);
    long groups = Math.ceilDiv(maxKept, PackedCodes.GROUP);
    codes = memory.bytes(groups * PackedCodes.GROUP);
    scales = memory.floats(groups);
    gapCode = new GapCode(codes, symbols);
    halves = memory.bytes(Half.BYTES * maxKept);
    words = Bytes.over(values.segment());
  }

  /// Room for the bytes of values of 4 or 2 bytes.
  Bytes wide(PayloadCode code) {
    return code == PayloadCode.FLOAT32 ? words : halves;
  }

  /// Reads the indices that a header announces.
  ///
  /// @throws PayloadException if the index bytes are not k indices below n
  void readIndices(MemorySegment payload, Header header) {
    count = header.k;
    all = header.indexCode == IndexCode.ALL;
    if (header.indexCode == IndexCode.GAPS) {
      PayloadLayout.expect(
          "Rice parameter of coded gaps", PayloadLayout.INDEX_CODE_OFFSET, header.rice, 0);
      gapCode.read(payload, header.indexAt, header.indexBytes, header.n, count, indices);
    } else {
      indexCode.read(
          payload,
          header.indexAt,
          header.indexBytes,
          header.indexCode,
          header.rice,
          header.n,
          count,
          indices);
    }
  }

  /// Says that {@link #values} holds what was kept.
  ///
  /// @throws PayloadException if a value is not finite
  void useValues() {
    blocks = false;
    if (codec.maxAbs(values, 0, count) <= Float.MAX_VALUE) {
      return;
    }
    for (long i = 0; i < count; i++) {
      if (!Float.isFinite(values.get(i))) {
        throw new PayloadException("payload value " + i + " of " + count + " is " + values.get(i));
      }
    }
  }

  /// Says that {@link #codes} and {@link #scales} hold what was kept.
  void useBlocks(int newBits, int newBlock) {
    blocks = true;
    bits = newBits;
    block = newBlock;
  }

  /// sum ← sum + weight·decoded.
  void addTo(float weight, Floats sum) {
    if (all && blocks) {
      codec.addDequantized(bits, weight, codes, block, scales, sum, 0, count);
    } else if (all) {
      codec.addScaled(weight, values, sum);
    } else {
      if (blocks) {
        codec.dequantize(bits, codes, block, scales, values, 0, count);
      }
      codec.scatterAdd(count, indices, weight, values, sum);
    }
  }
}
