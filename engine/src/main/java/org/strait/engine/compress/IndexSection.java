package org.strait.engine.compress;

import java.lang.foreign.MemorySegment;
import org.strait.engine.compress.entropy.SymbolCoder;
import org.strait.kernels.CodecOps;
import org.strait.memory.Bytes;
import org.strait.memory.HostMemory;
import org.strait.memory.Ints;

/// The index bytes of a payload, in whichever code takes the fewest: none if all indices are there,
/// Rice-coded gaps ({@link IndexCode}), or entropy-coded ones ({@link GapCode}) if that was asked
/// for. An Elias-Fano code is never among the shortest: its unary part is as long as the sum of all
/// gaps shifted right, Rice's as the sum of the shifted gaps.
final class IndexSection {
  private final IndexCode rice = new IndexCode();
  private final GapCode gaps;
  private final Bytes room;
  private final long most;
  private final long maxRice;
  private int code;
  private long bytes;

  /// @param n length of the vectors
  /// @param most indices of a payload
  /// @param coded whether entropy-coded where that is shorter
  IndexSection(long n, long most, boolean coded, CodecOps codec, HostMemory memory) {
    this.most = most;
    maxRice = IndexCode.maxBytesUpTo(n, most);
    gaps = coded ? new GapCode(memory.bytes(most), new SymbolCoder(most, codec)) : null;
    room = memory.bytes(coded ? GapCode.maxBytes(most) : 0);
  }

  /// Most bytes of a section.
  long maxBytes() {
    return maxRice;
  }

  /// Finds the shortest code of the first k indices, ascending and below n.
  void choose(Ints indices, long k, long n) {
    if (k > most) {
      throw new IllegalArgumentException(k + " indices, expected at most " + most);
    }
    rice.choose(indices, k, n);
    code = rice.code();
    bytes = rice.bytes();
    if (gaps != null && code == IndexCode.RICE && k > 0) {
      long coded = gaps.write(indices, k, room.segment(), 0);
      if (coded < bytes) {
        code = IndexCode.GAPS;
        bytes = coded;
      }
    }
  }

  /// The code that was found.
  int code() {
    return code;
  }

  /// Its Rice parameter, 0 for other codes.
  int rice() {
    return code == IndexCode.RICE ? rice.rice() : 0;
  }

  /// The bytes that {@link #write} will write.
  long bytes() {
    return bytes;
  }

  /// Writes what was found.
  void write(Ints indices, long k, MemorySegment out, long offset) {
    if (code == IndexCode.GAPS) {
      MemorySegment.copy(room.segment(), 0, out, offset, bytes);
    } else {
      rice.write(indices, k, out, offset);
    }
  }
}
