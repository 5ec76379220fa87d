package org.strait.engine.exchange;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import org.strait.engine.topology.Group;
import org.strait.engine.topology.Topology;
import org.strait.engine.transport.Deadline;
import org.strait.engine.transport.PeerLostException;
import org.strait.engine.transport.Traffic;
import org.strait.engine.transport.Transport;

/// Gateways of one process, connected by byte pipes: the one place where the exchange's tests get
/// their transports.
final class TestTransport implements Transport {
  private final Group group;
  private final Pipe[][] pipes;
  private final Traffic traffic;

  private TestTransport(Group group, Pipe[][] pipes) {
    this.group = group;
    this.pipes = pipes;
    traffic = new Traffic(group.size());
  }

  /// One connected transport per DC, named dc1 … dcN.
  static Transport[] mesh(int dcs) {
    Pipe[][] pipes = new Pipe[dcs][dcs];
    for (Pipe[] row : pipes) {
      for (int i = 0; i < dcs; i++) {
        row[i] = new Pipe();
      }
    }
    Topology topology = Topology.uniform(dcs, 1);
    Transport[] transports = new Transport[dcs];
    for (int i = 0; i < dcs; i++) {
      transports[i] = new TestTransport(topology.gatewayGroup(i), pipes);
    }
    return transports;
  }

  @Override
  public Group group() {
    return group;
  }

  @Override
  public void post(int to, MemorySegment data) {
    traffic.addPost(to);
    traffic.addSent(to, data.byteSize());
    pipes[group.me()][to].write(data);
  }

  @Override
  public void receive(int from, MemorySegment into, Deadline deadline) {
    if (!pipes[from][group.me()].read(into, deadline.idleNanos())) {
      throw new PeerLostException(
          group.members().get(from), deadline.phase(), deadline.idleNanos(), "closed or silent");
    }
    traffic.addReceived(from, into.byteSize());
  }

  @Override
  public void flush(Deadline deadline) {}

  @Override
  public Traffic traffic() {
    return traffic;
  }

  @Override
  public void close() {
    for (int i = 0; i < group.size(); i++) {
      pipes[group.me()][i].close();
    }
  }

  /// A ring of bytes that grows while it is too small and allocates nothing afterwards.
  private static final class Pipe {
    private byte[] ring = new byte[1 << 16];
    private int start;
    private int count;
    private boolean closed;

    synchronized void write(MemorySegment data) {
      int bytes = (int) data.byteSize();
      while (ring.length - count < bytes) {
        byte[] larger = new byte[2 * ring.length];
        for (int i = 0; i < count; i++) {
          larger[i] = ring[(start + i) % ring.length];
        }
        ring = larger;
        start = 0;
      }
      int at = (start + count) % ring.length;
      int first = Math.min(bytes, ring.length - at);
      MemorySegment.copy(data, ValueLayout.JAVA_BYTE, 0, ring, at, first);
      MemorySegment.copy(data, ValueLayout.JAVA_BYTE, first, ring, 0, bytes - first);
      count += bytes;
      notifyAll();
    }

    synchronized boolean read(MemorySegment into, long idleNanos) {
      int bytes = (int) into.byteSize();
      long end = System.nanoTime() + idleNanos;
      while (count < bytes) {
        long leftMillis = (end - System.nanoTime()) / 1_000_000;
        if (closed || leftMillis <= 0) {
          return false;
        }
        try {
          wait(leftMillis);
        } catch (InterruptedException e) {
          Thread.currentThread().interrupt();
          return false;
        }
      }
      int first = Math.min(bytes, ring.length - start);
      MemorySegment.copy(ring, start, into, ValueLayout.JAVA_BYTE, 0, first);
      MemorySegment.copy(ring, 0, into, ValueLayout.JAVA_BYTE, first, bytes - first);
      start = (start + bytes) % ring.length;
      count -= bytes;
      return true;
    }

    synchronized void close() {
      closed = true;
      notifyAll();
    }
  }
}
