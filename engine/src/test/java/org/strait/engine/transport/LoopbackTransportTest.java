package org.strait.engine.transport;

class LoopbackTransportTest extends TransportContract {
  @Override
  protected Fabric fabric() {
    return Fabric.loopback();
  }
}
