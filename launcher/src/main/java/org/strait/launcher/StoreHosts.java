package org.strait.launcher;

import java.security.SecureRandom;
import java.util.HexFormat;
import org.strait.engine.rendezvous.TcpStoreServer;
import org.strait.launcher.start.StoreHost;

/// Opens the rendezvous store of a run.
final class StoreHosts {
  private static final String LOOPBACK = "127.0.0.1";
  private static final int TOKEN_BYTES = 16;

  private StoreHosts() {}

  /// A store on a free port of the loopback address, with a token of its own.
  static StoreHost open() {
    byte[] secret = new byte[TOKEN_BYTES];
    new SecureRandom().nextBytes(secret);
    String token = HexFormat.of().formatHex(secret);
    return new Hosted(TcpStoreServer.start(LOOPBACK, 0, token), token);
  }

  private record Hosted(TcpStoreServer server, String token) implements StoreHost {
    @Override
    public String host() {
      return LOOPBACK;
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
      return "store at " + LOOPBACK + ":" + server.port();
    }
  }
}
