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

/// Sums float32 vectors of all DCs in float64, for solvers whose sums cancel: every DC sends its
/// whole vector to every other, and all add all of them, their own included, in DC order. Frames,
/// payloads and the agreement at the start are those of the mesh exchange with the compressor
/// {@code dense}; only the sum is wider. All DCs count in every round: a lost one ends it.
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
  private long round;
  private long vectors;

  private VectorSum(Membership members, long n, CodecOps codec, HostMemory parent) {
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
  }

  /// Agrees with every peer on vector length and settings; all gateways open at the same time.
  ///
  /// @param members stay the caller's
  /// @param n length of the vectors
  /// @param settings what else must be equal in all DCs
  /// @throws ExchangeException in every DC, if two disagree
  public static VectorSum open(
      Membership members,
      long n,
      String settings,
      CodecOps codec,
      HostMemory memory,
      Deadline deadline) {
    VectorSum sum = new VectorSum(members, n, codec, memory);
    boolean agreed = false;
    try {
      String name = "sum " + sum.compressor.name();
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
  /// @throws ExchangeException if a DC sent something else than this round's frame
  /// @throws IllegalArgumentException if an element is not finite
  public void add(Floats mine, Doubles total, Doubles scalars, Deadline deadline) {
    Operands.check(n, mine, 1, scalars);
    boolean withVector = mine.length() > 0;
    int kind = withVector ? FrameLayout.VECTOR : FrameLayout.SCALARS;
    long ownBytes = withVector ? compressor.encode(mine, frames.ownPayload()) : 0;
    round++;
    vectors += withVector ? 1 : 0;
    members.begin(kind, round, scalars.length(), withVector ? maxPayloadBytes : 0, false);
    frames.post(kind, round, 1, scalars, ownBytes);
    members.collect(deadline);
    checkAllCount();
    sums.addUp(1, scalars);
    for (int p = 0; withVector && p < members.dcs(); p++) {
      decode(p, ownBytes);
      for (long i = 0; i < n; i++) {
        total.set(i, total.get(i) + decoded.get(i));
      }
    }
    members.flush(deadline);
    scalars.copyFrom(sums.sums());
  }

  /// Vectors sent to each DC so far.
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
