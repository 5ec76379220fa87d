package org.strait.engine.exchange;

import java.util.zip.CRC32C;
import org.strait.engine.ledger.MessageKind;
import org.strait.engine.transport.Deadline;
import org.strait.memory.Bytes;
import org.strait.memory.Doubles;
import org.strait.memory.HostMemory;

/// Letters between a hub and all other data centres, each with bytes and a few scalars: the hub can
/// write something else to each. The hub is the DC with the greatest weight, the lowest-numbered of
/// several; all know it from the agreement at the start, which is from all to all.
///
/// Letters alternate: a leaf writes to the hub and then waits for the answer; the hub waits for all
/// leaves and then answers all. So no one has more than one letter of a peer that it has not taken,
/// and nobody waits in a circle: a leaf that waits has written, hence the hub waits for another
/// leaf or computes. All DCs count: a lost one ends the exchange, in the hub at once, elsewhere
/// when the hub closes its connections.
public final class Star implements AutoCloseable {
  private final Membership members;
  private final HostMemory memory;
  private final LinkBytes features;
  private final LinkBytes steps;
  private final LinkBytes weights;
  private final Slot[] out;
  private final Slot[] in;
  private final double[] weight;
  private final CRC32C crc = new CRC32C();
  private final long most;
  private final int me;
  private int hub;
  private long number;
  private long vectors;

  private Star(Membership members, long most, HostMemory parent) {
    this.members = members;
    this.most = most;
    me = members.me();
    memory = parent.child("star");
    features = new LinkBytes(members.dcs());
    steps = new LinkBytes(members.dcs());
    weights = new LinkBytes(members.dcs());
    out = new Slot[members.dcs()];
    in = new Slot[members.dcs()];
    weight = new double[members.dcs()];
    for (int p = 0; p < out.length; p++) {
      out[p] = p == me ? null : new Slot(memory);
    }
  }

  /// Agrees with every peer; all gateways open at the same time.
  ///
  /// @param members stay the caller's
  /// @param most bytes of a letter
  /// @param features of all rows, in all DCs alike
  /// @param ownWeight at least 0
  /// @param settings what else must be equal in all DCs
  /// @throws ExchangeException in every DC, if two disagree
  public static Star open(
      Membership members,
      long most,
      long features,
      double ownWeight,
      String settings,
      HostMemory memory,
      Deadline deadline) {
    Star star = new Star(members, most, memory);
    boolean agreed = false;
    try {
      star.agree(features, ownWeight, settings, deadline);
      agreed = true;
      return star;
    } finally {
      if (!agreed) {
        star.close();
      }
    }
  }

  private void agree(long n, double ownWeight, String settings, Deadline deadline) {
    Hello hello = new Hello(members.name(me), members.dcs(), n, "star", settings);
    Frames frames = new Frames(members, FrameLayout.MAX_HELLO_BYTES, steps, memory);
    long bytes = hello.write(frames.ownPayload().segment());
    members.begin(FrameLayout.HELLO, 0, 0, FrameLayout.MAX_HELLO_BYTES, false);
    members.inbox().openLetters(most); // before a peer that is ahead writes one
    frames.post(FrameLayout.HELLO, 0, ownWeight, memory.doubles(0), bytes);
    members.collect(deadline);
    members.flush(deadline);
    for (int p = 0; p < members.dcs(); p++) {
      weight[p] = ownWeight;
      if (p != me) {
        Slot frame = members.counted(p) ? members.inbox().slot(p, members.tick()) : lost(p);
        String name = members.name(p);
        hello.agree(Hello.read(frame.payload().segment(), frame.payloadBytes(), name), p, name);
        weight[p] = frame.weight();
      }
      hub = weight[p] > weight[hub] ? p : hub;
    }
  }

  /// Number of DCs.
  public int dcs() {
    return out.length;
  }

  /// This DC.
  public int me() {
    return me;
  }

  /// The hub.
  public int hub() {
    return hub;
  }

  /// What a DC said its weight is.
  public double weight(int dc) {
    return weight[dc];
  }

  /// Name of a DC, for messages.
  public String name(int dc) {
    return members.name(dc);
  }

  /// The next letter begins: a leaf's to the hub, or the hub's to all leaves.
  public void begin(boolean withVector) {
    number++;
    vectors += withVector ? 1 : 0;
  }

  /// Where the bytes of the next letter to a DC are written.
  ///
  /// @param bytes that it may have
  public Bytes room(int to, long bytes) {
    if (bytes > most) {
      throw new IllegalArgumentException(bytes + " bytes in a letter, at most " + most);
    }
    out[to].room(bytes, most);
    return out[to].payload();
  }

  /// Sends a letter with the first bytes of {@link #room}. What was written must not change before
  /// {@link #flush}.
  ///
  /// @param kind what it is about: features, weights, or else steps
  public void send(int to, MessageKind kind, Doubles scalars, long bytes) {
    Slot letter = out[to];
    long count = scalars.length();
    int code = (me == hub ? MessageKind.STEP : MessageKind.SHARE).code();
    FrameLayout.put(letter.head(), code, me, number, 0, count, 0, bytes);
    for (long i = 0; i < count; i++) {
      long at = FrameLayout.HEADER_BYTES + Doubles.BYTES * i;
      letter.head().set(FrameLayout.F64, at, scalars.get(i));
    }
    letter.seal(crc);
    members.post(to, kind, number, letter, bytes);
    LinkBytes links = links(kind);
    links.add(to, LinkBytes.Kind.FRAMING, FrameLayout.SHORT_BYTES);
    links.add(to, LinkBytes.Kind.SCALARS, Doubles.BYTES * count);
    links.add(to, LinkBytes.Kind.PAYLOAD, bytes);
  }

  /// Waits until letters that were sent may be overwritten.
  public void flush(Deadline deadline) {
    members.flush(deadline);
  }

  /// Waits for the next letter of a DC, which is there until the one after is awaited.
  ///
  /// @param scalars that it must have
  /// @throws ExchangeException if a DC is lost, or the letter has another number of scalars
  public void await(int from, long scalars, Deadline deadline) {
    Slot letter = members.awaitLetter(from, deadline);
    if (letter == null) {
      throw new ExchangeException(
          "a data centre is lost while "
              + members.name(from)
              + " is awaited, and this solver needs the rows of all; start again when it is back");
    }
    if (letter.scalars() != scalars) {
      throw new ExchangeException(
          members.name(from) + " sent " + letter.scalars() + " scalars, expected " + scalars);
    }
    in[from] = letter;
  }

  /// A scalar of the letter of a DC.
  public double scalar(int from, long i) {
    return in[from].scalar(i);
  }

  /// The letter's bytes, in the first {@link #bytes}.
  public Bytes payload(int from) {
    return in[from].payload();
  }

  /// How many bytes it has.
  public long bytes(int from) {
    return in[from].payloadBytes();
  }

  /// Vectors that this DC sent to each that it writes to.
  public long vectors() {
    return vectors;
  }

  /// Bytes posted to each DC about features, weights, or else steps; the agreement is with these.
  public LinkBytes links(MessageKind kind) {
    return switch (kind) {
      case FEATURES -> features;
      case WEIGHTS -> weights;
      default -> steps;
    };
  }

  @Override
  public void close() {
    memory.close();
  }

  private Slot lost(int p) {
    throw new ExchangeException(
        members.name(p) + " is lost, and this solver needs the rows of all data centres");
  }
}
