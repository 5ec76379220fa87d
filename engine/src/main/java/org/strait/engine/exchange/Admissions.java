package org.strait.engine.exchange;

import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import java.util.zip.CRC32C;
import org.strait.engine.ledger.MessageKind;
import org.strait.engine.transport.Deadline;
import org.strait.engine.transport.PeerLostException;
import org.strait.memory.HostMemory;

/// DCs that come back: each DC's frame says whom it is connected to again; when all say the same
/// one, it takes part from the next tick on, and gets the training's state from the lowest-numbered
/// of the others.
final class Admissions {
  private static final Deadline LONG = Deadline.seconds("exchange between data centres", 120);

  private final Roster roster;
  private final Wire wire;
  private final Inbox inbox;
  private final Consumer<MemberChange> listener;
  private final HostMemory memory;
  private Membership.Admission from = Membership.Admission.NONE;
  private boolean possible;
  private int ownWish;

  Admissions(
      Roster roster, Wire wire, Inbox inbox, Consumer<MemberChange> listener, HostMemory memory) {
    this.roster = roster;
    this.wire = wire;
    this.inbox = inbox;
    this.listener = listener;
    this.memory = memory;
  }

  void from(Membership.Admission where) {
    from = where;
  }

  /// A tick begins.
  ///
  /// @param mayAdmit whether a DC may come back at its end
  void begin(boolean mayAdmit) {
    ownWish = 0;
    possible = mayAdmit;
  }

  /// Number that this DC's frame carries for the DC that it could take in, plus 1.
  int wish(int kind) {
    ownWish = possible && kind == FrameLayout.VECTOR ? from.candidate() + 1 : 0;
    return ownWish;
  }

  /// If all that take part are connected to the same DC again, it takes part from now on; not in a
  /// tick in which a loss was agreed on, for a survivor that is one tick ahead has then given up
  /// what it may have admitted at the end of this one.
  void end(boolean agreed) {
    int wanted = possible && !agreed ? wishOf(roster.me()) : 0;
    for (int p = 0; p < roster.dcs() && wanted > 0; p++) {
      if (roster.counted(p) && (!roster.there(p) || wishOf(p) != wanted)) {
        wanted = 0;
      }
    }
    if (wanted == 0 || wanted > roster.dcs() || roster.there(wanted - 1)) {
      return;
    }
    int admitted = wanted - 1;
    from.admit(admitted);
    inbox.startAt(admitted, roster.tick());
    roster.admit(admitted);
    listener.accept(
        new MemberChange(roster.round() + 1, roster.name(admitted), "rejoined", "it came back"));
  }

  private int wishOf(int dc) {
    return dc == roster.me() ? ownWish : inbox.slot(dc, roster.tick()).admit();
  }

  /// Gives up a DC that was admitted although nothing follows.
  void expel() {
    int admitted = roster.admitted();
    if (admitted >= 0) {
      roster.expelAdmitted();
      wire.transport().drop(admitted);
    }
  }

  /// Sends the training's state to the DC that was just admitted.
  void sendSnapshot(MemorySegment bytes) {
    Slot note = new Slot(memory);
    int kind = MessageKind.SNAPSHOT.code();
    FrameLayout.put(note.head(), kind, roster.me(), roster.tick(), 0, 0, 0, bytes.byteSize());
    note.sealHead(new CRC32C());
    wire.post(roster.admitted(), MessageKind.SNAPSHOT, LinkBytes.Kind.SNAPSHOT, note, bytes);
    wire.move(false, LONG);
  }

  /// Waits for the training's state.
  MemorySegment awaitSnapshot(long most, HostMemory owner) {
    List<String> lost = new ArrayList<>();
    inbox.patient(true);
    for (int p = 0; p < roster.dcs(); p++) {
      while (p != roster.me() && roster.present(p)) {
        try {
          MessageKind kind = inbox.read(p, LONG);
          if (kind == MessageKind.SNAPSHOT) {
            MemorySegment state = owner.bytes(checked(p, most)).segment();
            inbox.snapshot(p, state, LONG);
            inbox.patient(false);
            return state;
          }
          if (kind != MessageKind.BEAT && kind != MessageKind.VIEW) {
            throw new ExchangeException(
                roster.name(p)
                    + " goes on with round "
                    + (roster.round() + 1)
                    + " and has sent no state");
          }
        } catch (PeerLostException e) {
          roster.suspect(p, e);
          lost.add(roster.name(p) + " (" + e.why() + ")");
        }
        wire.news();
      }
    }
    throw new ExchangeException(
        "no data centre took this one in: lost "
            + String.join(", ", lost)
            + "; the training may have ended");
  }

  private long checked(int p, long most) {
    long bytes = inbox.snapshotBytes();
    if (bytes > most) {
      throw new ExchangeException(
          roster.name(p) + " sends a state of " + bytes + " bytes, at most " + most + " expected");
    }
    return bytes;
  }
}
