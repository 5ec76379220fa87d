package org.strait.engine.compress;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;

/// Where things are in a payload's header; everything is little-endian. Index bytes follow the
/// header, values follow the index bytes to the end ({@code docs/protocol.md}, Payloads). Lengths
/// are numbers of 7 bits a byte, the lowest first, the top bit set in all but the last: small
/// vectors have small headers.
final class PayloadLayout {
  static final ValueLayout.OfShort U16 =
      ValueLayout.JAVA_SHORT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
  static final ValueLayout.OfInt U32 =
      ValueLayout.JAVA_INT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
  static final ValueLayout.OfLong U64 =
      ValueLayout.JAVA_LONG_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
  static final ValueLayout.OfFloat F32 =
      ValueLayout.JAVA_FLOAT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

  /// "SP" as bytes.
  static final int MAGIC = 0x5053;

  static final int VERSION = 2;

  static final long MAGIC_OFFSET = 0;
  static final long VERSION_OFFSET = 2;
  static final long CODE_OFFSET = 3;
  static final long INDEX_CODE_OFFSET = 4;

  /// Where n, k and the length of the index bytes begin.
  static final long LENGTHS_OFFSET = 5;

  /// Set in the code's byte if the values are entropy-coded.
  static final int ENTROPY = 0x80;

  /// Bits of the index code; the Rice parameter is above them.
  static final int INDEX_CODE_BITS = 2;

  /// Most bytes of a length.
  static final int MOST_LENGTH_BYTES = 5;

  /// Longest header.
  static final long MOST_HEADER_BYTES = LENGTHS_OFFSET + 3 * MOST_LENGTH_BYTES;

  /// Longest vector: indices are 32-bit and not negative.
  static final long MAX_N = Integer.MAX_VALUE;

  /// Longest payload, header included.
  static final long MAX_PAYLOAD_BYTES = Integer.MAX_VALUE;

  private PayloadLayout() {}

  /// Bytes of a header.
  static long headerBytes(long n, long k, long indexBytes) {
    return LENGTHS_OFFSET + lengthBytes(n) + lengthBytes(k) + lengthBytes(indexBytes);
  }

  /// Writes a whole header.
  static void put(
      MemorySegment payload,
      PayloadCode code,
      boolean entropy,
      int indexCode,
      int rice,
      long n,
      long k,
      long indexBytes) {
    payload.set(U16, MAGIC_OFFSET, (short) MAGIC);
    payload.set(ValueLayout.JAVA_BYTE, VERSION_OFFSET, (byte) VERSION);
    payload.set(ValueLayout.JAVA_BYTE, CODE_OFFSET, (byte) (code.number | (entropy ? ENTROPY : 0)));
    payload.set(
        ValueLayout.JAVA_BYTE, INDEX_CODE_OFFSET, (byte) (indexCode | rice << INDEX_CODE_BITS));
    long at = LENGTHS_OFFSET;
    at = putLength(payload, at, n);
    at = putLength(payload, at, k);
    putLength(payload, at, indexBytes);
  }

  /// Bytes that a length takes.
  static int lengthBytes(long length) {
    return Math.max(1, (Long.SIZE - Long.numberOfLeadingZeros(length) + 6) / 7);
  }

  /// Writes a length of at most 35 bits; returns the offset after it.
  static long putLength(MemorySegment payload, long offset, long length) {
    long at = offset;
    long rest = length;
    for (; rest >= 0x80; rest >>>= 7) {
      payload.set(ValueLayout.JAVA_BYTE, at++, (byte) (rest | 0x80));
    }
    payload.set(ValueLayout.JAVA_BYTE, at++, (byte) rest);
    return at;
  }

  /// Reads a length; its bytes are {@link #lengthBytes}.
  ///
  /// @throws PayloadException if it does not end before {@code end}, has more than 5 bytes, or more
  ///     than it needs
  static long length(MemorySegment payload, long offset, long end, String what) {
    long length = 0;
    for (int i = 0; i < MOST_LENGTH_BYTES && offset + i < end; i++) {
      int next = u8(payload, offset + i);
      length |= (next & 0x7fL) << (7 * i);
      if (next < 0x80) {
        if (next == 0 && i > 0) {
          break;
        }
        return length;
      }
    }
    throw new PayloadException(
        "payload byte " + offset + ": " + what + " is no number of 1 to 5 bytes, the last not 0");
  }

  static int u8(MemorySegment payload, long offset) {
    return payload.get(ValueLayout.JAVA_BYTE, offset) & 0xff;
  }

  static int u16(MemorySegment payload, long offset) {
    return payload.get(U16, offset) & 0xffff;
  }

  /// Checks a value.
  ///
  /// @throws PayloadException if it is not the expected one
  static void expect(String what, long offset, long found, long expected) {
    if (found != expected) {
      throw new PayloadException(
          "payload byte " + offset + ": " + what + " is " + found + ", expected " + expected);
    }
  }

  /// Checks that this compressor was made for vectors of n elements.
  static void checkLength(String compressor, long expected, long n) {
    if (n != expected) {
      throw new IllegalArgumentException(
          "compressor " + compressor + " is made for " + expected + " floats, got " + n);
    }
  }

  /// Checks the operands of an encode call.
  static void checkOperands(
      String compressor, long expected, long n, long roomBytes, long neededBytes) {
    checkLength(compressor, expected, n);
    if (roomBytes < neededBytes) {
      throw new IllegalArgumentException(
          "compressor "
              + compressor
              + " needs a payload of "
              + neededBytes
              + " bytes, got "
              + roomBytes);
    }
  }
}
