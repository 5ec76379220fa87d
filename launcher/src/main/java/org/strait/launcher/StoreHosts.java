package org.strait.launcher;

import java.security.SecureRandom;
import java.util.HexFormat;
import org.strait.engine.rendezvous.Store;
import org.strait.engine.rendezvous.TcpStoreServer;
import org.strait.launcher.start.StoreHost;

/// Opens the rendezvous store of a run.
final class StoreHosts {
  private static final String LOOPBACK = "127.0.0.1";
  private static final int TOKEN_BYTES = 16;

  private StoreHosts() {}

  /// A store on a free port of the loopback address, with a token of its own.
  static StoreHost open() {
    return open(LOOPBACK);
  }

  /// A store on a free port of an address, with a token of its own.
  static Hosted open(String host) {
    byte[] secret = new byte[TOKEN_BYTES];
    new SecureRandom().nextBytes(secret);
    String token = HexFormat.of().formatHex(secret);
    return new Hosted(TcpStoreServer.start(host, 0, token), host, token);
  }

  /// A store in this process.
  record Hosted(TcpStoreServer server, String host, String token) implements StoreHost {
    /// The same values without a network.
    Store local() {
      return server.local();
    }

    @Override
    public int port() {
      return server.port();
    }

    @Override
    public void set(String key, String value) {
      server.local().set(key, value);
    }

    @Override
    public void close() {
      server.close();
    }

    @Override
    public String toString() {
      return "store at " + host + ":" + server.port();
    }
  }
}
