package org.strait.engine.transport;

class SharedMemoryGroupCollectivesTest extends GroupCollectivesContract {
  @Override
  protected Fabric fabric() {
    return Fabric.sharedMemory();
  }

  @Override
  protected int most() {
    return 6;
  }
}
