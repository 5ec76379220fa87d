package org.strait.engine.transport;

class ShapedTcpTransportTest extends TransportContract {
  @Override
  protected Fabric fabric() {
    return Fabric.shaped(Fabric.tcp(), new LinkShape(1_000_000L, 0, 0, 0));
  }

  @Override
  protected long overheadBytes() {
    return 2 * HandshakeLayout.BYTES;
  }
}
