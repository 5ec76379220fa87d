package org.strait.engine.exchange;

import java.util.EnumMap;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLongArray;

/// Bytes posted towards each DC by one exchange, by purpose. Their sum over kinds and over the
/// exchanges of a transport is what the transport counts towards that DC, but for what it adds
/// itself (TCP: a handshake). Counters only grow; any thread may read them.
public final class LinkBytes {
  /// What bytes are for.
  public enum Kind {
    /// Agreement before the first round, headers included.
    HELLO,
    /// Encoded vectors.
    PAYLOAD,
    /// Scalars, 8 bytes each.
    SCALARS,
    /// Headers of round frames.
    FRAMING,
    /// Handshakes of connections that were made later.
    CONNECT,
    /// Agreement on who is lost.
    VIEW,
    /// Frames of a lost DC for those that lack them.
    FORWARD,
    /// Signs of life.
    BEAT,
    /// The training's state, for a DC that comes back.
    SNAPSHOT,
    /// Measuring the link.
    PROBE
  }

  private final int dcs;
  private final Map<Kind, AtomicLongArray> bytes = new EnumMap<>(Kind.class);

  /// @param dcs number of DCs
  LinkBytes(int dcs) {
    this.dcs = dcs;
    for (Kind kind : Kind.values()) {
      bytes.put(kind, new AtomicLongArray(dcs));
    }
  }

  /// Number of DCs, this one included.
  public int dcs() {
    return dcs;
  }

  /// Bytes posted towards a DC for one purpose.
  public long bytesTo(int dc, Kind kind) {
    return bytes.get(kind).get(dc);
  }

  /// Bytes posted towards a DC.
  public long bytesTo(int dc) {
    long sum = 0;
    for (AtomicLongArray perDc : bytes.values()) {
      sum += perDc.get(dc);
    }
    return sum;
  }

  /// Counts bytes.
  public void add(int dc, Kind kind, long count) {
    bytes.get(kind).addAndGet(dc, count);
  }
}
