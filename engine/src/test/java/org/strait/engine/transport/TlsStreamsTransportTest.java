package org.strait.engine.transport;

/// TLS over three connections per pair: stripes end inside most messages.
class TlsStreamsTransportTest extends TransportContract {
  private static final int STREAMS = 3;

  @Override
  protected Fabric fabric() {
    return Fabric.tls(STREAMS);
  }

  @Override
  protected long overheadBytes() {
    return STREAMS * HandshakeLayout.BYTES;
  }
}
