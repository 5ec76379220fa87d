package org.strait.bench.wan;

import java.lang.foreign.MemorySegment;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.strait.engine.topology.Group;
import org.strait.engine.topology.Member;
import org.strait.engine.transport.ConnectOptions;
import org.strait.engine.transport.Deadline;
import org.strait.engine.transport.GatewayListener;
import org.strait.engine.transport.LinkShape;
import org.strait.engine.transport.PeerLostException;
import org.strait.engine.transport.ShapedTransport;
import org.strait.engine.transport.Transport;
import org.strait.engine.transport.tls.TlsIdentity;
import org.strait.memory.HostMemory;

/// Two gateways of this process, joined at an address, and a thread that answers each message.
final class WanLink implements Sender {
  static final List<String> NAMES = List.of("here", "there");
  private static final Deadline SOON = Deadline.seconds("bench wan", 60);

  private final HostMemory memory = HostMemory.unlimited("bench wan");
  private final MemorySegment data;
  private final MemorySegment answer;
  private final Transport here;
  private final Transport there;
  private final Thread receiver;

  private WanLink(Transport here, Transport there, long bytes) {
    this.here = here;
    this.there = there;
    data = memory.bytes(bytes).segment();
    answer = memory.bytes(1).segment();
    MemorySegment into = memory.bytes(bytes).segment();
    receiver = Thread.ofPlatform().daemon().name("bench-wan-receiver").start(() -> answerAll(into));
  }

  /// @param identities of both ends, or none for plain connections
  static WanLink open(List<TlsIdentity> identities, int streams, LinkShape shape, long bytes) {
    ConnectOptions options = ConnectOptions.defaults().withStreams(streams);
    ConnectOptions first = identities.isEmpty() ? options : options.withTls(identities.get(0));
    ConnectOptions second = identities.isEmpty() ? options : options.withTls(identities.get(1));
    try (GatewayListener listener = GatewayListener.open(first);
        GatewayListener other = GatewayListener.open(second)) {
      List<InetSocketAddress> addresses =
          List.of(
              InetSocketAddress.createUnresolved("127.0.0.1", listener.port()),
              InetSocketAddress.createUnresolved("127.0.0.1", other.port()));
      CompletableFuture<Transport> joined =
          CompletableFuture.supplyAsync(() -> other.join(group(1), addresses, second));
      Transport here = listener.join(group(0), addresses, first);
      return new WanLink(shaped(here, shape), shaped(joined.join(), shape), bytes);
    }
  }

  private static Transport shaped(Transport transport, LinkShape shape) {
    return ShapedTransport.over(transport, Collections.nCopies(2, shape));
  }

  private static Group group(int me) {
    return new Group("wan", List.of(new Member(0, NAMES.get(0)), new Member(1, NAMES.get(1))), me);
  }

  private void answerAll(MemorySegment into) {
    try {
      while (true) {
        there.receive(0, into, SOON);
        there.post(0, into, 0, 1);
        there.flush(SOON);
      }
    } catch (PeerLostException | IllegalStateException e) {
      // closed: the end
      System.getLogger(WanLink.class.getName()).log(System.Logger.Level.DEBUG, "end", e);
    }
  }

  @Override
  public double send() {
    long from = System.nanoTime();
    here.post(1, data);
    here.receive(1, answer, SOON);
    return (System.nanoTime() - from) * 1e-9;
  }

  @Override
  public void close() {
    here.close();
    there.close();
    try {
      if (receiver.join(Duration.ofSeconds(10))) {
        memory.close();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
