package org.strait.engine.transport;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.strait.engine.rendezvous.RendezvousException;
import org.strait.engine.rendezvous.Store;
import org.strait.engine.topology.Group;
import org.strait.engine.topology.Member;

/// Which member of a group runs on which host. Hosts are counted in the order of their first
/// members.
///
/// @param names of the hosts
/// @param of host of each member
public record Hosts(List<String> names, List<Integer> of) {
  /// Copies the lists.
  public Hosts {
    names = List.copyOf(names);
    of = List.copyOf(of);
  }

  /// Asks all members; every member calls this.
  ///
  /// @throws RendezvousException if one does not answer in time; names it
  static Hosts find(Group group, Store store, ConnectOptions options) {
    String key = "group/" + group.name() + "/host/";
    String name = options.host().isEmpty() ? Host.name() : options.host();
    store.set(key + group.me(), name + "\n" + Host.memory());
    long startNanos = System.nanoTime();
    List<String> hosts = new ArrayList<>();
    List<Integer> of = new ArrayList<>();
    for (int i = 0; i < group.size(); i++) {
      Member member = group.members().get(i);
      long leftNanos = options.timeoutNanos() - (System.nanoTime() - startNanos);
      String host;
      try {
        host = store.get(key + i, Math.max(1, leftNanos));
      } catch (RendezvousException e) {
        throw new RendezvousException(
            String.format(
                "group %s: after %.1f s %s still misses %s",
                group.name(),
                options.timeoutNanos() / 1e9,
                group.members().get(group.me()),
                member),
            e);
      }
      if (!hosts.contains(host)) {
        hosts.add(host);
      }
      of.add(hosts.indexOf(host));
    }
    return new Hosts(hosts.stream().map(h -> h.substring(0, h.indexOf('\n'))).toList(), of);
  }

  /// Number of hosts.
  public int count() {
    return names.size();
  }

  /// The members on a host, in member order.
  public List<Integer> members(int host) {
    return IntStream.range(0, of.size()).filter(i -> of.get(i) == host).boxed().toList();
  }

  /// Members on the host that has the fewest.
  public int fewest() {
    return IntStream.range(0, count()).map(host -> members(host).size()).min().orElse(0);
  }

  /// Members on the host that has the most.
  public int most() {
    return IntStream.range(0, count()).map(host -> members(host).size()).max().orElse(0);
  }
}
