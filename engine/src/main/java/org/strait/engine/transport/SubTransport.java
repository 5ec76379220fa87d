package org.strait.engine.transport;

import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.strait.engine.topology.Group;
import org.strait.engine.topology.Member;

/// Some members of a group as a group of their own, over the connections there are. Bytes of a pair
/// keep their order over both groups together, so a pair must use them in the same order on both
/// sides. Traffic is that of the whole group, by its indices; closing changes nothing.
public final class SubTransport implements Transport {
  private final Transport inner;
  private final Group group;
  private final int[] indices;
  private volatile boolean closed;

  private SubTransport(Transport inner, Group group, int[] indices) {
    this.inner = inner;
    this.group = group;
    this.indices = indices;
  }

  /// A transport of the members with these indices, in this order, this rank's among them.
  public static Transport of(Transport inner, String name, List<Integer> indices) {
    List<Member> members = new ArrayList<>();
    for (int index : indices) {
      members.add(inner.group().members().get(index));
    }
    int me = indices.indexOf(inner.group().me());
    int[] fixed = indices.stream().mapToInt(Integer::intValue).toArray();
    return new SubTransport(inner, new Group(name, members, me), fixed);
  }

  @Override
  public Group group() {
    return group;
  }

  @Override
  public Traffic traffic() {
    return inner.traffic();
  }

  @Override
  public void post(int to, MemorySegment data, long offset, long bytes) {
    inner.post(index(to), data, offset, bytes);
  }

  @Override
  public void receive(int from, MemorySegment into, long offset, long bytes, Deadline deadline) {
    inner.receive(index(from), into, offset, bytes, deadline);
  }

  @Override
  public void flush(int to, Deadline deadline) {
    inner.flush(index(to), deadline);
  }

  @Override
  public void flush(Deadline deadline) {
    checkOpen();
    for (int i = 0; i < indices.length; i++) {
      if (i != group.me()) {
        inner.flush(indices[i], deadline);
      }
    }
  }

  @Override
  public void drain(Deadline deadline) {
    checkOpen();
    inner.drain(deadline);
  }

  @Override
  public void close() {
    closed = true;
  }

  private int index(int member) {
    checkOpen();
    return indices[Objects.checkIndex(member, indices.length)];
  }

  private void checkOpen() {
    if (closed) {
      throw new IllegalStateException("transport of group " + group.name() + " is closed");
    }
  }
}
