package org.strait.engine.collective;

import java.lang.foreign.MemorySegment;
import org.strait.engine.transport.Deadline;
import org.strait.engine.transport.Fold;
import org.strait.engine.transport.Transport;

/// Recursive halving, then doubling (Rabenseifner; Thakur, Rabenseifner and Gropp 2005, section
/// 4.5): 2·log2 n steps and, where n is a power of two, as few bytes as the ring. Partners first
/// halve what each of them cares for, sending the other half away, then give each other what they
/// have completed. If n is no power of two, the members above the largest one below n give their
/// vectors to a member below before, and get the result from it afterwards.
///
/// The order of additions depends on nothing but n and the length.
final class HalvingAllReduce implements FlatAllReduce {
  private static final int MOST_STEPS = 31;

  private final int n;
  private final int me;
  private final int power;
  private final Chunks chunks;

  // What this member cared for before each halving.
  private final long[] froms = new long[MOST_STEPS];
  private final long[] tos = new long[MOST_STEPS];

  HalvingAllReduce(Transport transport, MemorySegment scratch) {
    n = transport.group().size();
    me = transport.group().me();
    power = Integer.highestOneBit(n);
    chunks = new Chunks(transport, scratch);
  }

  @Override
  public String name() {
    return "halving";
  }

  @Override
  public void reduce(MemorySegment data, long elementBytes, Fold fold, Deadline deadline) {
    chunks.of(data, elementBytes, fold, deadline);
    long bytes = data.byteSize();
    if (me >= power) {
      chunks.post(me - power, 0, bytes);
      chunks.receive(me - power, 0, bytes);
    } else {
      if (me + power < n) {
        chunks.foldAll(me + power, 0, bytes);
      }
      halve(bytes, elementBytes);
      if (me + power < n) {
        chunks.post(me + power, 0, bytes);
      }
    }
    chunks.finish();
  }

  private void halve(long bytes, long elementBytes) {
    long from = 0;
    long to = bytes;
    int depth = 0;
    for (int distance = power / 2; distance > 0; distance /= 2) {
      froms[depth] = from;
      tos[depth] = to;
      depth++;
      long middle = from + (to - from) / elementBytes / 2 * elementBytes;
      int partner = me ^ distance;
      if ((me & distance) == 0) {
        chunks.post(partner, middle, to);
        to = middle;
      } else {
        chunks.post(partner, from, middle);
        from = middle;
      }
      chunks.foldAll(partner, from, to);
    }
    // What is overwritten here was posted above; its total can only come back after the partner
    // has received that.
    for (int distance = 1; distance < power; distance *= 2) {
      depth--;
      int partner = me ^ distance;
      chunks.post(partner, from, to);
      if ((me & distance) == 0) {
        chunks.receive(partner, to, tos[depth]);
        to = tos[depth];
      } else {
        chunks.receive(partner, froms[depth], from);
        from = froms[depth];
      }
    }
  }
}
