package org.strait.engine.exchange;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import org.strait.engine.ledger.MessageKind;

/// Where things are in a frame's header; everything is little-endian. A frame is a header, {@code
/// scalars} float64, and {@code payloadBytes} bytes ({@code docs/protocol.md}, Frames). Kinds that
/// have neither a weight nor a wish to admit go without the header's last {@value #TAIL_BYTES}
/// bytes; in memory they are there, as 0.
final class FrameLayout {
  static final ValueLayout.OfShort U16 =
      ValueLayout.JAVA_SHORT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
  static final ValueLayout.OfInt U32 =
      ValueLayout.JAVA_INT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
  static final ValueLayout.OfLong U64 =
      ValueLayout.JAVA_LONG_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
  static final ValueLayout.OfDouble F64 =
      ValueLayout.JAVA_DOUBLE_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

  /// "ST" as bytes.
  static final int MAGIC = 0x5453;

  static final int VERSION = 3;

  /// What a DC is and wants; once per peer, before the first round.
  static final int HELLO = MessageKind.HELLO.code();

  /// A vector's payload, with scalars.
  static final int VECTOR = MessageKind.VECTOR.code();

  /// Scalars only.
  static final int SCALARS = MessageKind.SCALARS.code();

  static final long MAGIC_OFFSET = 0;
  static final long VERSION_OFFSET = 2;
  static final long KIND_OFFSET = 3;
  static final long FROM_OFFSET = 4;
  static final long SCALARS_OFFSET = 6;

  /// 48 bits.
  static final long ROUND_OFFSET = 8;

  static final long PAYLOAD_BYTES_OFFSET = 14;

  /// CRC32C of scalars and payload.
  static final long BODY_CRC_OFFSET = 18;

  /// CRC32C of the header without this field.
  static final long HEAD_CRC_OFFSET = 22;

  /// A short header ends here.
  static final long SHORT_BYTES = 26;

  static final long WEIGHT_OFFSET = 26;

  /// Number of the DC that may come back from the next round on, plus 1; 0 for none.
  static final long ADMIT_OFFSET = 34;

  static final long HEADER_BYTES = 36;

  static final long TAIL_BYTES = HEADER_BYTES - SHORT_BYTES;

  /// Most rounds of a stream.
  static final long MAX_ROUND = (1L << 48) - 1;

  /// Most scalars of a frame.
  static final int MAX_SCALARS = 4096;

  /// Most bytes of a hello's payload.
  static final int MAX_HELLO_BYTES = 4096;

  /// Most DCs: {@code from} has 16 bits.
  static final int MAX_DCS = 65_534;

  private FrameLayout() {}

  /// Writes a header without checksums.
  static void put(
      MemorySegment head,
      int kind,
      int from,
      long round,
      double weight,
      long scalars,
      int admit,
      long payloadBytes) {
    if (round < 0 || round > MAX_ROUND) {
      throw new IllegalArgumentException("round " + round + ", at most " + MAX_ROUND);
    }
    head.set(U16, MAGIC_OFFSET, (short) MAGIC);
    head.set(ValueLayout.JAVA_BYTE, VERSION_OFFSET, (byte) VERSION);
    head.set(ValueLayout.JAVA_BYTE, KIND_OFFSET, (byte) kind);
    head.set(U16, FROM_OFFSET, (short) from);
    head.set(U16, SCALARS_OFFSET, (short) scalars);
    head.set(U32, ROUND_OFFSET, (int) round);
    head.set(U16, ROUND_OFFSET + 4, (short) (round >>> 32));
    head.set(U32, PAYLOAD_BYTES_OFFSET, (int) payloadBytes);
    head.set(F64, WEIGHT_OFFSET, weight);
    head.set(U16, ADMIT_OFFSET, (short) admit);
  }

  /// Whether frames of a kind have a short header.
  static boolean isShort(int kind) {
    MessageKind known = MessageKind.of(kind);
    return known != null
        && switch (known) {
          case VIEW, FORWARD, BEAT, SNAPSHOT, SHARE, STEP -> true;
          default -> false;
        };
  }

  /// Bytes of the header of a frame of this kind on the wire.
  static long headerBytes(int kind) {
    return isShort(kind) ? SHORT_BYTES : HEADER_BYTES;
  }

  static long round(MemorySegment head) {
    return u32(head, ROUND_OFFSET) | ((long) u16(head, ROUND_OFFSET + 4) << 32);
  }

  static int u8(MemorySegment head, long offset) {
    return head.get(ValueLayout.JAVA_BYTE, offset) & 0xff;
  }

  static int u16(MemorySegment head, long offset) {
    return head.get(U16, offset) & 0xffff;
  }

  static long u32(MemorySegment head, long offset) {
    return head.get(U32, offset) & 0xffff_ffffL;
  }

  /// Name of a kind for messages.
  static String kindName(int kind) {
    MessageKind known = MessageKind.of(kind);
    return known == null ? "unknown (" + kind + ")" : known.word();
  }
}
