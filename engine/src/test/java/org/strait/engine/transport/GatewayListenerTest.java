package org.strait.engine.transport;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.foreign.MemorySegment;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.strait.engine.rendezvous.RendezvousException;
import org.strait.engine.topology.Group;
import org.strait.engine.topology.Member;
import org.strait.engine.transport.tls.TestPki;
import org.strait.memory.HostMemory;

/// One port for all groups, at the start and later.
@Timeout(60)
class GatewayListenerTest {
  private static final Deadline SOON = Deadline.seconds("test", 20);
  private static final List<Member> ALL =
      List.of(new Member(0, "a"), new Member(1, "b"), new Member(2, "c"));

  @TempDir Path folder;

  private static Group pair(int low, int high, int me) {
    return new Group(
        "wan-" + low + "-" + high, List.of(ALL.get(low), ALL.get(high)), me == low ? 0 : 1);
  }

  private static InetSocketAddress at(GatewayListener listener) {
    return InetSocketAddress.createUnresolved("127.0.0.1", listener.port());
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void pairsJoinAtTheSameTimeAtOnePortEach(boolean tls) {
    TestPki pki = tls ? new TestPki(folder, "ca") : null;
    List<ConnectOptions> options = new ArrayList<>();
    List<GatewayListener> listeners = new ArrayList<>();
    for (Member member : ALL) {
      ConnectOptions one =
          ConnectOptions.defaults()
              .withToken("secret")
              .withStreams(4)
              .withTimeoutSeconds(20)
              .withTls(tls ? pki.identity(member.dc()) : null);
      options.add(one);
      listeners.add(GatewayListener.open(one));
    }
    int[][] pairs = {{0, 1}, {0, 2}, {1, 2}};
    // Six joins at once: both sides of three pairs.
    Ranks.run(
        6,
        k -> {
          int[] pair = pairs[k / 2];
          int me = pair[k % 2];
          List<InetSocketAddress> addresses =
              List.of(at(listeners.get(pair[0])), at(listeners.get(pair[1])));
          try (HostMemory memory = HostMemory.unlimited("test");
              Transport transport =
                  listeners.get(me).join(pair(pair[0], pair[1], me), addresses, options.get(me))) {
            MemorySegment data = memory.bytes(300_000).segment();
            int other = 1 - transport.group().me();
            transport.post(other, data);
            transport.receive(other, data, SOON);
            transport.flush(SOON);
            transport.post(other, data, 0, 1);
            transport.receive(other, data, 0, 1, SOON);
          }
        });
    listeners.forEach(GatewayListener::close);
  }

  @Test
  void whoReturnsKnocksUntilHeIsLetIn() throws Exception {
    ConnectOptions options = ConnectOptions.defaults().withToken("secret").withTimeoutSeconds(20);
    try (GatewayListener survivor = GatewayListener.open(options);
        GatewayListener returning = GatewayListener.open(options)) {
      List<InetSocketAddress> addresses = List.of(at(survivor), at(returning));
      assertFalse(survivor.knocks(pair(0, 1, 0)), "nobody is there yet");
      CompletableFuture<Transport> back = new CompletableFuture<>();
      CountDownLatch started = new CountDownLatch(1);
      Thread.ofVirtual()
          .start(
              () -> {
                started.countDown();
                back.complete(returning.join(pair(0, 1, 1), addresses, options));
              });
      started.await();
      while (!survivor.knocks(pair(0, 1, 0))) {
        Thread.onSpinWait(); // as between two rounds
      }
      assertFalse(back.isDone(), "nobody has let him in");
      assertFalse(survivor.knocks(pair(0, 2, 0)), "another pair");
      try (Transport here = survivor.join(pair(0, 1, 0), addresses, options);
          Transport there = back.get()) {
        assertTrue(here.traffic().bytesSent(1) >= HandshakeLayout.BYTES);
        assertTrue(there.traffic().bytesSent(0) >= HandshakeLayout.BYTES);
      }
    }
  }

  @Test
  void whoIsNeverExpectedHearsItAtTheEndOfHisTime() {
    ConnectOptions options = ConnectOptions.defaults().withTimeoutSeconds(0.3);
    try (GatewayListener one = GatewayListener.open(options);
        GatewayListener two = GatewayListener.open(options)) {
      RendezvousException e =
          assertThrows(
              RendezvousException.class,
              () -> two.join(pair(0, 1, 1), List.of(at(one), at(two)), options).close());
      assertTrue(e.getMessage().contains("does not expect this group (yet)"), e.getMessage());
      assertTrue(one.refusals().getFirst().contains("does not expect"), "" + one.refusals());
    }
  }
}
