package org.strait.engine.exchange;

import java.lang.foreign.MemorySegment;
import java.util.zip.CRC32C;
import org.strait.engine.transport.Deadline;
import org.strait.engine.transport.Transport;
import org.strait.memory.Bytes;
import org.strait.memory.Doubles;
import org.strait.memory.HostMemory;

/// Frames of one gateway: posts its own to every peer, receives and checks those of its peers. A
/// frame is received in two calls, head (header and scalars) and payload, so that all weights can
/// be known before the first payload is added.
final class Frames {
  private final Transport transport;
  private final LinkBytes links;
  private final int me;
  private final FrameBuffer ownHead;
  private final FrameBuffer ownPayload;
  private final FrameBuffer header;
  private final FrameBuffer scalars;
  private final FrameBuffer payload;
  private final CRC32C headCrc = new CRC32C();
  private final CRC32C[] bodyCrc;
  private final int[] expectedBodyCrc;
  private final long[] payloadBytes;

  /// @param maxPayloadBytes most bytes of a round's payload
  Frames(Transport transport, long maxPayloadBytes, LinkBytes links, HostMemory memory) {
    this.transport = transport;
    this.links = links;
    me = transport.group().me();
    int dcs = transport.group().size();
    long room = Math.max(maxPayloadBytes, FrameLayout.MAX_HELLO_BYTES);
    long scalarRoom = Doubles.BYTES * FrameLayout.MAX_SCALARS;
    ownHead = new FrameBuffer(FrameLayout.HEADER_BYTES + scalarRoom, memory);
    ownPayload = new FrameBuffer(room, memory);
    header = new FrameBuffer(FrameLayout.HEADER_BYTES, memory);
    scalars = new FrameBuffer(scalarRoom, memory);
    payload = new FrameBuffer(room, memory);
    bodyCrc = new CRC32C[dcs];
    for (int p = 0; p < dcs; p++) {
      bodyCrc[p] = new CRC32C();
    }
    expectedBodyCrc = new int[dcs];
    payloadBytes = new long[dcs];
  }

  /// Where this DC's payload is written before {@link #post}; free after the transport's flush.
  Bytes ownPayload() {
    return ownPayload.bytes();
  }

  /// The payload of the last {@link #receivePayload}.
  Bytes payload() {
    return payload.bytes();
  }

  /// Posts a frame with the first {@code bytes} bytes of {@link #ownPayload} to every peer.
  void post(int kind, long round, double weight, Doubles values, long bytes) {
    long count = values.length();
    long headBytes = FrameLayout.HEADER_BYTES + Doubles.BYTES * count;
    MemorySegment head = ownHead.bytes().segment();
    FrameLayout.put(head, kind, me, round, weight, count, bytes);
    for (long i = 0; i < count; i++) {
      head.set(FrameLayout.F64, FrameLayout.HEADER_BYTES + Doubles.BYTES * i, values.get(i));
    }
    headCrc.reset();
    ownHead.updateCrc(headCrc, FrameLayout.HEADER_BYTES, headBytes);
    ownPayload.updateCrc(headCrc, 0, bytes);
    head.set(FrameLayout.U32, FrameLayout.BODY_CRC_OFFSET, (int) headCrc.getValue());
    headCrc.reset();
    ownHead.updateCrc(headCrc, 0, FrameLayout.HEAD_CRC_OFFSET);
    head.set(FrameLayout.U32, FrameLayout.HEAD_CRC_OFFSET, (int) headCrc.getValue());
    ownHead.seal(headBytes);
    ownPayload.seal(bytes);
    for (int to = 0; to < payloadBytes.length; to++) {
      if (to == me) {
        continue;
      }
      ownHead.post(transport, to, headBytes);
      ownPayload.post(transport, to, bytes);
      if (kind == FrameLayout.HELLO) {
        links.add(to, LinkBytes.Kind.HELLO, headBytes + bytes);
      } else {
        links.add(to, LinkBytes.Kind.FRAMING, FrameLayout.HEADER_BYTES);
        links.add(to, LinkBytes.Kind.SCALARS, Doubles.BYTES * count);
        links.add(to, LinkBytes.Kind.PAYLOAD, bytes);
      }
    }
  }

  /// Receives and checks a peer's header, then its scalars; returns its weight.
  ///
  /// @param expected receives the peer's scalars, as many as it has elements
  /// @throws ExchangeException if the frame is not the one expected; names the DC and both values
  double receiveHead(
      int from, int kind, long round, Doubles expected, long maxBytes, Deadline deadline) {
    header.receive(transport, from, FrameLayout.HEADER_BYTES, deadline);
    MemorySegment head = header.bytes().segment();
    int magic = head.get(FrameLayout.U32, FrameLayout.MAGIC_OFFSET);
    if (magic != FrameLayout.MAGIC) {
      throw new ExchangeException(
          String.format(
              "round %d: %s does not speak Strait's protocol: magic %08x, expected %08x",
              round, dc(from), magic, FrameLayout.MAGIC));
    }
    int version = FrameLayout.u8(head, FrameLayout.VERSION_OFFSET);
    expect(from, round, "protocol version", version, FrameLayout.VERSION);
    headCrc.reset();
    header.updateCrc(headCrc, 0, FrameLayout.HEAD_CRC_OFFSET);
    if ((int) headCrc.getValue() != head.get(FrameLayout.U32, FrameLayout.HEAD_CRC_OFFSET)) {
      throw new ExchangeException(
          "round " + round + ": header of " + dc(from) + " is corrupt (CRC32C)");
    }
    int theirKind = FrameLayout.u8(head, FrameLayout.KIND_OFFSET);
    if (theirKind != kind) {
      throw new ExchangeException(
          "round "
              + round
              + ": "
              + dc(from)
              + " sent a frame of kind "
              + FrameLayout.kindName(theirKind)
              + ", "
              + dc(me)
              + " (here) expects "
              + FrameLayout.kindName(kind));
    }
    expect(from, round, "DC number", FrameLayout.u16(head, FrameLayout.FROM_OFFSET), from);
    expect(from, round, "round", head.get(FrameLayout.U64, FrameLayout.ROUND_OFFSET), round);
    long count = FrameLayout.u32(head, FrameLayout.SCALARS_OFFSET);
    expect(from, round, "number of scalars", count, expected.length());
    long bytes = FrameLayout.u32(head, FrameLayout.PAYLOAD_BYTES_OFFSET);
    if (bytes > maxBytes) {
      throw new ExchangeException(
          "round "
              + round
              + ": "
              + dc(from)
              + " announces a payload of "
              + bytes
              + " bytes, at most "
              + maxBytes
              + " expected");
    }
    double weight = head.get(FrameLayout.F64, FrameLayout.WEIGHT_OFFSET);
    if (!(weight >= 0 && weight <= Double.MAX_VALUE)) {
      throw new ExchangeException(
          "round "
              + round
              + ": weight of "
              + dc(from)
              + " is "
              + weight
              + ", expected at least 0 and finite");
    }
    payloadBytes[from] = bytes;
    expectedBodyCrc[from] = head.get(FrameLayout.U32, FrameLayout.BODY_CRC_OFFSET);
    scalars.receive(transport, from, Doubles.BYTES * count, deadline);
    bodyCrc[from].reset();
    scalars.updateCrc(bodyCrc[from], 0, Doubles.BYTES * count);
    MemorySegment values = scalars.bytes().segment();
    for (long i = 0; i < count; i++) {
      expected.set(i, values.get(FrameLayout.F64, Doubles.BYTES * i));
    }
    return weight;
  }

  /// Receives the payload whose head came last from this peer and checks scalars and payload;
  /// returns the payload's bytes.
  ///
  /// @throws ExchangeException if their checksum is wrong
  long receivePayload(int from, long round, Deadline deadline) {
    long bytes = payloadBytes[from];
    payload.receive(transport, from, bytes, deadline);
    payload.updateCrc(bodyCrc[from], 0, bytes);
    if ((int) bodyCrc[from].getValue() != expectedBodyCrc[from]) {
      throw new ExchangeException(
          "round " + round + ": scalars or payload of " + dc(from) + " are corrupt (CRC32C)");
    }
    return bytes;
  }

  /// Name of a DC.
  String dc(int index) {
    return transport.group().members().get(index).dc();
  }

  private void expect(int from, long round, String what, long theirs, long mine) {
    if (theirs != mine) {
      throw new ExchangeException(
          "round "
              + round
              + ": "
              + what
              + " of "
              + dc(from)
              + " is "
              + theirs
              + ", "
              + dc(me)
              + " (here) expects "
              + mine);
    }
  }
}
