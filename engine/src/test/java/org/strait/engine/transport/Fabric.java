package org.strait.engine.transport;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collections;
import java.util.List;
import java.util.function.IntUnaryOperator;
import java.util.stream.Stream;
import org.strait.engine.rendezvous.MemoryStore;
import org.strait.engine.topology.Group;
import org.strait.engine.transport.tls.TestPki;
import org.strait.engine.transport.tls.TlsIdentity;
import org.strait.memory.HostMemory;

/// One way to connect ranks that are threads of a test.
public interface Fabric extends AutoCloseable {
  /// Joins; called by every rank's own thread.
  Transport join(Group group);

  @Override
  void close();

  /// Memory.
  static Fabric loopback() {
    HostMemory memory = HostMemory.unlimited("test");
    LoopbackNetwork network = new LoopbackNetwork(memory);
    return new Fabric() {
      @Override
      public Transport join(Group group) {
        return Transports.connect(
            "loopback", group, null, ConnectOptions.defaults().withNetwork(network));
      }

      @Override
      public void close() {
        network.close();
        memory.close();
      }
    };
  }

  /// Sockets of this machine.
  static Fabric tcp() {
    return stored("tcp", ConnectOptions.defaults().withToken("secret").withTimeoutSeconds(20));
  }

  /// Memory that ranks share; one process here, several in SharedMemoryProcessTest.
  static Fabric sharedMemory() {
    return stored("shared-memory", ConnectOptions.defaults().withTimeoutSeconds(20));
  }

  /// Ranks that count as on several hosts: TCP between them, shared memory inside.
  ///
  /// @param hostOf host of a member, by its index
  static Fabric hosted(IntUnaryOperator hostOf) {
    MemoryStore store = new MemoryStore();
    return new Fabric() {
      @Override
      public Transport join(Group group) {
        ConnectOptions options =
            ConnectOptions.defaults()
                .withToken("secret")
                .withTimeoutSeconds(20)
                .withHost("node" + hostOf.applyAsInt(group.me()));
        return Transports.connect("tcp+shared-memory", group, store, options);
      }

      @Override
      public void close() {
        store.close();
      }
    };
  }

  /// Several connections per pair.
  static Fabric tcp(int streams) {
    return stored("tcp", ConnectOptions.defaults().withStreams(streams).withTimeoutSeconds(20));
  }

  /// TLS over sockets of this machine, with certificates of its own.
  static Fabric tls(int streams) {
    Path folder;
    try {
      folder = Files.createTempDirectory("strait-tls-test-");
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    TlsIdentity identity = new TestPki(folder, "ca").identity("local");
    Fabric inner =
        stored(
            "tcp",
            ConnectOptions.defaults()
                .withStreams(streams)
                .withTls(identity)
                .withTimeoutSeconds(20));
    return new Fabric() {
      @Override
      public Transport join(Group group) {
        return inner.join(group);
      }

      @Override
      public void close() {
        inner.close();
        try (Stream<Path> files = Files.list(folder)) {
          for (Path file : files.toList()) {
            Files.delete(file);
          }
          Files.delete(folder);
        } catch (IOException e) {
          throw new UncheckedIOException(e);
        }
      }
    };
  }

  /// Unix-domain sockets.
  static Fabric unix() {
    return stored("unix", ConnectOptions.defaults().withToken("secret").withTimeoutSeconds(20));
  }

  /// MPJ Express, one class loader per rank.
  static Fabric mpj(List<Path> jars) {
    return stored("mpj", ConnectOptions.defaults().withMpjJars(jars).withTimeoutSeconds(20));
  }

  /// Another fabric behind links of some delay, bandwidth and jitter.
  static Fabric shaped(Fabric inner, LinkShape shape) {
    return new Fabric() {
      @Override
      public Transport join(Group group) {
        return ShapedTransport.over(inner.join(group), Collections.nCopies(group.size(), shape));
      }

      @Override
      public void close() {
        inner.close();
      }
    };
  }

  private static Fabric stored(String name, ConnectOptions options) {
    MemoryStore store = new MemoryStore();
    return new Fabric() {
      @Override
      public Transport join(Group group) {
        return Transports.connect(name, group, store, options);
      }

      @Override
      public void close() {
        store.close();
      }
    };
  }
}
