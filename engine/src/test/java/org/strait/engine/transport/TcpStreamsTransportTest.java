package org.strait.engine.transport;

import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;
import org.strait.engine.rendezvous.MemoryStore;
import org.strait.engine.rendezvous.RendezvousException;
import org.strait.engine.rendezvous.Store;
import org.strait.engine.topology.Group;

/// Three connections per pair: stripes end inside most messages.
class TcpStreamsTransportTest extends TransportContract {
  private static final int STREAMS = 3;

  @Override
  protected Fabric fabric() {
    return Fabric.tcp(STREAMS);
  }

  @Override
  protected long overheadBytes() {
    return 2 * STREAMS * HandshakeLayout.BYTES;
  }

  @Test
  void anotherNumberOfConnectionsIsRefusedByBothSides() {
    try (Store store = new MemoryStore()) {
      ConnectOptions options = ConnectOptions.defaults().withTimeoutSeconds(5);
      Ranks.run(
          2,
          me -> {
            RendezvousException e =
                assertThrows(
                    RendezvousException.class,
                    () ->
                        Transports.connect(
                            "tcp", Group.of("g", 2, me), store, options.withStreams(1 + me)));
            assertTrue(e.getMessage().contains("another number of connections"), e.getMessage());
          });
    }
  }

  @Test
  void numbersOfConnectionsHaveARange() {
    assertThrows(IllegalArgumentException.class, () -> ConnectOptions.defaults().withStreams(0));
    assertThrows(IllegalArgumentException.class, () -> ConnectOptions.defaults().withStreams(65));
  }
}
