package org.strait.engine.transport;

import java.lang.foreign.MemorySegment;
import java.util.List;
import java.util.Optional;
import org.strait.engine.rendezvous.Store;
import org.strait.engine.topology.Group;
import org.strait.engine.transport.shared.SharedMemoryTransport;

/// A group on several hosts: every pair of members speaks over one transport, and besides, the
/// members of each host share memory, which the group's collectives make use of. Who loses somebody
/// on another host tells those on its own: they wait for it in memory, and could only blame it.
final class HostedTransport implements Transport {
  private final Transport between;
  private final Hosted hosted;

  private HostedTransport(Transport between, Hosted hosted) {
    this.between = between;
    this.hosted = hosted;
  }

  /// Joins; every member calls this with the same arguments but for the options.
  ///
  /// @param between name of the transport between the members
  static Transport join(
      String between, Group group, Store store, ConnectOptions options, Hosts hosts) {
    int host = hosts.of().get(group.me());
    List<Integer> indices = hosts.members(host);
    Transport near = null;
    if (indices.size() > 1) {
      Group sharing =
          new Group(
              group.name() + "/host" + host,
              indices.stream().map(group.members()::get).toList(),
              indices.indexOf(group.me()));
      near = SharedMemoryTransport.join(sharing, store, options);
    }
    boolean joined = false;
    try {
      Transport all = Transports.connect(between, group, store, options);
      joined = true;
      return new HostedTransport(all, new Hosted(hosts, near));
    } finally {
      if (!joined && near != null) {
        near.close();
      }
    }
  }

  @Override
  public Optional<Hosted> hosted() {
    return Optional.of(hosted);
  }

  @Override
  public Group group() {
    return between.group();
  }

  @Override
  public void post(int to, MemorySegment data, long offset, long bytes) {
    between.post(to, data, offset, bytes);
  }

  @Override
  public void receive(int from, MemorySegment into, long offset, long bytes, Deadline deadline) {
    try {
      between.receive(from, into, offset, bytes, deadline);
    } catch (PeerLostException e) {
      throw told(e);
    }
  }

  @Override
  public void flush(int to, Deadline deadline) {
    try {
      between.flush(to, deadline);
    } catch (PeerLostException e) {
      throw told(e);
    }
  }

  @Override
  public void flush(Deadline deadline) {
    try {
      between.flush(deadline);
    } catch (PeerLostException e) {
      throw told(e);
    }
  }

  @Override
  public void drain(Deadline deadline) {
    try {
      between.drain(deadline);
    } catch (PeerLostException e) {
      throw told(e);
    }
  }

  private PeerLostException told(PeerLostException e) {
    Transport near = hosted.near();
    if (near != null && !near.group().members().contains(e.peer())) {
      near.groupCollectives()
          .map(SharedVectors.class::cast)
          .ifPresent(shared -> shared.accuse(e.peer()));
    }
    return e;
  }

  @Override
  public Traffic traffic() {
    return between.traffic();
  }

  @Override
  public Optional<GroupCollectives> groupCollectives() {
    return between.groupCollectives();
  }

  @Override
  public void close() {
    if (hosted.near() != null) {
      hosted.near().close();
    }
    between.close();
  }
}
