package org.strait.engine.collective;

import org.strait.engine.transport.Deadline;
import org.strait.engine.transport.GroupCollectives;
import org.strait.engine.transport.Transport;
import org.strait.memory.Doubles;
import org.strait.memory.HostMemory;

/// Float64 sums added in member order, whatever carries them, because they decide things. For short
/// vectors: member 0 adds and tells; or, if the group gathers as a whole, everybody gets everything
/// and adds.
final class MemberOrderSum {
  private static final int SCRATCH = 512;
  private static final int BLOCK = 32;

  private final Transport transport;
  private final GroupCollectives whole;
  private final BinomialBroadcast broadcast;
  private final Doubles partial;
  private final Doubles block;

  /// @param whole the group's own collectives, or null
  MemberOrderSum(
      Transport transport, GroupCollectives whole, BinomialBroadcast broadcast, HostMemory memory) {
    this.transport = transport;
    this.whole = whole;
    this.broadcast = broadcast;
    long members = transport.group().size();
    this.partial = memory.doubles(whole == null ? SCRATCH : members * BLOCK);
    this.block = memory.doubles(whole == null ? 0 : BLOCK);
  }

  void sum(Doubles vector, Deadline deadline) {
    if (whole != null) {
      for (long at = 0; at < vector.length(); at += BLOCK) {
        gatherAndAdd(vector, at, Math.min(BLOCK, vector.length() - at), deadline);
      }
      return;
    }
    if (transport.group().me() == 0) {
      for (int from = 1; from < transport.group().size(); from++) {
        for (long at = 0; at < vector.length(); at += SCRATCH) {
          addFrom(from, vector, at, Math.min(SCRATCH, vector.length() - at), deadline);
        }
      }
    } else {
      transport.post(0, vector.segment());
    }
    broadcast.run(vector.segment(), 0, deadline);
  }

  private void addFrom(int from, Doubles vector, long at, long count, Deadline deadline) {
    transport.receive(from, partial.segment(), 0, count * Doubles.BYTES, deadline);
    for (long i = 0; i < count; i++) {
      vector.set(at + i, vector.get(at + i) + partial.get(i));
    }
  }

  // Whole blocks travel, however few numbers count: a slice would be garbage.
  private void gatherAndAdd(Doubles vector, long at, long count, Deadline deadline) {
    for (long i = 0; i < count; i++) {
      block.set(i, vector.get(at + i));
    }
    whole.allGather(block.segment(), partial.segment(), deadline);
    for (long i = 0; i < count; i++) {
      double sum = partial.get(i);
      for (int member = 1; member < transport.group().size(); member++) {
        sum += partial.get((long) member * BLOCK + i);
      }
      vector.set(at + i, sum);
    }
  }
}
