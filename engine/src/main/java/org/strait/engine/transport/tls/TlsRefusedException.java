package org.strait.engine.transport.tls;

import java.security.cert.CertificateException;

/// A peer's certificate was refused; the message says why and what to do.
final class TlsRefusedException extends CertificateException {
  private static final long serialVersionUID = 1L;

  TlsRefusedException(String message) {
    super(message);
  }
}
