package org.strait.engine.collective;

import java.lang.foreign.MemorySegment;
import org.strait.engine.transport.Deadline;
import org.strait.engine.transport.Fold;
import org.strait.engine.transport.Transport;

/// Recursive doubling (Thakur, Rabenseifner and Gropp 2005, section 4.5): log2 n steps, each
/// exchanging the whole vector with a partner twice as far away. Few steps, many bytes: for small
/// vectors, and for two members, who send no more than by any other way. If n is no power of two,
/// the members above the largest one below n first give their vectors to a member below, and get
/// the result from it in the end.
///
/// Both partners fold in the same order, the higher index's part into the lower's, so they get the
/// same bits even where the operands are NaNs.
final class DoublingAllReduce implements FlatAllReduce {
  private final Transport transport;
  private final MemorySegment scratch;

  DoublingAllReduce(Transport transport, MemorySegment scratch) {
    this.transport = transport;
    this.scratch = scratch;
  }

  @Override
  public String name() {
    return "doubling";
  }

  @Override
  public void reduce(MemorySegment data, long elementBytes, Fold fold, Deadline deadline) {
    if (transport.group().size() == 2) {
      pair(data, fold, deadline);
      return;
    }
    for (long at = 0; at < data.byteSize(); at += scratch.byteSize()) {
      segment(data, at, Math.min(scratch.byteSize(), data.byteSize() - at), fold, deadline);
    }
  }

  /// Two members: the next segment travels while one is folded. Only one is posted when this waits
  /// for it to be taken: the partner, who waits likewise, takes that one and no other.
  private void pair(MemorySegment data, Fold fold, Deadline deadline) {
    int partner = 1 - transport.group().me();
    long most = scratch.byteSize();
    long end = data.byteSize();
    transport.post(partner, data, 0, Math.min(most, end));
    for (long at = 0; at < end; at += most) {
      long bytes = Math.min(most, end - at);
      transport.receive(partner, scratch, 0, bytes, deadline);
      transport.flush(partner, deadline);
      if (at + most < end) {
        transport.post(partner, data, at + most, Math.min(most, end - at - most));
      }
      fold(data, at, bytes, partner, fold);
    }
  }

  /// Folds the scratch, which holds the partner's part, and the data into the data.
  private void fold(MemorySegment data, long at, long bytes, int partner, Fold fold) {
    if (transport.group().me() < partner) {
      fold.fold(scratch, 0, data, at, bytes);
    } else {
      fold.fold(data, at, scratch, 0, bytes);
      MemorySegment.copy(scratch, 0, data, at, bytes);
    }
  }

  private void segment(MemorySegment data, long at, long bytes, Fold fold, Deadline deadline) {
    int me = transport.group().me();
    int n = transport.group().size();
    int power = Integer.highestOneBit(n);
    if (me >= power) {
      transport.post(me - power, data, at, bytes);
      transport.receive(me - power, data, at, bytes, deadline);
      return;
    }
    if (me + power < n) {
      transport.receive(me + power, scratch, 0, bytes, deadline);
      fold.fold(scratch, 0, data, at, bytes);
    }
    for (int distance = 1; distance < power; distance *= 2) {
      int partner = me ^ distance;
      transport.post(partner, data, at, bytes);
      transport.receive(partner, scratch, 0, bytes, deadline);
      transport.flush(partner, deadline);
      fold(data, at, bytes, partner, fold);
    }
    if (me + power < n) {
      transport.post(me + power, data, at, bytes);
      transport.flush(me + power, deadline);
    }
  }
}
