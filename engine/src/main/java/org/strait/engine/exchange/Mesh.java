package org.strait.engine.exchange;

import java.util.List;
import org.strait.engine.compress.Codecs;
import org.strait.engine.compress.Compressor;
import org.strait.engine.compress.PayloadException;
import org.strait.engine.transport.Deadline;
import org.strait.engine.transport.Transport;
import org.strait.kernels.CodecOps;
import org.strait.memory.Bytes;
import org.strait.memory.Doubles;
import org.strait.memory.Floats;
import org.strait.memory.HostMemory;

/// Every DC sends its payload to every other: P - 1 payloads out and in, one WAN delay per round.
///
/// A round: encode; post to all; wait until all frames that count are here ({@link Membership}), so
/// that the weights are known; then check, decode and add each payload in DC order. Room for one
/// payload out, two of each peer in and one sum; a compressor that accumulates needs P vectors
/// more, one memory per DC (a single weighted memory would be wrong as soon as weights change).
final class Mesh implements Exchange {
  private final Membership members;
  private final boolean ownsMembers;
  private final Transport transport;
  private final Compressor compressor;
  private final CodecOps codec;
  private final HostMemory memory;
  private final LinkBytes links;
  private final Frames frames;
  private final Codecs codecs;
  private final long n;
  private final long maxPayloadBytes;
  private final int dcs;
  private final int me;
  private final boolean admits;
  private final Floats sum;
  private final Floats[] memories;
  private final RoundReport report = new RoundReport();
  private final ScalarSums sums;
  private long round;
  private boolean failed;

  /// Agrees with every peer on protocol, vector length, compressor and settings.
  ///
  /// @param ownsMembers whether the members are closed with this
  /// @param admits whether a DC may come back between two rounds
  /// @param comesBack whether this DC does: then there is nothing to agree on, the state says it
  /// @throws ExchangeException in every DC, if two disagree
  Mesh(
      Membership members,
      boolean ownsMembers,
      Compressor compressor,
      long n,
      String settings,
      CodecOps codec,
      boolean admits,
      boolean comesBack,
      HostMemory parent,
      Deadline deadline) {
    this.members = members;
    this.ownsMembers = ownsMembers;
    this.transport = members.transport();
    this.compressor = compressor;
    this.codec = codec;
    this.n = n;
    this.admits = admits;
    dcs = members.dcs();
    me = members.me();
    maxPayloadBytes = compressor.maxPayloadBytes(n);
    memory = parent.child("mesh exchange");
    boolean agreed = false;
    try {
      links = new LinkBytes(dcs);
      frames = new Frames(members, maxPayloadBytes, links, memory);
      codecs = new Codecs(n, compressor.maxKept(n), codec, memory);
      sum = memory.floats(n);
      memories = new Floats[compressor.accumulates() ? dcs : 0];
      for (int p = 0; p < memories.length; p++) {
        memories[p] = memory.floats(n);
      }
      sums = new ScalarSums(members, memory);
      members.inbox().open(maxPayloadBytes, false);
      if (!comesBack) {
        Hello hello = new Hello(members.name(me), dcs, n, compressor.name(), settings);
        frames.greet(hello, sums.none(), deadline);
      }
      agreed = true;
    } finally {
      if (!agreed) {
        memory.close();
      }
    }
  }

  @Override
  public String name() {
    return "mesh " + compressor.name();
  }

  @Override
  public RoundReport average(Floats vector, double weight, Doubles scalars, Deadline deadline) {
    Operands.check(n, vector, weight, scalars);
    if (failed) {
      throw new IllegalStateException(
          "this exchange failed in round " + round + "; open a new one");
    }
    long sentBefore = transport.traffic().bytesSent();
    long receivedBefore = transport.traffic().bytesReceived();
    boolean withVector = vector.length() > 0;
    int kind = withVector ? FrameLayout.VECTOR : FrameLayout.SCALARS;
    long ownBytes = withVector ? compressor.encode(vector, frames.ownPayload()) : 0;
    // A refused vector leaves the exchange as it was; from here on the round counts.
    round++;
    failed = true;
    members.begin(kind, round, scalars.length(), withVector ? maxPayloadBytes : 0, admits);
    frames.post(kind, round, weight, scalars, ownBytes);
    members.collect(deadline);
    members.end();
    double total = sums.addUp(weight, scalars);
    if (withVector) {
      Operands.checkTotal(round, total);
    }
    sum.segment().fill((byte) 0);
    for (int p = 0; withVector && p < dcs; p++) {
      if (members.counted(p)) {
        add(p, ownBytes, (float) (weight(p, weight) / total));
      }
    }
    members.flush(deadline);
    if (withVector) {
      vector.copyFrom(sum);
    }
    scalars.copyFrom(sums.sums());
    failed = false;
    report.set(
        round,
        members.parties(),
        transport.traffic().bytesSent() - sentBefore,
        transport.traffic().bytesReceived() - receivedBefore,
        compressor.residualNorm());
    return report;
  }

  @Override
  public void tolerate(double residualNorm) {
    compressor.tolerate(residualNorm);
  }

  @Override
  public LinkBytes links() {
    return links;
  }

  @Override
  public List<Floats> memories() {
    return compressor.memories();
  }

  @Override
  public List<Floats> sharedMemories() {
    return List.of(memories);
  }

  @Override
  public void restored() {
    if (memories.length > 0) {
      compressor.receiversHold(memories[me]);
    }
  }

  @Override
  public Membership members() {
    return members;
  }

  @Override
  public void resumeAt(long doneRounds) {
    round = doneRounds;
  }

  @Override
  public void close() {
    memory.close();
    if (ownsMembers) {
      members.close();
    }
  }

  private double weight(int p, double own) {
    return p == me ? own : frame(p).weight();
  }

  private Slot frame(int p) {
    return members.inbox().slot(p, members.tick());
  }

  private void add(int p, long ownBytes, float share) {
    Bytes payload = p == me ? frames.ownPayload() : frame(p).payload();
    long bytes = p == me ? ownBytes : frame(p).payloadBytes();
    try {
      if (memories.length == 0) {
        codecs.addDecoded(payload, bytes, share, sum);
        return;
      }
      codecs.addDecoded(payload, bytes, 1f, memories[p]);
    } catch (PayloadException e) {
      throw Operands.undecodable(round, "vector", members.name(p), e);
    }
    codec.addScaled(share, memories[p], sum);
  }
}
