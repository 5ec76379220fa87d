package org.strait.engine.rendezvous;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.util.HexFormat;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.strait.engine.transport.Ranks;

class TcpStoreTest extends StoreContract {
  private static final long SOON = 20_000_000_000L;

  private final TcpStoreServer server = TcpStoreServer.start("127.0.0.1", 0, "job-1");

  private String address() {
    return "127.0.0.1:" + server.port();
  }

  @Override
  protected Store store() {
    return TcpStore.connect(address(), "job-1", SOON);
  }

  @AfterEach
  void stop() {
    server.close();
  }

  @Test
  void anotherTokenIsSentAwayAtOnce() {
    RendezvousException e =
        assertThrows(
            RendezvousException.class, () -> TcpStore.connect(address(), "job-2", SOON).close());
    assertTrue(e.getMessage().contains("the job tokens differ"), e.getMessage());
  }

  @Test
  void aLostServerEndsWaitsAndLaterCalls() {
    try (Store store = store()) {
      server.local().set("known", "here");
      assertEquals("here", store.peek("known"));
      Ranks.run(
          2,
          me -> {
            if (me == 0) {
              server.close();
            } else {
              assertThrows(RendezvousException.class, () -> store.get("never", SOON));
            }
          });
      RendezvousException e = assertThrows(RendezvousException.class, () -> store.set("a", "b"));
      assertTrue(e.getMessage().contains("lost the store at " + address()), e.getMessage());
    }
  }

  @Test
  void nobodyListeningIsAnErrorInTime() {
    String address = address();
    server.close();
    RendezvousException e =
        assertThrows(
            RendezvousException.class,
            () -> TcpStore.connect(address, "job-1", 100_000_000L).close());
    assertTrue(e.getMessage().contains("no store at " + address), e.getMessage());
  }

  @Test
  void theProtocolIsTheseBytes() throws IOException {
    try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), server.port())) {
      HexFormat hex = HexFormat.of();
      socket.setSoTimeout(20_000);
      String hello = "53545253" + "0001" + "00000005" + "6a6f622d31";
      String setKToV = "01" + "00000001" + "6b" + "00000001" + "76";
      String getK = "02" + "00000001" + "6b" + "0000000000000000";
      String peekX = "03" + "00000001" + "78";
      socket.getOutputStream().write(hex.parseHex(hello + setKToV + getK + peekX));
      String answers = "0a00000000" + "0a00000000" + "0a00000001" + "76" + "0b";
      byte[] expected = hex.parseHex(answers);
      assertArrayEquals(expected, socket.getInputStream().readNBytes(expected.length));
    }
  }
}
