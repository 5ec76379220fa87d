package org.strait.engine.transport;

class TcpTransportTest extends TransportContract {
  @Override
  protected Fabric fabric() {
    return Fabric.tcp();
  }

  @Override
  protected long overheadBytes() {
    return 2 * HandshakeLayout.BYTES;
  }
}
