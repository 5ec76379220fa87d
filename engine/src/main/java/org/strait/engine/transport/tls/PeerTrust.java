package org.strait.engine.transport.tls;

import java.net.Socket;
import java.nio.file.Path;
import java.security.cert.CertPathValidatorException;
import java.security.cert.CertPathValidatorException.BasicReason;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.time.InstantSource;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.X509ExtendedTrustManager;

/// The JDK's own check of a chain (PKIX), with refusals in words. Which data centre a certificate
/// names is checked by whoever knows with whom it wants to speak.
final class PeerTrust extends X509ExtendedTrustManager {
  private final X509ExtendedTrustManager pkix;
  private final Path authorities;
  private final InstantSource clock;

  PeerTrust(X509ExtendedTrustManager pkix, Path authorities, InstantSource clock) {
    this.pkix = pkix;
    this.authorities = authorities;
    this.clock = clock;
  }

  @FunctionalInterface
  private interface Check {
    void run() throws CertificateException;
  }

  private void check(X509Certificate[] chain, Check check) throws CertificateException {
    X509Certificate first = chain[0];
    String name = CertificateNames.words(CertificateNames.of(first));
    Instant now = clock.instant();
    if (now.isAfter(first.getNotAfter().toInstant())) {
      throw refused(
          "its certificate (for "
              + name
              + ") expired on "
              + TlsIdentity.day(first.getNotAfter())
              + "; issue a new one there",
          BasicReason.EXPIRED);
    }
    if (now.isBefore(first.getNotBefore().toInstant())) {
      throw refused(
          "its certificate (for "
              + name
              + ") is not valid before "
              + first.getNotBefore().toInstant()
              + "; compare the clocks of both hosts",
          BasicReason.NOT_YET_VALID);
    }
    try {
      check.run();
    } catch (CertificateException e) {
      TlsRefusedException refused =
          new TlsRefusedException(
              "its certificate (for "
                  + name
                  + ", issued by "
                  + first.getIssuerX500Principal().getName()
                  + ") does not come from an authority in "
                  + authorities
                  + "; all data centres need certificates of one authority");
      refused.initCause(e.getCause() instanceof CertPathValidatorException ? e.getCause() : e);
      throw refused;
    }
  }

  private static TlsRefusedException refused(String why, BasicReason reason) {
    TlsRefusedException refused = new TlsRefusedException(why);
    refused.initCause(new CertPathValidatorException(why, null, null, -1, reason));
    return refused;
  }

  @Override
  public void checkClientTrusted(X509Certificate[] chain, String authType, SSLEngine engine)
      throws CertificateException {
    check(chain, () -> pkix.checkClientTrusted(chain, authType, engine));
  }

  @Override
  public void checkServerTrusted(X509Certificate[] chain, String authType, SSLEngine engine)
      throws CertificateException {
    check(chain, () -> pkix.checkServerTrusted(chain, authType, engine));
  }

  @Override
  public void checkClientTrusted(X509Certificate[] chain, String authType, Socket socket)
      throws CertificateException {
    check(chain, () -> pkix.checkClientTrusted(chain, authType, socket));
  }

  @Override
  public void checkServerTrusted(X509Certificate[] chain, String authType, Socket socket)
      throws CertificateException {
    check(chain, () -> pkix.checkServerTrusted(chain, authType, socket));
  }

  @Override
  public void checkClientTrusted(X509Certificate[] chain, String authType)
      throws CertificateException {
    check(chain, () -> pkix.checkClientTrusted(chain, authType));
  }

  @Override
  public void checkServerTrusted(X509Certificate[] chain, String authType)
      throws CertificateException {
    check(chain, () -> pkix.checkServerTrusted(chain, authType));
  }

  /// Nobody: else a client with a certificate of another authority would show none, and could not
  /// be told which it has.
  @Override
  public X509Certificate[] getAcceptedIssuers() {
    return new X509Certificate[0];
  }
}
