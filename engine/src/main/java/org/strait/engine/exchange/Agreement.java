package org.strait.engine.exchange;

import java.lang.foreign.MemorySegment;
import java.util.StringJoiner;
import java.util.function.Consumer;
import java.util.zip.CRC32C;
import org.strait.engine.ledger.MessageKind;
import org.strait.engine.transport.Deadline;
import org.strait.memory.Doubles;
import org.strait.memory.HostMemory;

/// How the survivors of a tick agree: each tells all others whom it believes lost and the last
/// frame of each that it holds, and again whenever it learns of another loss, until all that are
/// left name the same. A lost DC's frames count up to the last that any of them holds whole; who
/// lacks one gets it from the holder with the lowest number. So all that are left finish every tick
/// with the same frames, whenever and wherever others died, this agreement included; a DC that was
/// given up wrongly finds itself alone and ends below the quorum.
final class Agreement {
  private final Roster roster;
  private final Wire wire;
  private final Inbox inbox;
  private final Quorum quorum;
  private final Consumer<MemberChange> listener;
  private final HostMemory memory;
  private final long[] held; // last frames that this DC's latest view names
  private final CRC32C crc = new CRC32C();
  private final int dcs;
  private final int me;

  Agreement(
      Roster roster,
      Wire wire,
      Inbox inbox,
      Quorum quorum,
      Consumer<MemberChange> listener,
      HostMemory memory) {
    this.roster = roster;
    this.wire = wire;
    this.inbox = inbox;
    this.quorum = quorum;
    this.listener = listener;
    this.memory = memory;
    dcs = roster.dcs();
    me = roster.me();
    held = new long[dcs];
  }

  /// Agrees with all that are left on who they are; returns when every frame that counts is here.
  ///
  /// @throws QuorumLostException if too few are left
  void agree(Deadline deadline) {
    int flooded = -1;
    while (true) {
      adopt();
      int left = roster.left();
      checkQuorum();
      if (left != flooded) {
        flooded = left;
        flood();
        continue; // a post may have met another loss
      }
      if (reportsAgree(deadline, left) && exchangeMissing(deadline, left)) {
        install();
        return;
      }
    }
  }

  /// Believes what others say of third ones; who says that this DC is lost has given it up.
  private void adopt() {
    boolean grown = true;
    while (grown) {
      grown = false;
      for (int p = 0; p < dcs; p++) {
        for (int q = 0; p != me && roster.present(p) && q < dcs; q++) {
          if (inbox.report(p).lost(q) && roster.present(q)) {
            roster.suspect(
                q == me ? p : q,
                q == me ? "it has given this data centre up" : roster.name(p) + " has lost it");
            grown = true;
          }
        }
      }
    }
  }

  private void checkQuorum() {
    if (quorum.met(roster.present())) {
      return;
    }
    StringJoiner lost = new StringJoiner(", ");
    StringJoiner whys = new StringJoiner("; ");
    for (int p = 0; p < dcs; p++) {
      if (!roster.present(p)) {
        lost.add(roster.name(p));
        if (roster.there(p)) {
          whys.add(roster.name(p) + ": " + roster.whyLost(p));
        }
      }
    }
    throw new QuorumLostException(
        "round "
            + roster.round()
            + ": lost "
            + lost
            + " ("
            + whys
            + "); "
            + roster.left()
            + " of "
            + dcs
            + " data centres are left, too few for --quorum "
            + quorum.word());
  }

  private void flood() {
    for (int p = 0; p < dcs; p++) {
      if (roster.there(p) && !roster.present(p)) {
        wire.transport().drop(p);
      }
    }
    Slot note = new Slot(memory); // the one before may still be on its way
    MemorySegment head = note.head();
    int count = 0;
    for (int p = 0; p < dcs; p++) {
      if (!roster.present(p)) {
        long at = FrameLayout.HEADER_BYTES + Doubles.BYTES * count;
        head.set(FrameLayout.F64, at, p);
        held[p] = inbox.received(p);
        head.set(FrameLayout.F64, at + Doubles.BYTES, (double) held[p]);
        count += 2;
      }
    }
    FrameLayout.put(head, MessageKind.VIEW.code(), me, roster.tick(), 0, count, 0, 0);
    note.seal(crc);
    for (int p = 0; p < dcs; p++) {
      if (p != me && roster.present(p)) {
        wire.post(p, MessageKind.VIEW, roster.round(), note, 0);
        wire.links().add(p, LinkBytes.Kind.VIEW, note.wireBytes());
      }
    }
  }

  /// Waits for reports that name the same; false if the DCs that are left changed.
  private boolean reportsAgree(Deadline deadline, int left) {
    for (int p = 0; p < dcs; p++) {
      while (p != me && roster.present(p) && !inbox.report(p).agrees(roster.present())) {
        wire.step(p, deadline);
        adopt();
        if (roster.left() != left) {
          return false;
        }
      }
    }
    return roster.left() == left;
  }

  /// Last frame of a lost DC that a DC that is left said it holds. All go by what was said: what
  /// came since, from one who is lost meanwhile, is known to nobody else.
  private long heldBy(int p, int lost) {
    return p == me ? held[lost] : inbox.report(p).held(lost);
  }

  /// Last frame of a lost DC that anybody left holds.
  private long lastHeld(int lost) {
    long last = 0;
    for (int p = 0; p < dcs; p++) {
      if (roster.present(p)) {
        last = Math.max(last, heldBy(p, lost));
      }
    }
    return last;
  }

  private int holder(int lost, long last) {
    for (int p = 0; p < dcs; p++) {
      if (roster.present(p) && heldBy(p, lost) >= last) {
        return p;
      }
    }
    throw new IllegalStateException("nobody holds the frame " + last + " of " + roster.name(lost));
  }

  /// Sends and takes the frames of lost DCs that some hold and others lack; false if the DCs that
  /// are left changed. Also of those that this DC knew to be lost before: one that is a tick behind
  /// may still lack their last frame, if he who was to forward it is lost now.
  private boolean exchangeMissing(Deadline deadline, int left) {
    for (int q = 0; q < dcs; q++) {
      if (!roster.present(q) && holder(q, lastHeld(q)) == me) {
        forward(q, lastHeld(q));
      }
    }
    for (int q = 0; q < dcs; q++) {
      long last = roster.present(q) ? 0 : lastHeld(q);
      while (!roster.present(q) && inbox.received(q) < last) {
        wire.step(holder(q, last), deadline);
        adopt();
        if (roster.left() != left) {
          return false;
        }
      }
    }
    return roster.left() == left;
  }

  private void forward(int lost, long last) {
    for (int p = 0; p < dcs; p++) {
      long from = inbox.report(p).held(lost) + 1;
      for (long t = from; p != me && roster.present(p) && t <= last; t++) {
        Slot frame = inbox.slot(lost, t);
        long bytes = frame.headBytes() + frame.payloadBytes();
        Slot note = new Slot(memory);
        FrameLayout.put(note.head(), MessageKind.FORWARD.code(), me, t, 0, 0, 0, bytes);
        note.sealHead(crc);
        wire.postInside(p, MessageKind.FORWARD, LinkBytes.Kind.FORWARD, note, frame);
      }
    }
  }

  private void install() {
    for (int q = 0; q < dcs; q++) {
      if (roster.there(q) && !roster.present(q)) {
        roster.lose(q, inbox.received(q));
        listener.accept(
            new MemberChange(roster.round(), roster.name(q), "lost", roster.whyLost(q)));
      }
      inbox.report(q).clear();
    }
  }
}
