package org.strait.engine.exchange;

import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.StringJoiner;
import java.util.function.Consumer;
import java.util.zip.CRC32C;
import org.strait.engine.ledger.Ledger;
import org.strait.engine.ledger.MessageKind;
import org.strait.engine.transport.Deadline;
import org.strait.engine.transport.PeerLostException;
import org.strait.engine.transport.Transport;
import org.strait.memory.Doubles;
import org.strait.memory.HostMemory;

/// Which data centres take part, seen by one gateway, and all messages between gateways. One per
/// session, used by all its exchanges, one after the other or in turns, in the same order in all
/// DCs; each use is a *tick*, in which every DC sends one frame to every other.
///
/// A peer is lost when its connection is closed, or when nothing comes from it, neither a frame nor
/// a beat, for several times the interval between its beats. The survivors of a tick then agree:
/// each tells all others whom it believes lost and the last frame of each that it holds, and again
/// whenever it learns of another loss, until all that are left name the same. A lost DC's frames
/// count up to the last that any of them holds whole; who lacks one gets it from the holder with
/// the lowest number. So all that are left finish every tick with the same frames, whenever and
/// wherever others died, this agreement included; a DC that was given up wrongly finds itself alone
/// and ends below the quorum.
public final class Membership implements AutoCloseable {
  /// Least silence after which a peer counts as lost.
  private static final long LEAST_NANOS = 5_000_000_000L;

  /// Beats in that time.
  private static final int BEATS = 5;

  private static final Deadline LONG = Deadline.seconds("exchange between data centres", 120);

  private final Transport transport;
  private final Quorum quorum;
  private final Ledger ledger;
  private final Consumer<MemberChange> listener;
  private final HostMemory memory;
  private final String[] names;
  private final int dcs;
  private final int me;
  private final boolean fixed;
  private final Inbox inbox;
  private final LinkBytes links;
  private final boolean[] there;
  private final boolean[] present; // there and not believed lost
  private final boolean[] broke;
  private final long[] lastTick;
  private final long[] held; // last frames that this DC's latest view names
  private final String[] whyLost;
  private final boolean[] counted;
  private final boolean[] countedBefore;
  private final Beats beats;
  private final CRC32C crc = new CRC32C();
  private final Object posting = new Object();
  private Admission admission = Admission.NONE;
  private long tick;
  private long round;
  private long changes;
  private boolean admitting;
  private int admitted = -1;
  private int ownWish;
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
    this.transport = transport;
    this.quorum = quorum;
    this.ledger = ledger;
    this.listener = listener;
    this.fixed = fixed;
    me = transport.group().me();
    names = transport.group().members().stream().map(m -> m.dc()).toArray(String[]::new);
    dcs = names.length;
    if (dcs > FrameLayout.MAX_DCS) {
      throw new IllegalArgumentException(
          dcs + " data centres, at most " + FrameLayout.MAX_DCS + " can exchange");
    }
    memory = parent.child("membership");
    inbox = new Inbox(transport, names, fixed, leastNanos, memory);
    links = new LinkBytes(dcs);
    there = new boolean[dcs];
    present = new boolean[dcs];
    counted = new boolean[dcs];
    countedBefore = new boolean[dcs];
    lastTick = new long[dcs];
    held = new long[dcs];
    broke = new boolean[dcs];
    whyLost = new String[dcs];
    Arrays.fill(there, true);
    Arrays.fill(present, true);
    Arrays.fill(countedBefore, true);
    beats = fixed ? null : new Beats(this, leastNanos / BEATS);
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
    members.beats.start();
    return members;
  }

  /// Lets DCs come back.
  public void admitFrom(Admission from) {
    admission = from;
  }

  int dcs() {
    return dcs;
  }

  /// Number of this DC.
  public int me() {
    return me;
  }

  String name(int dc) {
    return names[dc];
  }

  Inbox inbox() {
    return inbox;
  }

  Transport transport() {
    return transport;
  }

  /// Whether a loss may be survived.
  public boolean survives() {
    return !fixed;
  }

  /// Whether frames are sent to a DC, and awaited from it.
  public boolean isThere(int dc) {
    return present[dc];
  }

  /// Whether a DC was lost at some time.
  public boolean broke(int dc) {
    return broke[dc] || !present[dc];
  }

  /// Whether a DC's frame counts in the tick that was collected last.
  public boolean counted(int dc) {
    return counted[dc];
  }

  /// How often the DCs that count have changed so far.
  public long changes() {
    return changes;
  }

  /// Bytes of messages that belong to no stream.
  public LinkBytes links() {
    return links;
  }

  /// The DC that takes part from the next tick on, since the last one; -1 for none.
  public int admitted() {
    return admitted;
  }

  /// Runs something while nothing is posted, so that counts do not move.
  public void quietly(Runnable body) {
    synchronized (posting) {
      body.run();
    }
  }

  /// The next tick begins.
  ///
  /// @param mayAdmit whether a DC may come back at its end
  void begin(int kind, long ofRound, long scalars, long maxBytes, boolean mayAdmit) {
    tick++;
    round = ofRound;
    admitted = -1;
    agreed = false;
    ownWish = 0;
    admitting = mayAdmit;
    inbox.expect(tick, kind, ofRound, scalars, maxBytes);
  }

  /// Number that this DC's frame carries for the DC that it could take in, plus 1.
  int wishToAdmit(int kind) {
    ownWish = admitting && kind == FrameLayout.VECTOR ? admission.candidate() + 1 : 0;
    return ownWish;
  }

  /// Posts one message; a peer that is gone is found out when it is waited for.
  void post(int to, MessageKind kind, long ofRound, Slot frame, long payloadBytes) {
    long headBytes = frame.headBytes();
    synchronized (posting) {
      try {
        transport.post(to, frame.head(), 0, headBytes);
        if (payloadBytes > 0) {
          transport.post(to, frame.payload().segment(), 0, payloadBytes);
        }
      } catch (PeerLostException e) {
        if (fixed) {
          throw e;
        }
        suspect(to, e);
        return;
      }
      ledger.sent(to, kind, ofRound, headBytes + payloadBytes);
      if (beats != null) {
        beats.posted(to);
      }
    }
  }

  /// Waits until all frames of the tick that count are here, and agrees on which these are.
  ///
  /// @throws QuorumLostException if too few are left
  void collect(Deadline deadline) {
    boolean complete = false;
    while (!complete) {
      complete = true;
      for (int p = 0; p < dcs && complete; p++) {
        while (p != me && complete && there[p] && inbox.received(p) < tick) {
          complete = present[p] && step(p, deadline);
        }
      }
      complete = complete && Arrays.equals(there, present);
      if (!complete) {
        agree(deadline);
      }
    }
    boolean changed = false;
    for (int p = 0; p < dcs; p++) {
      counted[p] = p == me || there[p] || lastTick[p] >= tick;
      if (counted[p] && p != me) {
        inbox.check(p);
      }
      changed |= counted[p] != countedBefore[p];
      countedBefore[p] = counted[p];
    }
    changes += changed ? 1 : 0;
    admit();
  }

  /// Waits until what this tick posted may be overwritten.
  void flush(Deadline deadline) {
    move(false, deadline);
  }

  /// Waits until everything posted has been handed to the wire.
  public void drain(Deadline deadline) {
    move(true, deadline);
  }

  private void move(boolean ontoTheWire, Deadline deadline) {
    boolean moved = false;
    while (!moved) {
      try {
        if (ontoTheWire) {
          transport.drain(deadline);
        } else {
          transport.flush(deadline);
        }
        moved = true;
      } catch (PeerLostException e) {
        if (fixed) {
          throw e;
        }
        int lost = index(e);
        suspect(lost, e);
        transport.drop(lost); // the next tick agrees on it
      }
    }
  }

  /// Number of DCs that count.
  int parties() {
    int count = 0;
    for (boolean one : counted) {
      count += one ? 1 : 0;
    }
    return count;
  }

  /// Reads one message of a DC. False if somebody is lost, or a DC says so.
  private boolean step(int p, Deadline deadline) {
    try {
      MessageKind kind = inbox.read(p, deadline);
      if (kind == MessageKind.SNAPSHOT) {
        throw new ExchangeException("round " + round + ": " + names[p] + " sent a snapshot");
      }
    } catch (PeerLostException e) {
      if (fixed) {
        throw e;
      }
      suspect(p, e);
    }
    return news() && !inbox.report(p).there();
  }

  /// Takes over losses that were met while others were read; false if there are any.
  private boolean news() {
    boolean none = true;
    for (int p = 0; p < dcs; p++) {
      PeerLostException loss = inbox.takeNews(p);
      if (loss != null) {
        suspect(p, loss);
      }
      none &= present[p] == there[p];
    }
    return none;
  }

  private void suspect(int dc, PeerLostException e) {
    if (present[dc]) {
      present[dc] = false;
      whyLost[dc] =
          e.why()
              + (e.waitedNanos() > 1_000_000_000L
                  ? String.format(" (waited %.1f s)", e.waitedNanos() / 1e9)
                  : "");
    }
  }

  /// Agrees with all that are left on who they are; returns when every frame that counts is here.
  private void agree(Deadline deadline) {
    int flooded = -1;
    agreed = true;
    while (true) {
      adopt();
      int left = left();
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
        for (int q = 0; p != me && present[p] && q < dcs; q++) {
          if (inbox.report(p).lost(q) && present[q]) {
            int gone = q == me ? p : q;
            present[gone] = false;
            whyLost[gone] =
                q == me ? "it has given this data centre up" : names[p] + " has lost it";
            grown = true;
          }
        }
      }
    }
  }

  private int left() {
    int count = 0;
    for (boolean one : present) {
      count += one ? 1 : 0;
    }
    return count;
  }

  private void checkQuorum() {
    if (quorum.met(present)) {
      return;
    }
    StringJoiner lost = new StringJoiner(", ");
    StringJoiner whys = new StringJoiner("; ");
    for (int p = 0; p < dcs; p++) {
      if (!present[p]) {
        lost.add(names[p]);
        if (there[p]) {
          whys.add(names[p] + ": " + whyLost[p]);
        }
      }
    }
    throw new QuorumLostException(
        "round "
            + round
            + ": lost "
            + lost
            + " ("
            + whys
            + "); "
            + left()
            + " of "
            + dcs
            + " data centres are left, too few for --quorum "
            + quorum.word());
  }

  private void flood() {
    for (int p = 0; p < dcs; p++) {
      if (there[p] && !present[p]) {
        transport.drop(p);
      }
    }
    Slot note = new Slot(memory); // the one before may still be on its way
    MemorySegment head = note.head();
    int count = 0;
    for (int p = 0; p < dcs; p++) {
      if (!present[p]) {
        long at = FrameLayout.HEADER_BYTES + Doubles.BYTES * count;
        head.set(FrameLayout.F64, at, p);
        held[p] = inbox.received(p);
        head.set(FrameLayout.F64, at + Doubles.BYTES, (double) held[p]);
        count += 2;
      }
    }
    FrameLayout.put(head, MessageKind.VIEW.code(), me, tick, 0, count, 0, 0);
    note.seal(crc);
    for (int p = 0; p < dcs; p++) {
      if (p != me && present[p]) {
        post(p, MessageKind.VIEW, round, note, 0);
        links.add(p, LinkBytes.Kind.VIEW, note.headBytes());
      }
    }
  }

  /// Waits for reports that name the same; false if the DCs that are left changed.
  private boolean reportsAgree(Deadline deadline, int left) {
    for (int p = 0; p < dcs; p++) {
      while (p != me && present[p] && !inbox.report(p).agrees(present)) {
        step(p, deadline);
        adopt();
        if (left() != left) {
          return false;
        }
      }
    }
    return left() == left;
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
      if (present[p]) {
        last = Math.max(last, heldBy(p, lost));
      }
    }
    return last;
  }

  private int holder(int lost, long last) {
    for (int p = 0; p < dcs; p++) {
      if (present[p] && heldBy(p, lost) >= last) {
        return p;
      }
    }
    throw new IllegalStateException("nobody holds the frame " + last + " of " + names[lost]);
  }

  /// Sends and takes the frames of lost DCs that some hold and others lack; false if the DCs that
  /// are left changed. Also of those that this DC knew to be lost before: one that is a tick behind
  /// may still lack their last frame, if he who was to forward it is lost now.
  private boolean exchangeMissing(Deadline deadline, int left) {
    for (int q = 0; q < dcs; q++) {
      if (!present[q] && holder(q, lastHeld(q)) == me) {
        forward(q, lastHeld(q));
      }
    }
    for (int q = 0; q < dcs; q++) {
      long last = present[q] ? 0 : lastHeld(q);
      while (!present[q] && inbox.received(q) < last) {
        step(holder(q, last), deadline);
        adopt();
        if (left() != left) {
          return false;
        }
      }
    }
    return left() == left;
  }

  private void forward(int lost, long last) {
    for (int p = 0; p < dcs; p++) {
      for (long t = inbox.report(p).held(lost) + 1; p != me && present[p] && t <= last; t++) {
        Slot frame = inbox.slot(lost, t);
        long bytes = frame.headBytes() + frame.payloadBytes();
        Slot note = new Slot(memory);
        FrameLayout.put(note.head(), MessageKind.FORWARD.code(), me, t, 0, 0, 0, bytes);
        note.sealHead(crc);
        synchronized (posting) {
          post(p, MessageKind.FORWARD, round, note, 0);
          // The header is noted as a message of its own: it may be all that leaves.
          links.add(p, LinkBytes.Kind.FORWARD, note.headBytes());
          post(p, MessageKind.FORWARD, round, frame, frame.payloadBytes());
          links.add(p, LinkBytes.Kind.FORWARD, bytes);
        }
      }
    }
  }

  private void install() {
    for (int q = 0; q < dcs; q++) {
      if (there[q] && !present[q]) {
        there[q] = false;
        broke[q] = true;
        lastTick[q] = inbox.received(q);
        listener.accept(new MemberChange(round, names[q], "lost", whyLost[q]));
      }
      inbox.report(q).clear();
    }
  }

  /// If all that take part are connected to the same DC again, it takes part from now on; not in a
  /// tick in which a loss was agreed on, for a survivor that is one tick ahead has then given up
  /// what it may have admitted at the end of this one.
  private void admit() {
    int wanted = admitting && !agreed ? wishOf(me) : 0;
    for (int p = 0; p < dcs && wanted > 0; p++) {
      if (counted[p] && (!there[p] || wishOf(p) != wanted)) {
        wanted = 0;
      }
    }
    if (wanted == 0 || wanted > dcs || there[wanted - 1]) {
      return;
    }
    admitted = wanted - 1;
    admission.admit(admitted);
    inbox.startAt(admitted, tick);
    there[admitted] = true;
    present[admitted] = true;
    listener.accept(new MemberChange(round + 1, names[admitted], "rejoined", "it came back"));
  }

  private int wishOf(int dc) {
    return dc == me ? ownWish : inbox.slot(dc, tick).admit();
  }

  /// Gives up a DC that was admitted although nothing follows. All that take part do it.
  public void expelAdmitted() {
    if (admitted >= 0) {
      there[admitted] = false;
      present[admitted] = false;
      lastTick[admitted] = tick;
      transport.drop(admitted);
      admitted = -1;
    }
  }

  /// The lowest-numbered DC that takes part, but for one that was just admitted.
  public int lowest() {
    for (int p = 0; p < dcs; p++) {
      if (there[p] && p != admitted) {
        return p;
      }
    }
    throw new IllegalStateException("nobody takes part");
  }

  /// What a DC that comes back must know: tick, round, changes, who takes part, who counted last,
  /// and the last frame of each.
  public double[] numbers() {
    double[] numbers = new double[3 + 3 * dcs];
    numbers[0] = tick;
    numbers[1] = round;
    numbers[2] = changes;
    for (int p = 0; p < dcs; p++) {
      numbers[3 + p] = there[p] ? 1 : 0;
      numbers[3 + dcs + p] = countedBefore[p] ? 1 : 0;
      numbers[3 + 2 * dcs + p] = there[p] ? tick : lastTick[p];
    }
    return numbers;
  }

  /// Takes over what {@link #numbers} said; this DC takes part from the next tick on.
  ///
  /// @throws IllegalArgumentException if they are not such numbers
  public void restore(double[] numbers) {
    if (numbers.length != 3 + 3 * dcs || numbers[3 + me] == 0) {
      throw new IllegalArgumentException("numbers of other members");
    }
    tick = (long) numbers[0];
    round = (long) numbers[1];
    changes = (long) numbers[2];
    for (int p = 0; p < dcs; p++) {
      there[p] = numbers[3 + p] != 0;
      // One that was lost while this DC waited is found out at the first tick.
      present[p] = there[p] && present[p];
      countedBefore[p] = numbers[3 + dcs + p] != 0;
      lastTick[p] = (long) numbers[3 + 2 * dcs + p];
      inbox.startAt(p, lastTick[p]);
    }
  }

  /// The tick that was collected last.
  long tick() {
    return tick;
  }

  /// The stream's round that was collected last.
  public long round() {
    return round;
  }

  /// Only these are connected: this DC comes back.
  public void outside(List<Integer> connected) {
    for (int p = 0; p < dcs; p++) {
      present[p] = p == me || connected.contains(p);
      there[p] = present[p];
    }
  }

  /// Sends the training's state to the DC that was just admitted.
  ///
  /// @param bytes all of it; must not change until this returns
  public void sendSnapshot(MemorySegment bytes) {
    int to = admitted;
    Slot note = new Slot(memory);
    FrameLayout.put(note.head(), MessageKind.SNAPSHOT.code(), me, tick, 0, 0, 0, bytes.byteSize());
    note.sealHead(crc);
    synchronized (posting) {
      post(to, MessageKind.SNAPSHOT, round, note, 0);
      links.add(to, LinkBytes.Kind.SNAPSHOT, note.headBytes());
      try {
        transport.post(to, bytes);
      } catch (PeerLostException e) {
        suspect(to, e);
        return;
      }
      ledger.sent(to, MessageKind.SNAPSHOT, round, bytes.byteSize());
      links.add(to, LinkBytes.Kind.SNAPSHOT, bytes.byteSize());
    }
    flush(LONG);
  }

  /// Waits for the training's state, which comes from the lowest-numbered DC that takes part.
  ///
  /// @param most bytes that it may have
  /// @param owner of the bytes
  /// @throws ExchangeException if nobody sends it
  public MemorySegment awaitSnapshot(long most, HostMemory owner) {
    List<String> lost = new ArrayList<>();
    inbox.patient(true);
    for (int p = 0; p < dcs; p++) {
      while (p != me && present[p]) {
        try {
          MessageKind kind = inbox.read(p, LONG);
          if (kind == MessageKind.SNAPSHOT) {
            long bytes = inbox.snapshotBytes();
            if (bytes > most) {
              throw new ExchangeException(
                  names[p]
                      + " sends a state of "
                      + bytes
                      + " bytes, at most "
                      + most
                      + " expected");
            }
            MemorySegment state = owner.bytes(bytes).segment();
            inbox.snapshot(p, state, LONG);
            inbox.patient(false);
            return state;
          }
          if (kind != MessageKind.BEAT && kind != MessageKind.VIEW) {
            throw new ExchangeException(
                names[p] + " goes on with round " + (round + 1) + " and has sent no state");
          }
        } catch (PeerLostException e) {
          suspect(p, e);
          lost.add(names[p] + " (" + e.why() + ")");
        }
        news();
      }
    }
    throw new ExchangeException(
        "no data centre took this one in: lost "
            + String.join(", ", lost)
            + "; the training may have ended");
  }

  /// Sends a sign of life; called by the thread that beats.
  void beat(int to, Slot frame) {
    synchronized (posting) {
      if (present[to]) {
        try {
          transport.post(to, frame.head(), 0, FrameLayout.HEADER_BYTES);
          ledger.sent(to, MessageKind.BEAT, 0, FrameLayout.HEADER_BYTES);
          links.add(to, LinkBytes.Kind.BEAT, FrameLayout.HEADER_BYTES);
          beats.posted(to);
        } catch (PeerLostException | IllegalStateException e) {
          beats.posted(to); // whoever waits for it finds out
        }
      }
    }
  }

  private int index(PeerLostException e) {
    return transport.group().members().indexOf(e.peer());
  }

  HostMemory memory() {
    return memory;
  }

  @Override
  public void close() {
    if (beats != null) {
      beats.close();
    }
    memory.close();
  }
}
