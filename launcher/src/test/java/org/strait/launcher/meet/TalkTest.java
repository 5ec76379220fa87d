package org.strait.launcher.meet;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.strait.launcher.identity.Build;
import org.strait.launcher.identity.Identity;

/// The words between a rank and rank 0, as bytes.
@Timeout(30)
class TalkTest {
  @Test
  @SuppressWarnings("try") // one side closes first
  void theWordsAreTheseBytes() throws Exception {
    Identity me = new Identity(1, 2, "h", 0, 0, "Test", "job");
    try (ServerSocket server = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
        Talk talk = Talk.to(new Place("127.0.0.1", server.getLocalPort(), "t"));
        Socket other = server.accept()) {
      talk.send(Leader.hello(me, new Build("1 (a)", "25"), "d", "t"));
      talk.send("{\"event\":\"é\"}");
      talk.send(Leader.exit(3, List.of("last")));
      String expected =
          "{\"strait\":1,\"token\":\"t\",\"rank\":1,\"size\":2,\"host\":\"h\","
              + "\"build\":\"strait 1 (a) on JDK 25\",\"command\":\"d\"}\n"
              + "{\"event\":\"é\"}\n"
              + "{\"exit\":3,\"log\":[\"last\"]}\n";
      byte[] bytes = expected.getBytes(StandardCharsets.UTF_8);
      assertEquals(
          expected,
          new String(other.getInputStream().readNBytes(bytes.length), StandardCharsets.UTF_8));
      other.getOutputStream().write("{\"bye\":3}\nnonsense\n".getBytes(StandardCharsets.UTF_8));
      assertEquals(3, talk.read().get("bye").getAsInt());
      assertThrows(IOException.class, talk::read);
      other.close();
      assertNull(talk.read());
    }
  }

  @Test
  void placesAreOneLine() {
    Place place = new Place("fe80::1", 7, "secret");
    assertEquals(place, Place.parse(place.text() + "\n").orElseThrow());
    assertEquals(java.util.Optional.empty(), Place.parse("half a"));
  }
}
