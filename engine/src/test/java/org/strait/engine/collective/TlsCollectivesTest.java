package org.strait.engine.collective;

import org.strait.engine.transport.Fabric;

/// Sums over encrypted connections.
class TlsCollectivesTest extends CollectivesContract {
  @Override
  protected Fabric fabric() {
    return Fabric.tls(1);
  }
}
