package org.strait.engine.transport;

class SharedMemoryTransportTest extends TransportContract {
  @Override
  protected Fabric fabric() {
    return Fabric.sharedMemory();
  }
}
