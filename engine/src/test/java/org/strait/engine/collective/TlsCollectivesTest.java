package org.strait.engine.collective;

import java.util.stream.IntStream;
import org.strait.engine.transport.Fabric;

/// Sums over encrypted connections. Few sizes: TCP runs all of them, and every pair takes a
/// handshake here.
class TlsCollectivesTest extends CollectivesContract {
  @Override
  protected Fabric fabric() {
    return Fabric.tls(1);
  }

  @Override
  protected IntStream sizes() {
    return IntStream.of(1, 2, 3, 5);
  }
}
