package org.strait.engine.exchange;

import java.util.concurrent.atomic.AtomicLongArray;

/// Bytes posted towards each DC, by purpose. Their sum over kinds is what the transport counts
/// towards that DC, unless the transport adds framing of its own (TLS records). Counters only grow;
/// any thread may read them.
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
    FRAMING
  }

  private static final Kind[] KINDS = Kind.values();

  private final int dcs;
  private final AtomicLongArray bytes;

  /// @param dcs number of DCs
  LinkBytes(int dcs) {
    this.dcs = dcs;
    bytes = new AtomicLongArray(dcs * KINDS.length);
  }

  /// Number of DCs, this one included.
  public int dcs() {
    return dcs;
  }

  /// Bytes posted towards a DC for one purpose.
  public long bytesTo(int dc, Kind kind) {
    return bytes.get(at(dc, kind));
  }

  /// Bytes posted towards a DC.
  public long bytesTo(int dc) {
    long sum = 0;
    for (Kind kind : KINDS) {
      sum += bytesTo(dc, kind);
    }
    return sum;
  }

  /// Counts bytes.
  void add(int dc, Kind kind, long count) {
    bytes.addAndGet(at(dc, kind), count);
  }

  private int at(int dc, Kind kind) {
    if (dc < 0 || dc >= dcs) {
      throw new IndexOutOfBoundsException("DC " + dc + " of " + dcs);
    }
    return dc * KINDS.length + kind.ordinal();
  }
}
