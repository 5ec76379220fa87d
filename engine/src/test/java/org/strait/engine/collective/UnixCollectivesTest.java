package org.strait.engine.collective;

import org.strait.engine.transport.Fabric;

class UnixCollectivesTest extends CollectivesContract {
  @Override
  protected Fabric fabric() {
    return Fabric.unix();
  }
}
