package org.strait.engine.transport;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.strait.engine.rendezvous.MemoryStore;
import org.strait.engine.rendezvous.RendezvousException;
import org.strait.engine.rendezvous.Sockets;
import org.strait.engine.rendezvous.Store;
import org.strait.engine.topology.Group;
import org.strait.engine.topology.Member;
import org.strait.engine.topology.Topology;

@Timeout(60)
class TcpJoinTest {
  private static final ConnectOptions OPTIONS =
      ConnectOptions.defaults().withToken("secret").withTimeoutSeconds(20);

  private static int freePort() throws IOException {
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return socket.getLocalPort();
    }
  }

  private static RendezvousException refused(Group group, Store store, ConnectOptions options) {
    return assertThrows(
        RendezvousException.class, () -> Transports.connect("tcp", group, store, options).close());
  }

  private static void contains(RendezvousException e, String... parts) {
    for (String part : parts) {
      assertTrue(e.getMessage().contains(part), e.getMessage());
    }
  }

  @Test
  void theHandshakeIsTheseBytes() {
    Group group =
        new Group("wan", List.of(new Member(0, "a"), new Member(2, "b"), new Member(5, "c")), 2);
    ByteBuffer frame =
        new HandshakeLayout(group, "secret", 1, 1, 1).frame(HandshakeLayout.HELLO, 0, 0);
    byte[] bytes = new byte[frame.remaining()];
    frame.get(bytes);
    assertEquals(
        "53545254" + "0300" + "0100" + "02000000" + "0300" + "0001",
        HexFormat.of().formatHex(bytes, 0, 16));
    // printf 'wan\n0 a\n2 b\n5 c' | sha256sum, and of its first 16 bytes with "secret" behind them
    assertEquals("e93af2bef91218ddf2d51fb610066aa6", HexFormat.of().formatHex(bytes, 16, 32));
    assertEquals(
        "8a2309fee8558db7b163320bff65e136d6390467374dcb19d9286087f2d4bccc",
        HexFormat.of().formatHex(bytes, 32, 64));
  }

  @Test
  void anotherTokenIsRefusedAtOnceByBothSidesInWords() {
    try (Store store = new MemoryStore()) {
      CountDownLatch refused = new CountDownLatch(1);
      Ranks.run(
          2,
          me -> {
            Group group = Group.of("g", 2, me);
            if (me == 1) {
              contains(
                  refused(group, store, OPTIONS.withToken("other")),
                  "rank 0 (local)",
                  "the job tokens differ");
              refused.countDown();
            } else {
              contains(
                  refused(group, store, OPTIONS.withTimeoutSeconds(1)),
                  "still misses rank 1 (local)",
                  "the job tokens differ");
            }
          });
      assertEquals(0, refused.getCount());
    }
  }

  @Test
  void anotherGroupAtTheAddressIsRefused() throws IOException {
    List<InetSocketAddress> addresses =
        List.of(
            new InetSocketAddress(InetAddress.getLoopbackAddress(), freePort()),
            new InetSocketAddress(InetAddress.getLoopbackAddress(), freePort()));
    Ranks.run(
        2,
        me -> {
          Group group = Group.of("group-" + me, 2, me);
          RendezvousException e =
              assertThrows(
                  RendezvousException.class,
                  () ->
                      Transports.connect(group, addresses, OPTIONS.withTimeoutSeconds(1)).close());
          contains(e, "belongs to another group");
        });
  }

  @Test
  void knownAddressesConnectInAnyOrderOfStart() throws IOException {
    List<InetSocketAddress> addresses =
        List.of(
            InetSocketAddress.createUnresolved("127.0.0.1", freePort()),
            InetSocketAddress.createUnresolved("localhost", freePort()));
    Topology topology = Topology.uniform(2, 1);
    CountDownLatch tried = new CountDownLatch(1);
    Ranks.run(
        2,
        me -> {
          if (me == 0) {
            tried.await(); // the other has started to knock
          } else {
            tried.countDown();
          }
          try (Transport transport =
              Transports.connect(topology.gatewayGroup(me), addresses, OPTIONS)) {
            assertEquals(HandshakeLayout.BYTES, transport.traffic().bytesSent(1 - me));
            assertEquals(HandshakeLayout.BYTES, transport.traffic().bytesReceived(1 - me));
          }
        });
  }

  @Test
  void whoIsMissingIsNamed() {
    try (Store store = new MemoryStore()) {
      Topology topology = new Topology(Topology.uniform(1, 3).dcs(), List.of());
      Ranks.run(
          2,
          me -> {
            RendezvousException e =
                refused(topology.intraGroup(2 * me), store, OPTIONS.withTimeoutSeconds(0.3));
            contains(e, "group dc-dc1", "rank 1 (dc1)");
          });
    }
  }

  @Test
  void aTakenPortIsOneClearError() throws IOException {
    try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
        Store store = new MemoryStore()) {
      int port = taken.getLocalPort();
      RendezvousException e =
          refused(Group.of("g", 2, 0), store, OPTIONS.withBind("127.0.0.1", port));
      contains(e, "cannot listen on 127.0.0.1:" + port, "in use", "or 0 for any free one");
    }
  }

  @Test
  void strangersOnThePortDoNotDisturb() throws IOException {
    try (Store store = new MemoryStore()) {
      Ranks.run(
          2,
          me -> {
            if (me == 1) {
              InetSocketAddress at = Sockets.parse(store.get("group/g/tcp/0", 10_000_000_000L));
              try (Socket silent = new Socket(InetAddress.getLoopbackAddress(), at.getPort());
                  Socket web = new Socket(InetAddress.getLoopbackAddress(), at.getPort())) {
                OutputStream out = web.getOutputStream();
                out.write("GET / HTTP/1.1\r\n".repeat(8).getBytes(StandardCharsets.US_ASCII));
                InputStream in = web.getInputStream();
                assertEquals(HandshakeLayout.BYTES, in.readNBytes(HandshakeLayout.BYTES).length);
                try (Transport transport =
                    Transports.connect("tcp", Group.of("g", 2, 1), store, OPTIONS)) {
                  assertEquals(2, transport.group().size());
                }
                assertTrue(silent.isConnected());
              }
            } else {
              Transports.connect("tcp", Group.of("g", 2, 0), store, OPTIONS).close();
            }
          });
    }
  }

  @Test
  void bindAndAdvertisedAddressMayDiffer() {
    ConnectOptions all = OPTIONS.withBind("0.0.0.0", 0);
    assertThrows(IllegalArgumentException.class, () -> all.advertised(7));
    assertEquals("example.org:7", all.withAdvertise("example.org").advertised(7));
    assertEquals("example.org:9", all.withAdvertise("example.org:9").advertised(7));
    assertEquals("[::1]:7", all.withAdvertise("[::1]").advertised(7));
    assertEquals("[::1]:7", all.withAdvertise("::1").advertised(7));
    assertEquals("[::1]:9", all.withAdvertise("[::1]:9").advertised(7));
    assertEquals("127.0.0.1:7", OPTIONS.advertised(7));
    assertTrue(!OPTIONS.toString().contains("secret"), "options end up in logs");
  }

  @Test
  void unknownNamesAndMissingOptionsAreErrors() {
    try (Store store = new MemoryStore()) {
      Group group = Group.of("g", 1, 0);
      for (String name : List.of("udp", "loopback", "mpj")) {
        IllegalArgumentException e =
            assertThrows(
                IllegalArgumentException.class,
                () -> Transports.connect(name, group, store, OPTIONS).close());
        String hint = name.equals("udp") ? "auto, tcp, unix, shared-memory, loopback, mpj" : name;
        assertTrue(e.getMessage().contains(hint), e.getMessage());
      }
    }
  }
}
