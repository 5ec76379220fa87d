package org.strait.engine.transport;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.strait.engine.rendezvous.MemoryStore;
import org.strait.engine.rendezvous.RendezvousException;
import org.strait.engine.rendezvous.Store;
import org.strait.engine.topology.Group;

class UnixTransportTest extends TransportContract {
  @Override
  protected Fabric fabric() {
    return Fabric.unix();
  }

  @Override
  protected long overheadBytes() {
    return HandshakeLayout.BYTES;
  }

  private static Set<Path> ours() throws IOException {
    try (Stream<Path> all = Files.list(Path.of(System.getProperty("java.io.tmpdir")))) {
      return all.filter(p -> p.getFileName().toString().startsWith("strait-unix-"))
          .collect(Collectors.toCollection(HashSet::new));
    }
  }

  @Test
  void nothingIsLeftInTheFileSystemOnceAllAreConnected() throws IOException {
    Set<Path> before = ours();
    try (Fabric fabric = fabric()) {
      Ranks.run(3, me -> fabric.join(Group.of("tidy", 3, me)).close());
    }
    Set<Path> after = ours();
    after.removeAll(before);
    assertEquals(Set.of(), after);
  }

  @Test
  void aMemberOfAnotherHostIsRefusedInWords() {
    try (Store store = new MemoryStore()) {
      store.set("group/far/unix/0", "0123\nnode7\n/nowhere/r0");
      RendezvousException e =
          assertThrows(
              RendezvousException.class,
              () ->
                  Transports.connect(
                      "unix", Group.of("far", 2, 1), store, ConnectOptions.defaults()));
      assertTrue(e.getMessage().contains("rank 0 (local) on node7"), e.getMessage());
      assertTrue(e.getMessage().contains("--transport tcp"), e.getMessage());
    }
  }

  @Test
  void whoDoesNotComeIsNamedWithItsPath() {
    try (Store store = new MemoryStore()) {
      RendezvousException e =
          assertThrows(
              RendezvousException.class,
              () ->
                  Transports.connect(
                      "unix",
                      Group.of("few", 2, 0),
                      store,
                      ConnectOptions.defaults().withTimeoutSeconds(0.1)));
      assertTrue(e.getMessage().contains("still misses rank 1 (local)"), e.getMessage());
    }
  }
}
