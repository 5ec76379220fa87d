package org.strait.engine.exchange;

import java.lang.foreign.MemorySegment;
import java.util.List;
import java.util.function.Consumer;
import org.strait.engine.ledger.Ledger;
import org.strait.engine.ledger.MessageKind;
import org.strait.engine.transport.Deadline;
import org.strait.engine.transport.Transport;
import org.strait.memory.HostMemory;

/// Which data centres take part, seen by one gateway, and all messages between gateways. One per
/// session, used by all its exchanges, one after the other or in turns, in the same order in all
/// DCs; each use is a *tick*, in which every DC sends one frame to every other.
///
/// A peer is lost when its connection is closed, or when nothing comes from it, neither a frame nor
/// a beat, for several times the interval between its beats. The survivors of a tick then agree on
/// whose frames count ({@link Agreement}); one that was lost can come back ({@link Admissions}).
public final class Membership implements AutoCloseable {
  /// Least silence after which a peer counts as lost.
  private static final long LEAST_NANOS = 5_000_000_000L;

  /// Beats in that time.
  private static final int BEATS = 5;

  private final boolean fixed;
  private final HostMemory memory;
  private final Roster roster;
  private final Inbox inbox;
  private final Wire wire;
  private final Agreement agreement;
  private final Admissions admissions;
  private boolean agreed;

  /// Where DCs that want to come back are found.
  public interface Admission {
    /// Nobody comes back.
    Admission NONE =
        new Admission() {
          @Override
          public int candidate() {
            return -1;
          }

          @Override
          public void admit(int dc) {}
        };

    /// The lowest-numbered DC that this one is connected to again; -1 if there is none. Called in
    /// every round.
    int candidate();

    /// From now on the transport reaches this DC over its new connections.
    void admit(int dc);
  }

  private Membership(
      Transport transport,
      Quorum quorum,
      Ledger ledger,
      Consumer<MemberChange> listener,
      boolean fixed,
      long leastNanos,
      HostMemory parent) {
    this.fixed = fixed;
    roster = new Roster(transport.group());
    memory = parent.child("membership");
    inbox = new Inbox(transport, roster.names(), fixed, leastNanos, memory);
    wire = new Wire(transport, ledger, roster, inbox, fixed, leastNanos / BEATS, memory);
    agreement = new Agreement(roster, wire, inbox, quorum, listener, memory);
    admissions = new Admissions(roster, wire, inbox, listener, memory);
  }

  /// Every loss ends the exchange: what there was is thrown as it was met, and silence counts by
  /// the deadlines of each call.
  public static Membership fixed(Transport transport, Ledger ledger, HostMemory memory) {
    return new Membership(transport, Quorum.ALL, ledger, change -> {}, true, LEAST_NANOS, memory);
  }

  /// Goes on without those that are lost as long as the quorum is there. Sends a beat to peers that
  /// got nothing for a second, from a thread of its own.
  ///
  /// @param transport connects the gateways in DC order; stays the caller's
  /// @param ledger takes note of every message
  /// @param listener told of losses and returns, by the thread that exchanges
  public static Membership open(
      Transport transport,
      Quorum quorum,
      Ledger ledger,
      Consumer<MemberChange> listener,
      HostMemory memory) {
    return open(transport, quorum, ledger, listener, LEAST_NANOS, memory);
  }

  /// The same with another patience.
  static Membership open(
      Transport transport,
      Quorum quorum,
      Ledger ledger,
      Consumer<MemberChange> listener,
      long leastNanos,
      HostMemory memory) {
    Membership members =
        new Membership(transport, quorum, ledger, listener, false, leastNanos, memory);
    members.wire.startBeats();
    return members;
  }

  /// Lets DCs come back.
  public void admitFrom(Admission from) {
    admissions.from(from);
  }

  int dcs() {
    return roster.dcs();
  }

  /// Number of this DC.
  public int me() {
    return roster.me();
  }

  String name(int dc) {
    return roster.name(dc);
  }

  List<String> names() {
    return List.of(roster.names());
  }

  Inbox inbox() {
    return inbox;
  }

  Transport transport() {
    return wire.transport();
  }

  /// Whether a loss may be survived.
  public boolean survives() {
    return !fixed;
  }

  /// Whether frames are sent to a DC, and awaited from it.
  public boolean isThere(int dc) {
    return roster.present(dc);
  }

  /// Whether a DC was lost at some time.
  public boolean broke(int dc) {
    return roster.broke(dc);
  }

  /// Whether a DC's frame counts in the tick that was collected last; before the first, all do.
  public boolean counted(int dc) {
    return roster.counted(dc);
  }

  /// Number of DCs that count.
  int parties() {
    return roster.parties();
  }

  /// How often the DCs that count have changed so far.
  public long changes() {
    return roster.changes();
  }

  /// Bytes of messages that belong to no stream.
  public LinkBytes links() {
    return wire.links();
  }

  /// The DC that takes part from the next tick on, since the last one; -1 for none.
  public int admitted() {
    return roster.admitted();
  }

  /// Bytes per second at which long payloads of a DC were seen to arrive; 0 if none were. Read by
  /// the thread that exchanges.
  public double bytesPerSecondFrom(int dc) {
    return inbox.bytesPerSecond(dc);
  }

  /// Runs something while nothing is posted, so that counts do not move.
  public void quietly(Runnable body) {
    wire.quietly(body);
  }

  /// The next tick begins.
  ///
  /// @param mayAdmit whether a DC may come back at its end
  void begin(int kind, long ofRound, long scalars, long maxBytes, boolean mayAdmit) {
    roster.next(ofRound);
    agreed = false;
    admissions.begin(mayAdmit);
    inbox.expect(roster.tick(), kind, ofRound, scalars, maxBytes);
  }

  /// Number that this DC's frame carries for the DC that it could take in, plus 1.
  int wishToAdmit(int kind) {
    return admissions.wish(kind);
  }

  /// Posts one message; a peer that is gone is found out when it is waited for.
  void post(int to, MessageKind kind, long ofRound, Slot frame, long payloadBytes) {
    wire.post(to, kind, ofRound, frame, payloadBytes);
  }

  /// The partial sum or mean of this tick from a DC; null if somebody is lost, or if that DC has
  /// posted its frame without it, for it has given the tick up.
  Slot awaitPiece(int from, Deadline deadline) {
    while (roster.whole()) {
      Slot piece = inbox.pieces().of(from, roster.tick());
      if (piece != null) {
        return piece;
      }
      if (inbox.received(from) >= roster.tick() || !wire.step(from, deadline)) {
        return null;
      }
    }
    return null;
  }

  /// The next letter of a DC; null if somebody is lost.
  Slot awaitLetter(int from, Deadline deadline) {
    while (roster.whole()) {
      Slot letter = inbox.takeLetter(from);
      if (letter != null) {
        return letter;
      }
      if (!wire.step(from, deadline)) {
        return null;
      }
    }
    return null;
  }

  /// Whether those that are there are those that counted in the tick before.
  boolean asCounted() {
    return roster.asCounted();
  }

  /// Waits until all frames of the tick that count are here, and agrees on which these are.
  ///
  /// @throws QuorumLostException if too few are left
  void collect(Deadline deadline) {
    while (!complete(deadline)) {
      agreed = true;
      agreement.agree(deadline);
    }
    roster.count();
    for (int p = 0; p < roster.dcs(); p++) {
      if (p != roster.me() && roster.counted(p)) {
        inbox.check(p);
      }
    }
  }

  /// Reads until the frames of all that take part are here; false if somebody is lost.
  private boolean complete(Deadline deadline) {
    for (int p = 0; p < roster.dcs(); p++) {
      while (p != roster.me() && roster.there(p) && inbox.received(p) < roster.tick()) {
        if (!roster.present(p) || !wire.step(p, deadline)) {
          return false;
        }
      }
    }
    return roster.whole();
  }

  /// Ends a tick that was collected and is not to be repeated: a DC may come back.
  void end() {
    admissions.end(agreed);
  }

  /// Waits until what this tick posted may be overwritten.
  void flush(Deadline deadline) {
    wire.move(false, deadline);
  }

  /// Waits until everything posted has been handed to the wire.
  public void drain(Deadline deadline) {
    wire.move(true, deadline);
  }

  /// Gives up a DC that was admitted although nothing follows. All that take part do it.
  public void expelAdmitted() {
    admissions.expel();
  }

  /// The lowest-numbered DC that takes part, but for one that was just admitted.
  public int lowest() {
    return roster.lowest();
  }

  /// What a DC that comes back must know: tick, round, changes, who takes part, who counted last,
  /// and the last frame of each.
  public double[] numbers() {
    return roster.numbers();
  }

  /// Takes over what {@link #numbers} said; this DC takes part from the next tick on.
  ///
  /// @throws IllegalArgumentException if they are not such numbers
  public void restore(double[] numbers) {
    roster.restore(numbers, inbox);
  }

  /// The tick that was collected last.
  long tick() {
    return roster.tick();
  }

  /// The stream's round that was collected last.
  public long round() {
    return roster.round();
  }

  /// Only these are connected: this DC comes back.
  public void outside(List<Integer> connected) {
    roster.outside(connected);
  }

  /// Sends the training's state to the DC that was just admitted.
  ///
  /// @param bytes all of it; must not change until this returns
  public void sendSnapshot(MemorySegment bytes) {
    admissions.sendSnapshot(bytes);
  }

  /// Waits for the training's state, which comes from the lowest-numbered DC that takes part.
  ///
  /// @param most bytes that it may have
  /// @param owner of the bytes
  /// @throws ExchangeException if nobody sends it
  public MemorySegment awaitSnapshot(long most, HostMemory owner) {
    return admissions.awaitSnapshot(most, owner);
  }

  @Override
  public void close() {
    wire.close();
    memory.close();
  }
}
