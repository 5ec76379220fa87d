package org.strait.engine.collective;

import org.strait.engine.transport.Fabric;

class SharedMemoryCollectivesTest extends CollectivesContract {
  @Override
  protected Fabric fabric() {
    return Fabric.sharedMemory();
  }
}
