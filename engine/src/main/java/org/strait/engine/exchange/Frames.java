package org.strait.engine.exchange;

import java.lang.foreign.MemorySegment;
import java.util.zip.CRC32C;
import org.strait.engine.ledger.MessageKind;
import org.strait.engine.transport.Deadline;
import org.strait.memory.Bytes;
import org.strait.memory.Doubles;
import org.strait.memory.HostMemory;

/// The frames that this gateway sends in one stream: a header, scalars and a payload, the same to
/// every peer unless one alone gets the payload.
final class Frames {
  private final Membership members;
  private final LinkBytes links;
  private final Slot own;
  private final CRC32C crc = new CRC32C();
  private final HostMemory memory;
  private Slot bare;

  /// @param maxPayloadBytes most bytes of a round's payload
  Frames(Membership members, long maxPayloadBytes, LinkBytes links, HostMemory memory) {
    this.members = members;
    this.links = links;
    this.memory = memory;
    own = new Slot(memory);
    long room = Math.max(maxPayloadBytes, FrameLayout.MAX_HELLO_BYTES);
    own.room(room, room);
  }

  /// Where this DC's payload is written before {@link #post}; free after the members' flush.
  Bytes ownPayload() {
    return own.payload();
  }

  /// Posts a frame with the first {@code bytes} bytes of {@link #ownPayload} to every peer that is
  /// there.
  void post(int kind, long round, double weight, Doubles values, long bytes) {
    seal(own, kind, round, weight, values, bytes);
    for (int to = 0; to < members.dcs(); to++) {
      send(to, own, kind, round, values.length(), bytes);
    }
  }

  /// Posts a frame with a payload to one peer, and one without to every other that is there.
  ///
  /// @param receiver this DC if nobody gets a payload
  void postTo(int receiver, int kind, long round, double weight, Doubles values, long bytes) {
    if (bare == null) {
      bare = new Slot(memory);
    }
    seal(own, kind, round, weight, values, bytes);
    seal(bare, kind, round, weight, values, 0);
    for (int to = 0; to < members.dcs(); to++) {
      boolean whole = to == receiver;
      send(to, whole ? own : bare, kind, round, values.length(), whole ? bytes : 0);
    }
  }

  private void seal(Slot slot, int kind, long round, double weight, Doubles values, long bytes) {
    long count = values.length();
    MemorySegment head = slot.head();
    FrameLayout.put(
        head, kind, members.me(), round, weight, count, members.wishToAdmit(kind), bytes);
    for (long i = 0; i < count; i++) {
      head.set(FrameLayout.F64, FrameLayout.HEADER_BYTES + Doubles.BYTES * i, values.get(i));
    }
    slot.seal(crc);
  }

  private void send(int to, Slot slot, int kind, long round, long count, long bytes) {
    if (to == members.me() || !members.isThere(to)) {
      return;
    }
    members.post(to, MessageKind.of(kind), round, slot, bytes);
    if (kind == FrameLayout.HELLO) {
      links.add(to, LinkBytes.Kind.HELLO, slot.headBytes() + bytes);
    } else {
      links.add(to, LinkBytes.Kind.FRAMING, FrameLayout.HEADER_BYTES);
      links.add(to, LinkBytes.Kind.SCALARS, Doubles.BYTES * count);
      links.add(to, LinkBytes.Kind.PAYLOAD, bytes);
    }
  }

  /// Agrees with every peer on what both are: says this DC's hello and compares all others' with
  /// it.
  ///
  /// @throws ExchangeException in every DC, if two disagree
  void greet(Hello hello, Doubles none, Deadline deadline) {
    long bytes = hello.write(own.payload().segment());
    members.begin(FrameLayout.HELLO, 0, 0, FrameLayout.MAX_HELLO_BYTES, false);
    post(FrameLayout.HELLO, 0, 0, none, bytes);
    members.collect(deadline);
    members.flush(deadline);
    // Compared only now: every peer has this DC's hello and can say the same.
    for (int p = 0; p < members.dcs(); p++) {
      if (p != members.me() && members.counted(p)) {
        Slot frame = members.inbox().slot(p, members.tick());
        String name = members.name(p);
        hello.agree(Hello.read(frame.payload().segment(), frame.payloadBytes(), name), p, name);
      }
    }
  }
}
