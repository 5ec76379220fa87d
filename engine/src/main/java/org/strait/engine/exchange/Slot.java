package org.strait.engine.exchange;

import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.util.zip.CRC32C;
import org.strait.memory.Bytes;
import org.strait.memory.Doubles;
import org.strait.memory.HostMemory;

/// Room for one frame: header and scalars, and the payload. The payload's room grows to the largest
/// that came, so that nothing is allocated once sizes have settled.
final class Slot {
  private static final long LEAST_ROOM = 4096;

  private final HostMemory memory;
  private final Bytes head;
  private final ByteBuffer headView;
  private Bytes together;
  private Bytes payload;
  private ByteBuffer payloadView;

  Slot(HostMemory memory) {
    this.memory = memory;
    head = memory.bytes(FrameLayout.HEADER_BYTES + Doubles.BYTES * FrameLayout.MAX_SCALARS);
    headView = head.segment().asByteBuffer();
    room(LEAST_ROOM, LEAST_ROOM);
  }

  /// Makes room for a payload; what was there is lost if it had to grow.
  ///
  /// @param most that will ever be needed
  void room(long bytes, long most) {
    if (payload != null && payload.length() >= bytes) {
      return;
    }
    // What there was is freed with the owner: rooms at least double, so it is less than the last.
    payload = memory.bytes(Math.max(bytes, Math.min(most, 2 * bytes)));
    payloadView = payload.segment().asByteBuffer();
  }

  /// Header, then scalars.
  MemorySegment head() {
    return head.segment();
  }

  Bytes payload() {
    return payload;
  }

  long scalars() {
    return FrameLayout.u16(head(), FrameLayout.SCALARS_OFFSET);
  }

  long payloadBytes() {
    return FrameLayout.u32(head(), FrameLayout.PAYLOAD_BYTES_OFFSET);
  }

  double weight() {
    return head().get(FrameLayout.F64, FrameLayout.WEIGHT_OFFSET);
  }

  int bodyCrc() {
    return head().get(FrameLayout.U32, FrameLayout.BODY_CRC_OFFSET);
  }

  int kind() {
    return FrameLayout.u8(head(), FrameLayout.KIND_OFFSET);
  }

  int admit() {
    return FrameLayout.u16(head(), FrameLayout.ADMIT_OFFSET);
  }

  double scalar(long i) {
    return head().get(FrameLayout.F64, FrameLayout.HEADER_BYTES + Doubles.BYTES * i);
  }

  /// Header and scalars, in memory.
  long headBytes() {
    return FrameLayout.HEADER_BYTES + Doubles.BYTES * scalars();
  }

  /// Header and scalars as they travel, {@link #wireBytes} long. Frames with a short header are put
  /// together anew by each call, with the same bytes.
  MemorySegment wire() {
    if (!FrameLayout.isShort(kind())) {
      return head();
    }
    if (together == null) {
      together = memory.bytes(head.length() - FrameLayout.TAIL_BYTES);
    }
    MemorySegment.copy(head(), 0, together.segment(), 0, FrameLayout.SHORT_BYTES);
    MemorySegment.copy(
        head(),
        FrameLayout.HEADER_BYTES,
        together.segment(),
        FrameLayout.SHORT_BYTES,
        Doubles.BYTES * scalars());
    return together.segment();
  }

  /// Bytes of {@link #wire}.
  long wireBytes() {
    return FrameLayout.headerBytes(kind()) + Doubles.BYTES * scalars();
  }

  void updateHead(CRC32C crc, long from, long to) {
    crc.update(headView.clear().position((int) from).limit((int) to));
  }

  void updatePayload(CRC32C crc, long bytes) {
    crc.update(payloadView.clear().limit((int) bytes));
  }

  /// Writes both checksums, of a frame whose header is complete otherwise.
  void seal(CRC32C crc) {
    crc.reset();
    updateHead(crc, FrameLayout.HEADER_BYTES, headBytes());
    updatePayload(crc, payloadBytes());
    head().set(FrameLayout.U32, FrameLayout.BODY_CRC_OFFSET, (int) crc.getValue());
    sealHead(crc);
  }

  /// Writes the header's own checksum.
  void sealHead(CRC32C crc) {
    head().set(FrameLayout.U32, FrameLayout.HEAD_CRC_OFFSET, headCrc(crc));
  }

  private int headCrc(CRC32C crc) {
    crc.reset();
    updateHead(crc, 0, FrameLayout.HEAD_CRC_OFFSET);
    updateHead(crc, FrameLayout.SHORT_BYTES, FrameLayout.headerBytes(kind()));
    return (int) crc.getValue();
  }

  /// Whether the header is what its checksum says.
  boolean headIsWhole(CRC32C crc) {
    return headCrc(crc) == head().get(FrameLayout.U32, FrameLayout.HEAD_CRC_OFFSET);
  }

  /// Whether scalars and payload are what the header says.
  boolean bodyIsWhole(CRC32C crc) {
    crc.reset();
    updateHead(crc, FrameLayout.HEADER_BYTES, headBytes());
    updatePayload(crc, payloadBytes());
    return (int) crc.getValue() == head().get(FrameLayout.U32, FrameLayout.BODY_CRC_OFFSET);
  }
}
