package org.strait.engine.transport.tls;

import java.io.IOException;

/// The other side of a connection sends bytes that are not TLS.
public final class PlainPeerException extends IOException {
  private static final long serialVersionUID = 1L;

  PlainPeerException() {
    super("it does not encrypt, this side does; give TLS to both, or --tls off to both");
  }
}
