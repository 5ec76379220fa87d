package org.strait.engine.collective;

import org.strait.engine.transport.Fabric;

class LoopbackCollectivesTest extends CollectivesContract {
  @Override
  protected Fabric fabric() {
    return Fabric.loopback();
  }
}
