package org.strait.engine.exchange;

import org.strait.engine.compress.Codecs;
import org.strait.engine.compress.Compressor;
import org.strait.engine.compress.Compressors;
import org.strait.engine.compress.PayloadException;
import org.strait.engine.transport.Deadline;
import org.strait.kernels.CodecOps;
import org.strait.memory.Bytes;
import org.strait.memory.Doubles;
import org.strait.memory.Floats;
import org.strait.memory.HostMemory;

/// Sums float32 vectors of all DCs in float64, for solvers whose sums cancel. Frames, payloads and
/// the agreement at the start are those of the mesh exchange with the compressor {@code dense};
/// only the sum is wider. All DCs count in every round: a lost one ends it.
///
/// In a mesh every DC sends its whole vector to every other, and all add all of them, their own
/// included, in DC order: P·(P - 1) vectors in one tick. With a hub two ticks take 2·(P - 1): the
/// vectors go to the hub, and their sum, rounded to float32, from it to all, which is what
/// everybody adds, the hub too. Frames without a payload go to the others, since a tick needs
/// frames of all. What rounding has left out of a sum is part of the next one that is asked to
/// carry it.
public final class VectorSum implements AutoCloseable {
  private final Membership members;
  private final Compressor compressor;
  private final HostMemory memory;
  private final LinkBytes links;
  private final Frames frames;
  private final Codecs codecs;
  private final long maxPayloadBytes;
  private final long n;
  private final int me;
  private final Floats decoded;
  private final ScalarSums sums;
  private final int hub;
  private final Doubles exact;
  private final Doubles leftOut;
  private long round;
  private long vectors;

  private VectorSum(Membership members, long n, int hub, CodecOps codec, HostMemory parent) {
    this.members = members;
    this.n = n;
    me = members.me();
    memory = parent.child("sum of vectors");
    compressor = Compressors.parse("dense", n, codec, memory);
    maxPayloadBytes = compressor.maxPayloadBytes(n);
    links = new LinkBytes(members.dcs());
    frames = new Frames(members, maxPayloadBytes, links, memory);
    codecs = new Codecs(n, compressor.maxKept(n), codec, memory);
    decoded = memory.floats(n);
    sums = new ScalarSums(members, memory);
    this.hub = hub;
    exact = memory.doubles(me == hub ? n : 0);
    leftOut = memory.doubles(me == hub ? n : 0);
  }

  /// Agrees with every peer on vector length and settings; all gateways open at the same time.
  ///
  /// @param members stay the caller's
  /// @param n length of the vectors
  /// @param hub the DC that adds up; -1 for a mesh
  /// @param settings what else must be equal in all DCs
  /// @throws ExchangeException in every DC, if two disagree
  public static VectorSum open(
      Membership members,
      long n,
      int hub,
      String settings,
      CodecOps codec,
      HostMemory memory,
      Deadline deadline) {
    VectorSum sum = new VectorSum(members, n, hub, codec, memory);
    boolean agreed = false;
    try {
      String name = "sum " + sum.compressor.name() + (hub < 0 ? "" : " at " + members.name(hub));
      Hello hello = new Hello(members.name(members.me()), members.dcs(), n, name, settings);
      sum.frames.greet(hello, sum.sums.none(), deadline);
      agreed = true;
      return sum;
    } finally {
      if (!agreed) {
        sum.close();
      }
    }
  }

  /// total ← total + Σ over all DCs of their vectors, in DC order, and scalars ← their sums.
  ///
  /// @param mine this DC's vector of n floats, or of none in all DCs for scalars only. Not modified
  /// @param total n doubles, the same in all DCs before and after. Modified.
  /// @param scalars at most 4096. Modified.
  /// @param carries whether rounding at a hub goes into the next sum that carries: right where
  ///     total runs on from sum to sum
  /// @throws ExchangeException if a DC sent something else than this round's frame
  /// @throws IllegalArgumentException if an element is not finite
  public void add(Floats mine, Doubles total, Doubles scalars, boolean carries, Deadline deadline) {
    Operands.check(n, mine, 1, scalars);
    boolean withVector = mine.length() > 0;
    int kind = withVector ? FrameLayout.VECTOR : FrameLayout.SCALARS;
    long ownBytes = withVector ? compressor.encode(mine, frames.ownPayload()) : 0;
    vectors += withVector ? 1 : 0;
    begin(kind, scalars);
    if (hub < 0 || !withVector) {
      frames.post(kind, round, 1, scalars, ownBytes);
    } else {
      frames.postTo(hub, kind, round, 1, scalars, ownBytes);
    }
    members.collect(deadline);
    checkAllCount();
    sums.addUp(1, scalars);
    scalars.copyFrom(sums.sums());
    if (withVector && hub < 0) {
      addAll(ownBytes, total);
    } else if (withVector && me == hub) {
      addUp(ownBytes, carries);
    }
    members.flush(deadline);
    if (withVector && hub >= 0) {
      spread(total, deadline);
    }
  }

  private void begin(int kind, Doubles scalars) {
    round++;
    long most = kind == FrameLayout.VECTOR ? maxPayloadBytes : 0;
    members.begin(kind, round, scalars.length(), most, false);
  }

  private void addAll(long ownBytes, Doubles total) {
    for (int p = 0; p < members.dcs(); p++) {
      decode(p, ownBytes);
      addDecoded(total);
    }
  }

  private void addDecoded(Doubles total) {
    for (long i = 0; i < n; i++) {
      total.set(i, total.get(i) + decoded.get(i));
    }
  }

  /// At the hub: leaves the sum of all vectors, rounded, in decoded.
  private void addUp(long ownBytes, boolean carries) {
    exact.fill(0);
    addAll(ownBytes, exact);
    for (long i = 0; i < n; i++) {
      double sum = exact.get(i) + (carries ? leftOut.get(i) : 0);
      float rounded = (float) sum;
      decoded.set(i, rounded);
      if (carries) {
        leftOut.set(i, sum - rounded);
      }
    }
  }

  /// The sum goes from the hub to all.
  private void spread(Doubles total, Deadline deadline) {
    Doubles none = sums.none();
    begin(FrameLayout.VECTOR, none);
    long bytes = 0;
    if (me == hub) {
      bytes = compressor.encode(decoded, frames.ownPayload());
      frames.post(FrameLayout.VECTOR, round, 1, none, bytes);
    } else {
      frames.postTo(me, FrameLayout.VECTOR, round, 1, none, 0);
    }
    members.collect(deadline);
    checkAllCount();
    decode(hub, bytes);
    addDecoded(total);
    members.flush(deadline);
  }

  /// Sums of vectors so far.
  public long vectors() {
    return vectors;
  }

  /// Bytes posted to each DC by purpose, since this was opened.
  public LinkBytes links() {
    return links;
  }

  @Override
  public void close() {
    memory.close();
  }

  private void checkAllCount() {
    for (int p = 0; p < members.dcs(); p++) {
      if (!members.counted(p)) {
        throw new ExchangeException(
            "round "
                + round
                + ": "
                + members.name(p)
                + " is lost, and this solver needs the rows of all data centres; start again"
                + " when it is back");
      }
    }
  }

  private Slot frame(int p) {
    return members.inbox().slot(p, members.tick());
  }

  private void decode(int p, long ownBytes) {
    Bytes payload = p == me ? frames.ownPayload() : frame(p).payload();
    long bytes = p == me ? ownBytes : frame(p).payloadBytes();
    decoded.segment().fill((byte) 0);
    try {
      codecs.addDecoded(payload, bytes, 1f, decoded);
    } catch (PayloadException e) {
      throw Operands.undecodable(round, "vector", members.name(p), e);
    }
  }
}
