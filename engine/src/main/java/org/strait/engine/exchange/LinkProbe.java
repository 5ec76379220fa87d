package org.strait.engine.exchange;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.function.LongSupplier;
import org.strait.engine.topology.LinkMatrix;
import org.strait.engine.transport.Deadline;
import org.strait.engine.transport.Transport;
import org.strait.memory.HostMemory;

/// Measures all links once, before anything else is sent. Pairs of gateways take turns as in a
/// tournament (circle method), so each link is measured alone and nobody waits for more than one
/// other at a time: every wait is for a gateway that is in the same turn or an earlier one. In a
/// turn each of the two sends {@value #PINGS} numbers that come straight back, the shortest way
/// there and back is twice the delay; then bytes, from {@value #LEAST} on four times as many each
/// time, until they take {@value #LONG_ENOUGH_NANOS} ns beyond that or are {@value #MOST}. So a
/// link costs at most 170 kB in each direction. At the end all tell all what they measured.
public final class LinkProbe {
  private static final int PINGS = 4;
  private static final long LEAST = 8 << 10;
  private static final long MOST = 128 << 10;
  private static final long LONG_ENOUGH_NANOS = 10_000_000;
  private static final ValueLayout.OfLong U64 = FrameLayout.U64;

  private final Transport transport;
  private final Deadline deadline;
  private final LongSupplier nanoTime;
  private final MemorySegment out;
  private final MemorySegment in;
  private final MemorySegment bulk;
  private final int dcs;
  private final int me;
  private final double[][] delaySeconds;
  private final double[][] bytesPerSecond;

  private LinkProbe(
      Transport transport, Deadline deadline, LongSupplier nanoTime, HostMemory memory) {
    this.transport = transport;
    this.deadline = deadline;
    this.nanoTime = nanoTime;
    dcs = transport.group().size();
    me = transport.group().me();
    out = memory.bytes(Long.BYTES).segment();
    in = memory.bytes(Long.BYTES).segment();
    bulk = memory.bytes(MOST).segment();
    delaySeconds = new double[dcs][dcs];
    bytesPerSecond = new double[dcs][dcs];
  }

  /// Measures; all gateways do it at the same time.
  ///
  /// @param transport connects the gateways in DC order; nothing is under way on it
  /// @param deadline of each wait
  /// @return the same in all gateways: delays one way, rates, no prices
  /// @throws org.strait.engine.transport.PeerLostException if one is lost
  public static LinkMatrix measure(Transport transport, Deadline deadline, LongSupplier nanoTime) {
    try (HostMemory memory = HostMemory.unlimited("probe of links")) {
      LinkProbe probe = new LinkProbe(transport, deadline, nanoTime, memory);
      probe.tournament();
      probe.tellAll(memory);
      transport.drain(deadline);
      return new LinkMatrix(
          probe.delaySeconds, probe.bytesPerSecond, new double[probe.dcs][probe.dcs]);
    }
  }

  private void tournament() {
    int seats = dcs + dcs % 2;
    for (int turn = 0; turn < seats - 1; turn++) {
      int partner = partner(turn, me, seats);
      if (partner >= dcs) {
        continue; // an odd one out
      }
      boolean first = me < partner;
      for (int side = 0; side < 2; side++) {
        if (first == (side == 0)) {
          ask(partner);
        } else {
          answer(partner);
        }
      }
    }
  }

  /// The last seat stays where it is, the others move round.
  private static int partner(int turn, int seat, int seats) {
    int moving = seats - 1;
    if (seat == moving) {
      return turn * (seats / 2) % moving;
    }
    int other = Math.floorMod(turn - seat, moving);
    return other == seat ? moving : other;
  }

  private void ask(int other) {
    long shortest = Long.MAX_VALUE;
    for (int i = 0; i < PINGS; i++) {
      shortest = Math.min(shortest, sent(other, 0));
    }
    delaySeconds[me][other] = shortest / 2e9;
    long beyond = 0;
    long bytes = LEAST;
    while (true) {
      beyond = Math.max(1, sent(other, bytes) - shortest);
      bytesPerSecond[me][other] = bytes * 1e9 / beyond;
      if (beyond >= LONG_ENOUGH_NANOS || bytes == MOST) {
        break;
      }
      bytes = Math.min(MOST, 4 * bytes);
    }
    say(other, -1);
    transport.flush(other, deadline);
  }

  /// Time until the other says that it has so many bytes.
  private long sent(int other, long bytes) {
    long begun = nanoTime.getAsLong();
    say(other, bytes);
    if (bytes > 0) {
      transport.post(other, bulk, 0, bytes);
    }
    transport.receive(other, in, deadline);
    long nanos = nanoTime.getAsLong() - begun;
    transport.flush(other, deadline);
    return nanos;
  }

  private void answer(int other) {
    while (true) {
      transport.receive(other, in, deadline);
      long bytes = in.get(U64, 0);
      if (bytes < 0) {
        return;
      }
      if (bytes > MOST) {
        throw new ExchangeException(
            "probe of links: "
                + transport.group().members().get(other).dc()
                + " announces "
                + bytes
                + " bytes, at most "
                + MOST
                + " expected");
      }
      if (bytes > 0) {
        transport.receive(other, bulk, 0, bytes, deadline);
      }
      say(other, bytes);
      transport.flush(other, deadline);
    }
  }

  private void say(int other, long number) {
    out.set(U64, 0, number);
    transport.post(other, out);
  }

  private void tellAll(HostMemory memory) {
    long bytes = 2L * Double.BYTES * dcs;
    MemorySegment mine = memory.bytes(bytes).segment();
    MemorySegment theirs = memory.bytes(bytes).segment();
    for (int p = 0; p < dcs; p++) {
      mine.set(FrameLayout.F64, 2L * Double.BYTES * p, delaySeconds[me][p]);
      mine.set(FrameLayout.F64, (2L * p + 1) * Double.BYTES, bytesPerSecond[me][p]);
    }
    for (int to = 0; to < dcs; to++) {
      if (to != me) {
        transport.post(to, mine);
      }
    }
    for (int of = 0; of < dcs; of++) {
      if (of != me) {
        transport.receive(of, theirs, deadline);
        for (int p = 0; p < dcs; p++) {
          delaySeconds[of][p] = theirs.get(FrameLayout.F64, 2L * Double.BYTES * p);
          bytesPerSecond[of][p] = theirs.get(FrameLayout.F64, (2L * p + 1) * Double.BYTES);
        }
      }
    }
    transport.flush(deadline);
  }
}
