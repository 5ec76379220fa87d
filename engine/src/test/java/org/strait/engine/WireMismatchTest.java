package org.strait.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.strait.engine.exchange.ExchangeException;
import org.strait.engine.rendezvous.MemoryStore;
import org.strait.engine.topology.Topology;
import org.strait.engine.transport.ConnectOptions;
import org.strait.engine.transport.Ranks;
import org.strait.engine.transport.tls.TestPki;

/// Gateways that are connected but train something else, plain and over TLS: both say what.
@Timeout(60)
class WireMismatchTest {
  @TempDir Path folder;

  private List<String> lines(boolean tls, int lengthOfSecond, String hashOfSecond)
      throws Exception {
    List<InetSocketAddress> addresses = new ArrayList<>();
    try (ServerSocket a = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
        ServerSocket b = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      addresses.add(InetSocketAddress.createUnresolved("127.0.0.1", a.getLocalPort()));
      addresses.add(InetSocketAddress.createUnresolved("127.0.0.1", b.getLocalPort()));
    }
    TestPki pki = new TestPki(folder, "ca");
    Topology topology = Topology.uniform(2, 1);
    String[] lines = new String[2];
    try (MemoryStore store = new MemoryStore()) {
      Ranks.run(
          2,
          me -> {
            ConnectOptions connect = ConnectOptions.defaults().withTimeoutSeconds(20);
            SessionSettings settings =
                SessionSettings.defaults()
                    .withGateways(addresses)
                    .withJobHash(me == 0 ? "abc" : hashOfSecond)
                    .withConnect(tls ? connect.withTls(pki.identity("dc" + (me + 1))) : connect);
            try (Session session = Session.open(topology, me, store, settings)) {
              assertTrue(session.gatewayListener().isPresent());
              session.averager(me == 0 ? 100 : lengthOfSecond, "dense").close();
            } catch (ExchangeException e) {
              lines[me] = e.getMessage();
            }
          });
    }
    for (String line : lines) {
      assertNotNull(line, "both sides refuse");
      assertEquals(1, line.lines().count(), line);
    }
    return List.of(lines);
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void anotherModelLayout(boolean tls) throws Exception {
    for (String line : lines(tls, 101, "abc")) {
      assertTrue(line.contains("100") && line.contains("101"), line);
    }
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void anotherConfiguration(boolean tls) throws Exception {
    for (String line : lines(tls, 100, "xyz")) {
      assertTrue(line.contains("abc") && line.contains("xyz"), line);
    }
  }
}
