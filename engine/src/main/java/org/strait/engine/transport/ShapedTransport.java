package org.strait.engine.transport;

import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.function.LongSupplier;
import org.strait.engine.topology.Group;
import org.strait.engine.topology.Link;
import org.strait.engine.topology.Member;
import org.strait.engine.topology.Topology;
import org.strait.memory.HostMemory;

/// Makes outgoing links of another transport as slow as a WAN: one-way delay, bandwidth, jitter,
/// stalls as losses cause them. Each member behind a shaped link has a thread (strait-wire-DC) that
/// hands over the bytes when they would have arrived, so delivery does not wait for the sender's
/// next call. Both ends of a slow pair wrap their own transport. Bytes are counted by the inner
/// transport, unchanged. A link that breaks is told to the next call of its user.
public final class ShapedTransport implements Transport {
  private static final Deadline SENDING = new Deadline("sending", 0);

  private final Transport inner;
  private final Traffic traffic;
  private final Wire[] wires;
  private final HostMemory memory;
  private final boolean[] dropped;
  private volatile boolean closed;

  private ShapedTransport(Transport inner, List<LinkShape> shapes, LongSupplier nanoTime) {
    this.inner = inner;
    Group group = inner.group();
    traffic = inner.traffic().withOwnPosts();
    memory = HostMemory.unlimited("shaped-" + group.name());
    wires = new Wire[group.size()];
    dropped = new boolean[group.size()];
    for (int i = 0; i < wires.length; i++) {
      if (i != group.me() && shapes.get(i).shaped()) {
        wires[i] = new Wire(inner, i, shapes.get(i), memory, nanoTime);
      }
    }
  }

  /// Shapes by the topology's links from this rank's DC to the members' DCs; returns the inner
  /// transport itself if none is shaped. Closing the result closes the inner transport.
  public static Transport over(Transport inner, Topology topology) {
    return over(inner, topology, 0);
  }

  /// The same with a seed for jitter and losses.
  public static Transport over(Transport inner, Topology topology, long seed) {
    List<Member> members = inner.group().members();
    int from = topology.dcOf(members.get(inner.group().me()).rank());
    List<LinkShape> shapes = new ArrayList<>();
    for (Member member : members) {
      int to = topology.dcOf(member.rank());
      Link link = topology.link(from, to);
      shapes.add(
          link.shaped()
              ? new LinkShape(
                  link.delayNanos(),
                  link.bitsPerSecond(),
                  link.jitterNanos(),
                  link.loss(),
                  seed + 31L * from + 1_000_003L * to)
              : LinkShape.NONE);
    }
    return over(inner, shapes);
  }

  /// Shapes the link to each member.
  ///
  /// @param shapes one per member; this rank's own is not looked at
  public static Transport over(Transport inner, List<LinkShape> shapes) {
    Group group = inner.group();
    if (shapes.size() != group.size()) {
      throw new IllegalArgumentException(
          "group " + group.name() + " has " + group.size() + " members, shapes " + shapes.size());
    }
    boolean any = false;
    for (int i = 0; i < group.size(); i++) {
      any |= i != group.me() && shapes.get(i).shaped();
    }
    if (!any) {
      return inner;
    }
    ShapedTransport shaped = new ShapedTransport(inner, shapes, System::nanoTime);
    for (Wire wire : shaped.wires) {
      if (wire != null) {
        wire.start();
      }
    }
    return shaped;
  }

  @Override
  public Group group() {
    return inner.group();
  }

  @Override
  public Traffic traffic() {
    return traffic;
  }

  @Override
  public void post(int to, MemorySegment data, long offset, long bytes) {
    checkOpen();
    traffic.addPost(to);
    Wire wire = wires[to];
    if (wire == null) {
      inner.post(to, data, offset, bytes);
      return;
    }
    Objects.checkFromIndexSize(offset, bytes, data.byteSize());
    wire.throwKnown(SENDING);
    wire.post(data, offset, bytes);
  }

  @Override
  public void receive(int from, MemorySegment into, long offset, long bytes, Deadline deadline) {
    checkOpen();
    for (int i = 0; i < wires.length; i++) {
      if (wires[i] != null && !dropped[i]) {
        wires[i].throwNews(deadline);
      }
    }
    inner.receive(from, into, offset, bytes, deadline);
  }

  @Override
  public void flush(int to, Deadline deadline) {
    checkOpen();
    if (wires[to] == null) {
      inner.flush(to, deadline);
    } else {
      wires[to].flush(deadline);
    }
  }

  @Override
  public void flush(Deadline deadline) {
    for (int i = 0; i < wires.length; i++) {
      if (i != inner.group().me() && !dropped[i]) {
        flush(i, deadline);
      }
    }
  }

  @Override
  public void drain(Deadline deadline) {
    flush(deadline);
    for (int i = 0; i < wires.length; i++) {
      if (wires[i] != null && !dropped[i]) {
        wires[i].awaitEmpty(deadline);
      }
    }
  }

  @Override
  public void drop(int member) {
    dropped[member] = true;
    inner.drop(member);
  }

  @Override
  public void close() {
    synchronized (wires) {
      if (closed) {
        return;
      }
      closed = true;
    }
    for (Wire wire : wires) {
      if (wire != null) {
        wire.drain();
      }
    }
    inner.close();
    boolean ended = true;
    for (Wire wire : wires) {
      ended &= wire == null || wire.stop();
    }
    if (ended) {
      memory.close();
    }
  }

  private void checkOpen() {
    if (closed) {
      throw new IllegalStateException("transport of group " + inner.group().name() + " is closed");
    }
  }
}
