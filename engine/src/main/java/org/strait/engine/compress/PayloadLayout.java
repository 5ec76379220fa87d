package org.strait.engine.compress;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;

/// Where things are in a payload's header; everything is little-endian. Values follow the header,
/// index bytes follow the values ({@code docs/protocol.md}, Payloads).
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

  static final int VERSION = 1;

  static final long MAGIC_OFFSET = 0;
  static final long VERSION_OFFSET = 2;
  static final long CODE_OFFSET = 3;
  static final long INDEX_CODE_OFFSET = 4;
  static final long RICE_OFFSET = 5;
  static final long BLOCK_OFFSET = 6;
  static final long N_OFFSET = 8;
  static final long K_OFFSET = 12;
  static final long INDEX_BYTES_OFFSET = 16;
  static final long PAYLOAD_BYTES_OFFSET = 20;
  static final long HEADER_BYTES = 24;

  /// Longest vector: indices are 32-bit and not negative.
  static final long MAX_N = Integer.MAX_VALUE;

  /// Longest payload, header included.
  static final long MAX_PAYLOAD_BYTES = Integer.MAX_VALUE;

  private PayloadLayout() {}

  /// Writes a whole header.
  static void put(
      MemorySegment payload,
      PayloadCode code,
      int indexCode,
      int rice,
      int block,
      long n,
      long k,
      long indexBytes,
      long payloadBytes) {
    payload.set(U16, MAGIC_OFFSET, (short) MAGIC);
    payload.set(ValueLayout.JAVA_BYTE, VERSION_OFFSET, (byte) VERSION);
    payload.set(ValueLayout.JAVA_BYTE, CODE_OFFSET, (byte) code.number);
    payload.set(ValueLayout.JAVA_BYTE, INDEX_CODE_OFFSET, (byte) indexCode);
    payload.set(ValueLayout.JAVA_BYTE, RICE_OFFSET, (byte) rice);
    payload.set(U16, BLOCK_OFFSET, (short) block);
    payload.set(U32, N_OFFSET, (int) n);
    payload.set(U32, K_OFFSET, (int) k);
    payload.set(U32, INDEX_BYTES_OFFSET, (int) indexBytes);
    payload.set(U32, PAYLOAD_BYTES_OFFSET, (int) payloadBytes);
  }

  static int u8(MemorySegment payload, long offset) {
    return payload.get(ValueLayout.JAVA_BYTE, offset) & 0xff;
  }

  static int u16(MemorySegment payload, long offset) {
    return payload.get(U16, offset) & 0xffff;
  }

  static long u32(MemorySegment payload, long offset) {
    return payload.get(U32, offset) & 0xffff_ffffL;
  }

  /// Checks a value of the header.
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
