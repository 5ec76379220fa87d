package org.strait.engine.transport;

class ShapedTransportTest extends TransportContract {
  @Override
  protected Fabric fabric() {
    return Fabric.shaped(Fabric.loopback(), new LinkShape(2_000_000L, 2_000_000_000L, 300_000L, 7));
  }
}
