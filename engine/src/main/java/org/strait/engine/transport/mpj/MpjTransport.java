package org.strait.engine.transport.mpj;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import org.strait.engine.rendezvous.RendezvousException;
import org.strait.engine.rendezvous.Sockets;
import org.strait.engine.rendezvous.Store;
import org.strait.engine.topology.Group;
import org.strait.engine.topology.Member;
import org.strait.engine.transport.ConnectOptions;
import org.strait.engine.transport.PipedTransport;
import org.strait.engine.transport.Traffic;
import org.strait.engine.transport.Transport;

/// MPJ Express (device niodev) as a transport: its point-to-point messages only, because its
/// collectives are wrong for offsets and for Reduce_scatter, and never notice a dead peer. Ranks
/// start without MPJ's daemons. Traffic counts the bytes handed to MPJ; its own headers are not
/// seen. A killed peer shows as silence, a closed one at once. MPJ listens on all interfaces and
/// without a secret: only for use inside one cluster. If MPJ_HOME is not set in the environment,
/// MPJ prints a stack trace about its configuration file and goes on.
public final class MpjTransport {
  // Bytes up to which MPJ sends without asking; its default.
  private static final int EAGER_BYTES = 131072;

  private MpjTransport() {}

  /// Joins a group; every member calls this.
  ///
  /// @throws RendezvousException if members are missing when the time is over
  /// @throws IllegalArgumentException if the options' jars are not MPJ Express
  public static Transport join(Group group, Store store, ConnectOptions options) {
    String name = group.name() + "-" + group.me();
    long startNanos = System.nanoTime();
    MpjWorld world = new MpjWorld(options.mpjJars(), name);
    String key = "group/" + group.name() + "/mpj";
    boolean started = false;
    try (MpjPortExchange ports =
        group.me() == 0 ? new MpjPortExchange(options.bind(), group.size(), name) : null) {
      if (ports != null) {
        store.set(key, options.advertised(ports.port()));
      }
      InetSocketAddress server = Sockets.parse(store.get(key, options.timeoutNanos()));
      String configuration =
          String.join(
              ";",
              "#Number of Processes",
              Integer.toString(group.size()),
              "#Protocol Switch Limit",
              Integer.toString(EAGER_BYTES),
              "#Server Name",
              server.getHostString(),
              "#Server Port",
              Integer.toString(server.getPort()));
      long leftNanos = options.timeoutNanos() - (System.nanoTime() - startNanos);
      started = world.start(group.me(), configuration, leftNanos);
      if (!started) {
        throw new RendezvousException(missing(group, ports, options.timeoutNanos()));
      }
    } catch (IOException e) {
      throw new RendezvousException("group " + group.name() + ": " + e.getMessage(), e);
    } finally {
      if (!started) {
        world.discard();
      }
    }
    Traffic traffic = new Traffic(group.size());
    return new PipedTransport(
        group, traffic, new MpjPipes(world, traffic, group.size(), group.me()), System::nanoTime);
  }

  private static String missing(Group group, MpjPortExchange ports, long timeoutNanos) {
    List<Member> missing = new ArrayList<>();
    for (int i = 0; ports != null && i < group.size(); i++) {
      if (!ports.has(i)) {
        missing.add(group.members().get(i));
      }
    }
    return String.format(
            "group %s: after %.1f s MPJ Express has ", group.name(), timeoutNanos / 1e9)
        + (ports == null ? "not connected all members" : "not heard of " + missing);
  }
}
