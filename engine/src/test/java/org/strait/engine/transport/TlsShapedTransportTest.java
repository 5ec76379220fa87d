package org.strait.engine.transport;

/// TLS behind a shaped link.
class TlsShapedTransportTest extends TransportContract {
  @Override
  protected Fabric fabric() {
    return Fabric.shaped(Fabric.tls(2), new LinkShape(1_000_000L, 0, 0, 0));
  }

  @Override
  protected long overheadBytes() {
    return 2 * HandshakeLayout.BYTES;
  }
}
