package org.strait.engine.collective;

import org.strait.engine.transport.Fabric;

/// Sums over encrypted connections, two per pair.
class TlsCollectivesTest extends CollectivesContract {
  @Override
  protected Fabric fabric() {
    return Fabric.tls(2);
  }
}
