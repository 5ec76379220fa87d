package org.strait.engine.transport;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.foreign.MemorySegment;
import java.nio.file.Path;
import java.time.Instant;
import java.time.InstantSource;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.strait.engine.rendezvous.MemoryStore;
import org.strait.engine.topology.Group;
import org.strait.engine.transport.tls.TestPki;
import org.strait.engine.transport.tls.TlsIdentity;
import org.strait.memory.HostMemory;

/// TLS over one connection per pair.
class TlsTransportTest extends TransportContract {
  private static final long RECORD_EXTRA = 38; // head 5, type 1, tag 16; and the JDK pads by 16
  private static final long RECORD_BYTES = 16 << 10;

  @Override
  protected Fabric fabric() {
    return Fabric.tls(1);
  }

  @Override
  protected long overheadBytes() {
    return HandshakeLayout.BYTES;
  }

  @ParameterizedTest
  @ValueSource(strings = {"EC", "RSA", "Ed25519"})
  void keysOfEveryKindShakeHands(String kind, @TempDir Path folder) {
    Instant now = Instant.now();
    TlsIdentity identity =
        TlsIdentity.load(
            new TestPki(folder, "ca").issue("local", kind, now, now.plusSeconds(900)),
            "local",
            InstantSource.system());
    ConnectOptions options = ConnectOptions.defaults().withTls(identity).withTimeoutSeconds(20);
    try (MemoryStore store = new MemoryStore()) {
      Ranks.run(
          2,
          me -> {
            try (HostMemory memory = HostMemory.unlimited("rank");
                Transport transport =
                    Transports.connect("tcp", Group.of("kinds", 2, me), store, options)) {
              MemorySegment data = memory.bytes(9).segment();
              transport.post(1 - me, data);
              transport.receive(1 - me, data, SOON);
            }
          });
    }
  }

  @Test
  void everyByteOfARecordCounts() {
    long bytes = 3 * RECORD_BYTES + 1;
    try (Fabric fabric = fabric()) {
      Ranks.run(
          2,
          me -> {
            try (HostMemory memory = HostMemory.unlimited("rank");
                Transport transport = fabric.join(Group.of("records", 2, me))) {
              MemorySegment data = memory.bytes(bytes).segment();
              Traffic traffic = transport.traffic();
              long before = traffic.tlsSent(1 - me);
              assertTrue(before > 500, "certificates travel: " + before + " bytes");
              transport.post(1 - me, data);
              transport.receive(1 - me, data, SOON);
              transport.flush(SOON);
              assertEquals(4 * RECORD_EXTRA, traffic.tlsSent(1 - me) - before);
              transport.post(1 - me, data, 0, 1);
              transport.receive(1 - me, data, 0, 1, SOON);
            }
          });
    }
  }
}
