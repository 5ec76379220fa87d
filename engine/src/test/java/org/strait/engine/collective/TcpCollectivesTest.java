package org.strait.engine.collective;

import org.strait.engine.transport.Fabric;

class TcpCollectivesTest extends CollectivesContract {
  @Override
  protected Fabric fabric() {
    return Fabric.tcp();
  }
}
