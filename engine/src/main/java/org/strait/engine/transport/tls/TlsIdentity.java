package org.strait.engine.transport.tls;

import java.io.IOException;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.PrivateKey;
import java.security.Signature;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.time.InstantSource;
import java.time.ZoneOffset;
import java.util.Date;
import java.util.List;
import java.util.Set;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.TrustManager;
import javax.net.ssl.TrustManagerFactory;
import javax.net.ssl.X509ExtendedTrustManager;

/// What a gateway shows of itself and whom it trusts: read once, checked at the door, used for all
/// of its connections. Only TLS 1.3 is spoken, and both sides show a certificate.
public final class TlsIdentity {
  private static final String[] PROTOCOLS = {"TLSv1.3"};

  private final TlsFiles files;
  private final X509Certificate certificate;
  private final SSLContext context;

  private TlsIdentity(TlsFiles files, X509Certificate certificate, SSLContext context) {
    this.files = files;
    this.certificate = certificate;
    this.context = context;
  }

  /// Reads and checks the files of a data centre's gateway.
  ///
  /// @param dc that the certificate has to name
  /// @param clock tells what is valid
  /// @throws IllegalArgumentException if anything is wrong; message "WHAT; WHAT TO DO"
  public static TlsIdentity load(TlsFiles files, String dc, InstantSource clock) {
    List<X509Certificate> chain = PemFile.certificates(files.certificate());
    X509Certificate own = chain.getFirst();
    PrivateKey key = PemFile.key(files.key());
    checkPair(files, own, key);
    checkTime(files.certificate(), own, clock.instant());
    List<X509Certificate> authorities = PemFile.certificates(files.authorities());
    try {
      X509ExtendedTrustManager pkix = pkix(authorities);
      checkIssuer(files, chain, pkix);
      checkName(files.certificate(), own, dc);
      KeyStore keys = KeyStore.getInstance("PKCS12");
      keys.load(null, null);
      keys.setKeyEntry("own", key, new char[0], chain.toArray(X509Certificate[]::new));
      // Not PKIX, which decrypts the key anew at each handshake.
      KeyManagerFactory keyManagers = KeyManagerFactory.getInstance("SunX509");
      keyManagers.init(keys, new char[0]);
      SSLContext context = SSLContext.getInstance("TLSv1.3");
      TrustManager trust = new PeerTrust(pkix, files.authorities(), clock);
      context.init(keyManagers.getKeyManagers(), new TrustManager[] {trust}, null);
      return new TlsIdentity(files, own, context);
    } catch (GeneralSecurityException | IOException e) {
      throw new IllegalArgumentException(
          "this JDK's TLS cannot use "
              + files.certificate()
              + " ("
              + e.getMessage()
              + "); make a key of another kind, such as EC P-256",
          e);
    }
  }

  private static X509ExtendedTrustManager pkix(List<X509Certificate> authorities)
      throws GeneralSecurityException, IOException {
    KeyStore trusted = KeyStore.getInstance("PKCS12");
    trusted.load(null, null);
    for (int i = 0; i < authorities.size(); i++) {
      trusted.setCertificateEntry("ca" + i, authorities.get(i));
    }
    TrustManagerFactory factory = TrustManagerFactory.getInstance("PKIX");
    factory.init(trusted);
    for (TrustManager manager : factory.getTrustManagers()) {
      if (manager instanceof X509ExtendedTrustManager extended) {
        return extended;
      }
    }
    throw new GeneralSecurityException("no PKIX trust manager");
  }

  /// Signs with the key and verifies with the certificate.
  private static void checkPair(TlsFiles files, X509Certificate own, PrivateKey key) {
    String kind = own.getPublicKey().getAlgorithm();
    String algorithm =
        switch (kind) {
          case "EC" -> "SHA256withECDSA";
          case "RSA" -> "SHA256withRSA";
          default -> kind;
        };
    boolean fits;
    try {
      byte[] text = files.toString().getBytes(java.nio.charset.StandardCharsets.UTF_8);
      Signature signer = Signature.getInstance(algorithm);
      signer.initSign(key);
      signer.update(text);
      byte[] signature = signer.sign();
      signer.initVerify(own.getPublicKey());
      signer.update(text);
      fits = signer.verify(signature);
    } catch (GeneralSecurityException e) {
      fits = false; // a key of another kind
    }
    if (!fits) {
      throw new IllegalArgumentException(
          "the private key "
              + files.key()
              + " does not belong to the certificate "
              + files.certificate()
              + "; give the pair that was issued together");
    }
  }

  private static void checkTime(Path file, X509Certificate own, Instant now) {
    if (now.isAfter(own.getNotAfter().toInstant())) {
      throw new IllegalArgumentException(
          "the certificate "
              + file
              + " expired on "
              + day(own.getNotAfter())
              + "; issue a new one: strait cert issue NAME --renew");
    }
    if (now.isBefore(own.getNotBefore().toInstant())) {
      throw new IllegalArgumentException(
          "the certificate "
              + file
              + " is not valid before "
              + own.getNotBefore().toInstant()
              + "; check this host's clock, it says "
              + now);
    }
  }

  private static void checkIssuer(
      TlsFiles files, List<X509Certificate> chain, X509ExtendedTrustManager pkix) {
    X509Certificate[] certificates = chain.toArray(X509Certificate[]::new);
    try {
      pkix.checkServerTrusted(certificates, "UNKNOWN");
      pkix.checkClientTrusted(certificates, "UNKNOWN");
    } catch (java.security.cert.CertificateException e) {
      throw new IllegalArgumentException(
          "the certificate "
              + files.certificate()
              + " (issued by "
              + certificates[certificates.length - 1].getIssuerX500Principal().getName()
              + ") does not come from an authority in "
              + files.authorities()
              + " ("
              + e.getMessage()
              + "); give the authority's own certificate",
          e);
    }
  }

  private static void checkName(Path file, X509Certificate own, String dc) {
    Set<String> names = CertificateNames.of(own);
    if (!names.contains(dc)) {
      throw new IllegalArgumentException(
          "the certificate "
              + file
              + " is for "
              + CertificateNames.words(names)
              + ", not for data centre "
              + dc
              + "; give the one of "
              + dc
              + ", which has the alternative name URI:"
              + CertificateNames.URI_PREFIX
              + dc);
    }
  }

  static String day(Date date) {
    return date.toInstant().atOffset(ZoneOffset.UTC).toLocalDate().toString();
  }

  /// One side of a connection to be.
  ///
  /// @param client whether this side connects
  SSLEngine engine(boolean client) {
    SSLEngine engine = context.createSSLEngine();
    engine.setUseClientMode(client);
    engine.setSSLParameters(parameters(engine.getSSLParameters()));
    return engine;
  }

  /// For connections that block; give their sockets {@link #parameters}.
  public SSLContext context() {
    return context;
  }

  /// What both sides of every connection insist on.
  public SSLParameters parameters(SSLParameters defaults) {
    defaults.setProtocols(PROTOCOLS);
    defaults.setNeedClientAuth(true);
    return defaults;
  }

  /// When the certificate ends.
  public Instant expires() {
    return certificate.getNotAfter().toInstant();
  }

  /// The data centres that the certificate names.
  public Set<String> names() {
    return CertificateNames.of(certificate);
  }

  /// The files it came from.
  public TlsFiles files() {
    return files;
  }
}
