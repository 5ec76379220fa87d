package org.strait.engine.compress;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Objects;
import org.strait.engine.compress.entropy.CorruptStreamException;
import org.strait.engine.compress.entropy.SymbolCoder;
import org.strait.kernels.CodecOps;
import org.strait.memory.Bytes;
import org.strait.memory.HostMemory;
import org.strait.memory.Ints;

/// Ascending feature numbers as few bytes, on their own: 12 bytes of header, then whichever code of
/// indices is shortest (none if all are there, Rice-coded gaps, which include the bitmap, or
/// entropy-coded ones).
///
///     u32 features d · u32 count k · u8 index code · u8 Rice parameter · u16 0 · index bytes
///
/// One instance serves one thread and one d.
public final class FeatureSetCode {
  private static final long COUNT_OFFSET = 4;
  private static final long CODE_OFFSET = 8;
  private static final long RICE_OFFSET = 9;
  private static final long ZERO_OFFSET = 10;
  private static final long HEADER_BYTES = 12;

  private final long features;
  private final IndexSection section;
  private final IndexCode rice = new IndexCode();
  private final GapCode gaps;

  /// @param features d: all numbers are below
  /// @param codec whose threads code
  /// @param memory owner of room that grows with d, by 7 bytes each
  public FeatureSetCode(int features, CodecOps codec, HostMemory memory) {
    this.features = features;
    section = new IndexSection(features, features, true, codec, memory);
    gaps = new GapCode(memory.bytes(features), new SymbolCoder(features, codec));
  }

  /// Most bytes of any set: a bitmap and the header.
  public long maxBytes() {
    return HEADER_BYTES + section.maxBytes();
  }

  /// Writes the first k numbers; returns the bytes.
  ///
  /// @param numbers ascending, each once, below d
  /// @param out at least {@link #maxBytes} long
  public long write(Ints numbers, long k, Bytes out) {
    Objects.checkFromIndexSize(0, k, numbers.length());
    section.choose(numbers, k, features);
    MemorySegment bytes = out.segment();
    bytes.set(PayloadLayout.U32, 0, (int) features);
    bytes.set(PayloadLayout.U32, COUNT_OFFSET, (int) k);
    bytes.set(ValueLayout.JAVA_BYTE, CODE_OFFSET, (byte) section.code());
    bytes.set(ValueLayout.JAVA_BYTE, RICE_OFFSET, (byte) section.rice());
    bytes.set(PayloadLayout.U16, ZERO_OFFSET, (short) 0);
    section.write(numbers, k, bytes, HEADER_BYTES);
    return HEADER_BYTES + section.bytes();
  }

  /// Reads a set; returns how many numbers it has. Allocates nothing, whatever the bytes say.
  ///
  /// @param size bytes of the set at the start of {@code in}
  /// @param numbers room for d; modified
  /// @throws PayloadException if they are not exactly a set of numbers below d
  public long read(Bytes in, long size, Ints numbers) {
    if (size < HEADER_BYTES || size > in.length()) {
      throw new PayloadException(size + " bytes, a feature set has at least " + HEADER_BYTES);
    }
    MemorySegment bytes = in.segment();
    PayloadLayout.expect("features", 0, bytes.get(PayloadLayout.U32, 0), features);
    long k = bytes.get(PayloadLayout.U32, COUNT_OFFSET) & 0xffff_ffffL;
    if (k > features) {
      throw new PayloadException(k + " features in a set, there are " + features);
    }
    PayloadLayout.expect("reserved", ZERO_OFFSET, PayloadLayout.u16(bytes, ZERO_OFFSET), 0);
    int code = PayloadLayout.u8(bytes, CODE_OFFSET);
    int parameter = PayloadLayout.u8(bytes, RICE_OFFSET);
    long left = size - HEADER_BYTES;
    if (code == IndexCode.GAPS && parameter == 0) {
      try {
        gaps.read(bytes, HEADER_BYTES, left, features, k, numbers);
      } catch (CorruptStreamException e) {
        throw new PayloadException("coded gaps: " + e.getMessage());
      }
    } else {
      rice.read(bytes, HEADER_BYTES, left, code, parameter, features, k, numbers);
    }
    for (int i = 0; code == IndexCode.ALL && i < k; i++) {
      numbers.set(i, i);
    }
    return k;
  }
}
