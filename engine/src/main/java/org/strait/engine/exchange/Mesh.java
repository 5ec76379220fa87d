package org.strait.engine.exchange;

import java.util.List;
import org.strait.engine.compress.Codecs;
import org.strait.engine.compress.Compressor;
import org.strait.engine.compress.PayloadException;
import org.strait.engine.transport.Deadline;
import org.strait.engine.transport.Transport;
import org.strait.kernels.CodecOps;
import org.strait.memory.Doubles;
import org.strait.memory.Floats;
import org.strait.memory.HostMemory;

/// Every DC sends its payload to every other: P - 1 payloads out and in, one WAN delay per round.
///
/// A round: encode; post to all; receive all heads, so that the weights are known; then, in DC
/// order, receive, check, decode and add each payload, while the later ones arrive. Room for one
/// payload in, one out and one sum, whatever P is; a compressor that accumulates needs P vectors
/// more, one memory per DC (a single weighted memory would be wrong as soon as weights change).
final class Mesh implements Exchange {
  private final Transport transport;
  private final Compressor compressor;
  private final HostMemory memory;
  private final LinkBytes links;
  private final Frames frames;
  private final Codecs codecs;
  private final long n;
  private final long maxPayloadBytes;
  private final int dcs;
  private final int me;
  private final Floats sum;
  private final Floats[] memories;
  private final double[] weights;
  private final RoundReport report = new RoundReport();
  private final Doubles peerScalarRoom;
  private final Doubles scalarSumRoom;
  private Doubles peerScalars;
  private Doubles scalarSums;
  private long round;
  private boolean failed;

  /// Agrees with every peer on protocol, vector length, compressor and settings.
  ///
  /// @throws ExchangeException in every DC, if two disagree
  Mesh(
      Transport transport,
      Compressor compressor,
      long n,
      String settings,
      CodecOps codec,
      HostMemory parent,
      Deadline deadline) {
    this.transport = transport;
    this.compressor = compressor;
    this.n = n;
    dcs = transport.group().size();
    me = transport.group().me();
    if (dcs > FrameLayout.MAX_DCS) {
      throw new IllegalArgumentException(
          dcs + " data centres, at most " + FrameLayout.MAX_DCS + " can exchange");
    }
    maxPayloadBytes = compressor.maxPayloadBytes(n);
    memory = parent.child("mesh exchange");
    boolean agreed = false;
    try {
      links = new LinkBytes(dcs);
      frames = new Frames(transport, maxPayloadBytes, links, memory);
      codecs = new Codecs(n, compressor.maxKept(n), codec, memory);
      sum = memory.floats(n);
      memories = new Floats[compressor.accumulates() ? dcs : 0];
      for (int p = 0; p < memories.length; p++) {
        memories[p] = memory.floats(n);
      }
      weights = new double[dcs];
      peerScalarRoom = memory.doubles(FrameLayout.MAX_SCALARS);
      scalarSumRoom = memory.doubles(FrameLayout.MAX_SCALARS);
      peerScalars = peerScalarRoom.slice(0, 0);
      scalarSums = scalarSumRoom.slice(0, 0);
      agree(settings, deadline);
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
    long receivedBefore = bytesReceived();
    useScalars(scalars.length());
    boolean withVector = vector.length() > 0;
    int kind = withVector ? FrameLayout.VECTOR : FrameLayout.SCALARS;
    long ownBytes = withVector ? compressor.encode(vector, frames.ownPayload()) : 0;
    // A refused vector leaves the exchange as it was; from here on the round counts.
    round++;
    failed = true;
    frames.post(kind, round, weight, scalars, ownBytes);
    double total = receiveHeads(kind, weight, scalars, withVector ? maxPayloadBytes : 0, deadline);
    if (withVector && !(total > 0 && total <= Double.MAX_VALUE)) {
      throw new ExchangeException(
          "round "
              + round
              + ": the weights of all DCs add up to "
              + total
              + ", expected more than 0");
    }
    sum.segment().fill((byte) 0);
    for (int p = 0; p < dcs; p++) {
      long bytes = p == me ? ownBytes : frames.receivePayload(p, round, deadline);
      if (withVector) {
        add(p, bytes, (float) (weights[p] / total));
      }
    }
    transport.flush(deadline);
    if (withVector) {
      vector.copyFrom(sum);
    }
    scalars.copyFrom(scalarSums);
    failed = false;
    report.set(
        round,
        dcs,
        transport.traffic().bytesSent() - sentBefore,
        bytesReceived() - receivedBefore,
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
  public void close() {
    memory.close();
  }

  /// Leaves weights and scalar sums, both in DC order; returns the sum of the weights.
  private double receiveHeads(
      int kind, double weight, Doubles scalars, long maxBytes, Deadline deadline) {
    double total = 0;
    scalarSums.fill(0);
    for (int p = 0; p < dcs; p++) {
      Doubles values = p == me ? scalars : peerScalars;
      weights[p] =
          p == me ? weight : frames.receiveHead(p, kind, round, peerScalars, maxBytes, deadline);
      total += weights[p];
      for (long i = 0; i < values.length(); i++) {
        scalarSums.set(i, scalarSums.get(i) + values.get(i));
      }
    }
    return total;
  }

  private void add(int p, long bytes, float share) {
    try {
      if (memories.length == 0) {
        codecs.addDecoded(p == me ? frames.ownPayload() : frames.payload(), bytes, share, sum);
        return;
      }
      codecs.addDecoded(p == me ? frames.ownPayload() : frames.payload(), bytes, 1f, memories[p]);
    } catch (PayloadException e) {
      throw new ExchangeException(
          "round "
              + round
              + ": cannot decode the vector of "
              + frames.dc(p)
              + ": "
              + e.getMessage(),
          e);
    }
    Floats decoded = memories[p];
    int length = (int) n;
    for (int i = 0; i < length; i++) {
      sum.set(i, sum.get(i) + share * decoded.get(i));
    }
  }

  private void agree(String settings, Deadline deadline) {
    Hello hello = new Hello(frames.dc(me), dcs, n, compressor.name(), settings);
    long bytes = hello.write(frames.ownPayload().segment());
    frames.post(FrameLayout.HELLO, 0, 0, scalarSums, bytes);
    Hello[] peers = new Hello[dcs];
    for (int p = 0; p < dcs; p++) {
      if (p != me) {
        frames.receiveHead(
            p, FrameLayout.HELLO, 0, peerScalars, FrameLayout.MAX_HELLO_BYTES, deadline);
        long peerBytes = frames.receivePayload(p, 0, deadline);
        peers[p] = Hello.read(frames.payload().segment(), peerBytes, frames.dc(p));
      }
    }
    transport.flush(deadline);
    // Compared only now: every peer has this DC's hello and can say the same.
    for (int p = 0; p < dcs; p++) {
      if (p != me) {
        hello.agree(peers[p], p, frames.dc(p));
      }
    }
  }

  private void useScalars(long count) {
    if (scalarSums.length() != count) {
      peerScalars = peerScalarRoom.slice(0, count);
      scalarSums = scalarSumRoom.slice(0, count);
    }
  }

  private long bytesReceived() {
    long bytes = 0;
    for (int p = 0; p < dcs; p++) {
      bytes += transport.traffic().bytesReceived(p);
    }
    return bytes;
  }
}
