package org.strait.engine.exchange;

import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import java.util.zip.CRC32C;
import org.strait.engine.ledger.MessageKind;
import org.strait.engine.transport.Deadline;
import org.strait.engine.transport.PeerLostException;
import org.strait.engine.transport.Transport;
import org.strait.memory.HostMemory;

/// What comes from other gateways, message by message. Frames of a DC are counted through over all
/// streams; its frame number t, t from 1, is its part in *tick* t. The last two of each DC are
/// kept: that of the tick that is being collected and, of the others, either the one before (for a
/// survivor that is still at it) or the one after (of a survivor that is ahead). Nobody can be more
/// than one tick ahead, for a tick needs frames of all.
final class Inbox {
  /// Silence after which a peer counts as lost: so many times the longest silence that it broke so
  /// far, at least the given one.
  private static final int TIMES = 5;

  /// Least payload, wait and time that say something about a link's rate.
  private static final long SEEN_BYTES = 8192;

  private static final long SEEN_NANOS = 1_000_000L;
  private static final long MOST_NANOS = 60_000_000_000L;

  /// What the frames of the tick that is collected must be.
  private int kind;
  private long round;
  private long scalars;
  private long maxBytes;
  private long tick;

  private final Transport transport;
  private final String[] names;
  private final int me;
  private final Slot[][] slots;
  private final Pieces pieces;
  private final Slot[] letters;
  private final boolean[] unread;
  private final long[] letterNumbers;
  private final Slot header;
  private final long[] received;
  private final Report[] reports;
  private final Deadline[] patience;
  private final PeerLostException[] news;
  private final CRC32C crc = new CRC32C();
  private final HostMemory memory;
  private final boolean fixed;
  private final long leastNanos;
  private final double[] bytesPerSecond;
  private boolean patient;
  private long waitedNanos;
  private boolean inPieces;
  private long mostBytes = FrameLayout.MAX_HELLO_BYTES;
  private long mostLetterBytes = -1;

  /// @param fixed whether peers that are silent are given the caller's deadline, and every loss is
  ///     thrown at once
  /// @param leastNanos least silence after which a peer counts as lost
  Inbox(Transport transport, String[] names, boolean fixed, long leastNanos, HostMemory memory) {
    this.transport = transport;
    this.names = names;
    this.fixed = fixed;
    this.leastNanos = leastNanos;
    this.memory = memory;
    me = transport.group().me();
    int dcs = names.length;
    slots = new Slot[dcs][2];
    pieces = new Pieces(dcs, memory);
    letters = new Slot[dcs];
    unread = new boolean[dcs];
    letterNumbers = new long[dcs];
    received = new long[dcs];
    reports = new Report[dcs];
    patience = new Deadline[dcs];
    news = new PeerLostException[dcs];
    bytesPerSecond = new double[dcs];
    for (int p = 0; p < dcs; p++) {
      reports[p] = new Report(dcs);
      patience[p] = new Deadline("exchange between data centres", leastNanos);
      for (int i = 0; i < 2 && p != me; i++) {
        slots[p][i] = new Slot(memory);
      }
    }
    header = new Slot(memory);
  }

  /// Says what the next tick's frames must be.
  void expect(long nextTick, int nextKind, long nextRound, long nextScalars, long nextMaxBytes) {
    tick = nextTick;
    kind = nextKind;
    round = nextRound;
    scalars = nextScalars;
    maxBytes = nextMaxBytes;
  }

  /// A stream was opened: of payloads that come before its ticks are expected, since their sender
  /// is ahead, none is longer.
  ///
  /// @param withPieces whether partial sums and means travel beside the frames
  void open(long streamsMaxBytes, boolean withPieces) {
    mostBytes = Math.max(mostBytes, streamsMaxBytes);
    inPieces |= withPieces;
  }

  /// From now on letters may come ({@link Star}); only the last of each DC is kept.
  void openLetters(long mostPayloadBytes) {
    mostLetterBytes = mostPayloadBytes;
    Arrays.fill(letterNumbers, 0);
    Arrays.fill(unread, false);
  }

  /// The letter of a DC that was not taken yet; null if none is here.
  Slot takeLetter(int from) {
    boolean here = unread[from];
    unread[from] = false;
    return here ? letters[from] : null;
  }

  /// Partial means and means that came.
  Pieces pieces() {
    return pieces;
  }

  /// Number of the last frame of a DC that is here.
  long received(int dc) {
    return received[dc];
  }

  /// Frames of a DC that comes back are counted from here.
  void startAt(int dc, long lastTick) {
    received[dc] = lastTick;
    reports[dc].clear();
    news[dc] = null;
    pieces.forget(dc);
    patience[dc] = new Deadline("exchange between data centres", leastNanos);
  }

  /// The frame of a DC in a tick; only the last two are there.
  Slot slot(int dc, long ofTick) {
    return slots[dc][(int) (ofTick & 1)];
  }

  Report report(int dc) {
    return reports[dc];
  }

  /// The loss of a DC that was met while another one was read, once; null if there is none.
  PeerLostException takeNews(int dc) {
    PeerLostException loss = news[dc];
    news[dc] = null;
    return loss;
  }

  /// Reads one message of a DC, whatever it is.
  ///
  /// @throws PeerLostException if that DC is gone; another's loss is kept for {@link #takeNews}
  /// @throws ExchangeException if it is not a message that may come now
  MessageKind read(int from, Deadline deadline) {
    MemorySegment head = header.head();
    long sinceNanos = System.nanoTime();
    take(from, head, 0, FrameLayout.SHORT_BYTES, deadline);
    waitedNanos = System.nanoTime() - sinceNanos;
    waited(from, waitedNanos);
    int magic = FrameLayout.u16(head, FrameLayout.MAGIC_OFFSET);
    if (magic != FrameLayout.MAGIC) {
      throw new ExchangeException(
          String.format(
              "round %d: %s does not speak Strait's protocol: magic %04x, expected %04x",
              round, names[from], magic, FrameLayout.MAGIC));
    }
    int version = FrameLayout.u8(head, FrameLayout.VERSION_OFFSET);
    expect(from, "protocol version", version, FrameLayout.VERSION);
    head.set(FrameLayout.F64, FrameLayout.WEIGHT_OFFSET, 0);
    head.set(FrameLayout.U16, FrameLayout.ADMIT_OFFSET, (short) 0);
    take(from, head, FrameLayout.SHORT_BYTES, FrameLayout.headerBytes(header.kind()), deadline);
    if (!header.headIsWhole(crc)) {
      throw new ExchangeException(
          "round " + round + ": header of " + names[from] + " is corrupt (CRC32C)");
    }
    int code = FrameLayout.u8(head, FrameLayout.KIND_OFFSET);
    MessageKind read = MessageKind.of(code);
    if (inPieces && (read == MessageKind.PARTIAL || read == MessageKind.MEAN)) {
      piece(from, deadline);
      return read;
    }
    if (mostLetterBytes >= 0 && (read == MessageKind.SHARE || read == MessageKind.STEP)) {
      letter(from, deadline);
      return read;
    }
    if (fixed || read == null) {
      data(from, code, deadline);
      return read;
    }
    switch (read) {
      case BEAT -> expect(from, "DC number", FrameLayout.u16(head, FrameLayout.FROM_OFFSET), from);
      case VIEW -> view(from, deadline);
      case FORWARD -> forwarded(from, deadline);
      case SNAPSHOT -> {
        // The caller reads its payload.
      }
      default -> data(from, code, deadline);
    }
    return read;
  }

  /// Bytes of the payload of the snapshot whose header came last.
  long snapshotBytes() {
    return header.payloadBytes();
  }

  /// Takes the payload of the snapshot whose header came last.
  void snapshot(int from, MemorySegment into, Deadline deadline) {
    take(from, into, 0, into.byteSize(), deadline);
  }

  private void waited(int from, long nanos) {
    if (TIMES * nanos > patience[from].idleNanos() && !patient) {
      long idle = Math.min(MOST_NANOS, TIMES * nanos);
      patience[from] = new Deadline(patience[from].phase(), idle);
    }
  }

  /// Whether peers are waited for as long as the caller says: before this DC takes part nobody
  /// beats for it.
  void patient(boolean asCallerSays) {
    patient = asCallerSays;
  }

  private void view(int from, Deadline deadline) {
    MemorySegment head = header.head();
    expect(from, "DC number", FrameLayout.u16(head, FrameLayout.FROM_OFFSET), from);
    long count = header.scalars();
    if (count % 2 != 0 || count > 2L * names.length || header.payloadBytes() != 0) {
      throw new ExchangeException(
          "round " + round + ": " + names[from] + " sent a view of " + count + " numbers");
    }
    take(from, head, FrameLayout.HEADER_BYTES, header.headBytes(), deadline);
    whole(from, header);
    reports[from].begin();
    for (long i = 0; i < count; i += 2) {
      int dc = (int) header.scalar(i);
      if (dc < 0 || dc >= names.length) {
        throw new ExchangeException(
            "round " + round + ": " + names[from] + " sent a view of data centre " + dc);
      }
      long held = (long) header.scalar(i + 1);
      // Its sender is at most a tick ahead, and so was the lost one of it; a frame that nobody has
      // would be waited for.
      if (held < 0 || (tick > 0 && held > tick + 2)) {
        throw new ExchangeException(
            "round "
                + round
                + ": "
                + names[from]
                + " says that it holds frame "
                + held
                + " of "
                + names[dc]
                + ", here it is turn "
                + tick);
      }
      reports[from].add(dc, held);
    }
  }

  /// A frame of a lost DC, as a survivor holds it: the next one of that DC that is missing here, or
  /// one that came meanwhile from another survivor.
  private void forwarded(int from, Deadline deadline) {
    long left = header.payloadBytes();
    MemorySegment head = header.head();
    long ofTick = FrameLayout.round(head);
    take(from, head, 0, FrameLayout.HEADER_BYTES, deadline);
    int dc = FrameLayout.u16(head, FrameLayout.FROM_OFFSET);
    if (dc >= names.length
        || dc == me
        || dc == from
        || ofTick > received[dc] + 1
        || header.scalars() > FrameLayout.MAX_SCALARS
        || left != header.headBytes() + header.payloadBytes()) {
      throw new ExchangeException(
          "round " + round + ": " + names[from] + " forwarded what is no frame");
    }
    if (ofTick <= received[dc]) {
      into(header, from, dc, deadline);
      return;
    }
    body(from, dc, deadline);
  }

  /// A partial sum or a mean beside the frames, of this tick or the next.
  private void piece(int from, Deadline deadline) {
    MemorySegment head = header.head();
    expect(from, "DC number", FrameLayout.u16(head, FrameLayout.FROM_OFFSET), from);
    long ofTick = FrameLayout.round(head);
    double weight = header.weight();
    if (ofTick <= pieces.last(from)
        || ofTick > tick + 1
        || header.scalars() != 0
        || !(weight >= 0 && weight <= Double.MAX_VALUE)) {
      throw new ExchangeException(
          "round "
              + round
              + ": "
              + names[from]
              + " sent a partial sum of turn "
              + ofTick
              + " and weight "
              + weight
              + ", here it is turn "
              + tick);
    }
    Slot slot = pieces.room(from, ofTick);
    MemorySegment.copy(head, 0, slot.head(), 0, FrameLayout.HEADER_BYTES);
    into(slot, from, from, deadline);
    pieces.whole(from, ofTick);
  }

  /// A letter: the next of its sender, whose last one was taken.
  private void letter(int from, Deadline deadline) {
    MemorySegment head = header.head();
    expect(from, "DC number", FrameLayout.u16(head, FrameLayout.FROM_OFFSET), from);
    long number = FrameLayout.round(head);
    expect(from, "number of a message", number, letterNumbers[from] + 1);
    expect(from, "number of messages before it that were not read", unread[from] ? 1 : 0, 0);
    if (header.scalars() > FrameLayout.MAX_SCALARS || header.payloadBytes() > mostLetterBytes) {
      throw tooLong(from, header.payloadBytes(), mostLetterBytes);
    }
    if (letters[from] == null) {
      letters[from] = new Slot(memory);
    }
    Slot slot = letters[from];
    MemorySegment.copy(head, 0, slot.head(), 0, FrameLayout.HEADER_BYTES);
    slot.room(slot.payloadBytes(), mostLetterBytes);
    take(from, slot.head(), FrameLayout.HEADER_BYTES, slot.headBytes(), deadline);
    take(from, slot.payload().segment(), 0, slot.payloadBytes(), deadline);
    whole(from, slot);
    letterNumbers[from] = number;
    unread[from] = true;
  }

  private void data(int from, int code, Deadline deadline) {
    if (received[from] > tick) {
      throw new ExchangeException(
          "round " + round + ": " + names[from] + " is more than a round ahead");
    }
    if (received[from] + 1 == tick) {
      check(from, header, code);
    }
    body(from, from, deadline);
  }

  /// Receives the body of the frame of {@code dc} whose header is here.
  private void body(int from, int dc, Deadline deadline) {
    Slot slot = slot(dc, received[dc] + 1);
    MemorySegment.copy(header.head(), 0, slot.head(), 0, FrameLayout.HEADER_BYTES);
    into(slot, from, dc, deadline);
    received[dc]++;
  }

  private void into(Slot slot, int from, int dc, Deadline deadline) {
    long most = Math.max(maxBytes, mostBytes);
    if (slot.scalars() > FrameLayout.MAX_SCALARS || slot.payloadBytes() > most) {
      throw tooLong(dc, slot.payloadBytes(), most);
    }
    slot.room(slot.payloadBytes(), most);
    take(from, slot.head(), FrameLayout.HEADER_BYTES, slot.headBytes(), deadline);
    long sinceNanos = System.nanoTime();
    take(from, slot.payload().segment(), 0, slot.payloadBytes(), deadline);
    saw(from, slot.payloadBytes(), System.nanoTime() - sinceNanos);
    whole(dc, slot);
  }

  /// How fast a payload came, if it came while it was waited for: then nothing of it had arrived
  /// before its header.
  private void saw(int from, long bytes, long nanos) {
    if (bytes >= SEEN_BYTES && waitedNanos >= SEEN_NANOS && nanos >= SEEN_NANOS) {
      double rate = bytes * 1e9 / nanos;
      double before = bytesPerSecond[from];
      bytesPerSecond[from] = before == 0 ? rate : before + (rate - before) / 4;
    }
  }

  /// Bytes per second of payloads from a DC, as far as they were seen to arrive; 0 if never.
  double bytesPerSecond(int from) {
    return bytesPerSecond[from];
  }

  private void whole(int from, Slot slot) {
    if (!slot.bodyIsWhole(crc)) {
      throw new ExchangeException(
          "round " + round + ": scalars or payload of " + names[from] + " are corrupt (CRC32C)");
    }
  }

  /// Checks that a frame is the one that this tick expects.
  ///
  /// @throws ExchangeException if not; names the DC and both values
  void check(int from) {
    Slot slot = slot(from, tick);
    check(from, slot, FrameLayout.u8(slot.head(), FrameLayout.KIND_OFFSET));
  }

  private void check(int from, Slot slot, int code) {
    MemorySegment head = slot.head();
    if (code != kind) {
      throw new ExchangeException(
          "round "
              + round
              + ": "
              + names[from]
              + " sent a frame of kind "
              + FrameLayout.kindName(code)
              + ", "
              + names[me]
              + " (here) expects "
              + FrameLayout.kindName(kind));
    }
    expect(from, "DC number", FrameLayout.u16(head, FrameLayout.FROM_OFFSET), from);
    expect(from, "round", FrameLayout.round(head), round);
    expect(from, "number of scalars", slot.scalars(), scalars);
    if (slot.payloadBytes() > maxBytes) {
      throw tooLong(from, slot.payloadBytes(), maxBytes);
    }
    double weight = slot.weight();
    if (!(weight >= 0 && weight <= Double.MAX_VALUE)) {
      throw new ExchangeException(
          "round "
              + round
              + ": weight of "
              + names[from]
              + " is "
              + weight
              + ", expected at least 0 and finite");
    }
  }

  private ExchangeException tooLong(int from, long bytes, long most) {
    return new ExchangeException(
        "round "
            + round
            + ": "
            + names[from]
            + " announces a payload of "
            + bytes
            + " bytes, at most "
            + most
            + " expected");
  }

  private void expect(int from, String what, long theirs, long mine) {
    if (theirs != mine) {
      throw new ExchangeException(
          "round "
              + round
              + ": "
              + what
              + " of "
              + names[from]
              + " is "
              + theirs
              + ", "
              + names[me]
              + " (here) expects "
              + mine);
    }
  }

  /// Fills bytes [at, end). That another DC is lost meanwhile does not break the message.
  private void take(int from, MemorySegment into, long at, long end, Deadline deadline) {
    long next = at;
    while (next < end) {
      try {
        transport.receive(
            from, into, next, end - next, fixed || patient ? deadline : patience[from]);
        next = end;
      } catch (PeerLostException e) {
        int lost = transport.group().members().indexOf(e.peer());
        if (fixed || lost == from || lost < 0) {
          throw e;
        }
        next += e.receivedBytes();
        if (news[lost] == null) {
          news[lost] = e;
        }
      }
    }
  }
}
