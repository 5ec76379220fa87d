package org.strait.engine.collective;

import java.lang.foreign.MemorySegment;
import org.strait.engine.transport.Deadline;
import org.strait.engine.transport.Transport;

/// Broadcast along a binomial tree: log2 n steps. Members are counted from the root; member v
/// receives from v with its lowest bit cleared, and serves v plus every smaller power of two, the
/// largest subtree first. Long vectors go in segments that are passed on as they come.
final class BinomialBroadcast {
  private final Transport transport;
  private final long segmentBytes;

  BinomialBroadcast(Transport transport, long segmentBytes) {
    this.transport = transport;
    this.segmentBytes = segmentBytes;
  }

  void run(MemorySegment data, int root, Deadline deadline) {
    int n = transport.group().size();
    int v = (transport.group().me() - root + n) % n;
    int lowest = v == 0 ? Integer.highestOneBit(n) * 2 : Integer.lowestOneBit(v);
    int parent = ((v & (v - 1)) + root) % n;
    for (long at = 0; at < data.byteSize(); at += segmentBytes) {
      long bytes = Math.min(segmentBytes, data.byteSize() - at);
      if (v != 0) {
        transport.receive(parent, data, at, bytes, deadline);
      }
      for (int bit = lowest / 2; bit > 0; bit /= 2) {
        if (v + bit < n) {
          transport.post((v + bit + root) % n, data, at, bytes);
        }
      }
    }
    transport.flush(deadline);
  }
}
