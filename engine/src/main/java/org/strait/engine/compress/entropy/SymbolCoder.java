package org.strait.engine.compress.entropy;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import org.strait.kernels.CodecOps;
import org.strait.memory.Bytes;

/// Runs of symbols of one byte each, in blocks of {@link #BLOCK}: first the bytes of every block
/// but the last, four each, then the blocks ({@link BlockCoder}). At most one byte a block and four
/// more than the symbols take as they are. Nothing is remembered from one run to the next. One
/// instance serves one thread, which may have a team behind its {@link CodecOps}: blocks are then
/// coded side by side, to the same bytes. Allocates nothing after the first use.
public final class SymbolCoder {
  /// Symbols of a block: a table of frequencies costs it 1/2 % at most.
  static final int BLOCK = 1 << 16;

  private static final ValueLayout.OfInt LENGTH =
      ValueLayout.JAVA_INT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

  private final CodecOps codec;
  private final BlockCoder[] coders;
  private final long[] starts;
  private final CodecOps.Parts encodePart = (part, worker) -> encodePart(part);
  private final CodecOps.Parts decodePart = (part, worker) -> decodePart(part);

  // The run under way.
  private Bytes symbols;
  private long count;
  private long firstBlock;
  private MemorySegment segment;
  private int low;
  private int high;

  /// @param most symbols of a run; memory grows with it, up to 220 KB a thread
  /// @param codec whose threads code blocks
  public SymbolCoder(long most, CodecOps codec) {
    this.codec = codec;
    int block = (int) Math.min(BLOCK, most);
    coders = new BlockCoder[Math.clamp(blocks(most), 1, codec.threads())];
    for (int c = 0; c < coders.length; c++) {
      coders[c] = new BlockCoder(block);
    }
    starts = new long[coders.length + 1];
  }

  private static long blocks(long count) {
    return Math.ceilDiv(count, BLOCK);
  }

  /// Most bytes of so many symbols.
  public static long maxBytes(long count) {
    return count + blocks(count) * (1 + LENGTH.byteSize());
  }

  /// Writes the first symbols; returns the bytes they take.
  public long encode(Bytes from, long newCount, MemorySegment out, long offset) {
    symbols = from;
    count = newCount;
    long blocks = blocks(count);
    long at = offset + lengthBytes(blocks);
    for (firstBlock = 0; firstBlock < blocks; firstBlock += coders.length) {
      int parts = (int) Math.min(coders.length, blocks - firstBlock);
      codec.inParts(parts, encodePart);
      for (int part = 0; part < parts; part++) {
        long block = firstBlock + part;
        coders[part].write(out, at);
        if (block < blocks - 1) {
          out.set(LENGTH, offset + block * LENGTH.byteSize(), (int) starts[part]);
        }
        at += starts[part];
      }
    }
    symbols = null;
    return at - offset;
  }

  private static long lengthBytes(long blocks) {
    return blocks <= 1 ? 0 : (blocks - 1) * LENGTH.byteSize();
  }

  private void encodePart(int part) {
    starts[part] = coders[part].encode(symbols, start(part), symbolsOf(part));
  }

  private long start(int part) {
    return (firstBlock + part) * BLOCK;
  }

  private int symbolsOf(int part) {
    return (int) Math.min(BLOCK, count - start(part));
  }

  /// Reads symbols. Modified: the first of into.
  ///
  /// @param bytes of the run, all of which it takes
  /// @param newLow least symbol there may be, as a signed number
  /// @param newHigh greatest symbol there may be
  /// @throws CorruptStreamException if the bytes are not exactly such a run; nothing is read
  ///     outside
  ///     them, and no symbol is written beyond the count
  public void decode(
      MemorySegment in,
      long offset,
      long bytes,
      Bytes into,
      long newCount,
      int newLow,
      int newHigh) {
    low = newLow;
    high = newHigh;
    symbols = into;
    count = newCount;
    segment = in;
    long blocks = blocks(count);
    long end = offset + bytes;
    long at = offset + lengthBytes(blocks);
    if (at > end || (blocks == 0 && bytes != 0)) {
      throw new CorruptStreamException(bytes + " bytes for " + count + " coded symbols");
    }
    for (firstBlock = 0; firstBlock < blocks; firstBlock += coders.length) {
      int parts = (int) Math.min(coders.length, blocks - firstBlock);
      starts[0] = at;
      for (int part = 0; part < parts; part++) {
        long block = firstBlock + part;
        long length =
            block == blocks - 1
                ? end - at
                : in.get(LENGTH, offset + block * LENGTH.byteSize()) & 0xffff_ffffL;
        at += length;
        if (at > end) {
          throw new CorruptStreamException(
              "block " + block + " of " + blocks + " ends " + (at - end) + " bytes too late");
        }
        starts[part + 1] = at;
      }
      codec.inParts(parts, decodePart);
    }
    symbols = null;
    segment = null;
  }

  private void decodePart(int part) {
    coders[part].decode(
        segment,
        starts[part],
        starts[part + 1] - starts[part],
        symbols,
        start(part),
        symbolsOf(part),
        low,
        high);
  }
}
