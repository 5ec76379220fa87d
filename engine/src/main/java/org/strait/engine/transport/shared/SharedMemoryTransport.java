package org.strait.engine.transport.shared;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import org.strait.engine.rendezvous.Store;
import org.strait.engine.topology.Group;
import org.strait.engine.transport.Bell;
import org.strait.engine.transport.ConnectOptions;
import org.strait.engine.transport.Host;
import org.strait.engine.transport.PipedTransport;
import org.strait.engine.transport.Pipes;
import org.strait.engine.transport.Ring;
import org.strait.engine.transport.RingPipes;
import org.strait.engine.transport.Traffic;
import org.strait.engine.transport.Transport;

/// Ranks of one host, in one or several processes: rings of bytes in a shared file, and vectors
/// that all members see (see {@link SharedGroup}).
public final class SharedMemoryTransport {
  /// Bytes that are under way between two members at most; less where many ranks share a host.
  static final long RING_BYTES = 128 << 10;

  private static final long ALL_RINGS_BYTES = 256 << 20;
  private static final long LEAST_RING_BYTES = 4 << 10;

  private SharedMemoryTransport() {}

  /// Joins; every member calls this with the same group and store.
  ///
  /// @throws org.strait.engine.rendezvous.RendezvousException if members are missing when the time
  ///     is over, run on another host, or there is not enough memory
  public static Transport join(Group group, Store store, ConnectOptions options) {
    int n = group.size();
    long ringBytes = ringBytes(n);
    long rollBytes = n * Roll.LINE_BYTES;
    long pulseBytes = n * Pulse.BYTES;
    long bellBytes = n * FutexBell.BYTES;
    long ringHeaders = (long) n * n * Ring.HEADER_BYTES;
    long stageBytes = n * Stage.BYTES;
    Arena arena = Arena.ofShared();
    boolean joined = false;
    try {
      Meeting meeting =
          new Meeting(group, store, "group/" + group.name() + "/shared", options.timeoutNanos());
      SharedFile file =
          meeting.meet(
              rollBytes
                  + bellBytes
                  + ringHeaders
                  + (long) n * n * ringBytes
                  + stageBytes
                  + pulseBytes,
              arena);
      long at = Meeting.HEADER_BYTES;
      MemorySegment roll = file.memory().asSlice(at, rollBytes);
      at += rollBytes;
      Bell[] bells = new Bell[n];
      for (int i = 0; i < n; i++, at += FutexBell.BYTES) {
        bells[i] = new FutexBell(file.memory().asSlice(at, FutexBell.BYTES));
      }
      long data = at + ringHeaders;
      Ring[][] rings = new Ring[n][n];
      for (int i = 0; i < n; i++) {
        for (int j = 0; j < n; j++, at += Ring.HEADER_BYTES, data += ringBytes) {
          MemorySegment bytes = file.memory().asSlice(data, ringBytes);
          rings[i][j] =
              new Ring(file.memory().asSlice(at, Ring.HEADER_BYTES), ringBytes, () -> bytes);
        }
      }
      Traffic traffic = new Traffic(n);
      Pulse pulse =
          new Pulse(group, file.memory().asSlice(data + stageBytes, pulseBytes), file, Host.name());
      SharedGroup shared =
          new SharedGroup(
              group,
              new Roll(group, roll, pulse),
              new Stage(file.memory().asSlice(data, stageBytes), n, group.me()),
              file,
              arena,
              store,
              options.timeoutNanos());
      Pipes pipes = new RingPipes(rings, bells, traffic, group.me(), new Watch(pulse, shared));
      joined = true;
      return new PipedTransport(group, traffic, pipes, System::nanoTime, shared);
    } finally {
      if (!joined) {
        arena.close();
      }
    }
  }

  private record Watch(Pulse pulse, SharedGroup shared) implements RingPipes.Watch {
    @Override
    public String whyGone(int member) {
      return pulse.whyGone(member);
    }

    @Override
    public void close() {
      shared.close();
    }
  }

  private static long ringBytes(int n) {
    long share = Long.highestOneBit(ALL_RINGS_BYTES / ((long) n * n));
    return Math.max(LEAST_RING_BYTES, Math.min(RING_BYTES, share));
  }
}
