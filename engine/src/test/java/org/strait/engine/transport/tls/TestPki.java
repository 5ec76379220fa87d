package org.strait.engine.transport.tls;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.math.BigInteger;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.PrivateKey;
import java.security.SecureRandom;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Base64;
import java.util.Date;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x509.BasicConstraints;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.GeneralName;
import org.bouncycastle.asn1.x509.GeneralNames;
import org.bouncycastle.cert.CertIOException;
import org.bouncycastle.cert.X509v3CertificateBuilder;
import org.bouncycastle.cert.jcajce.JcaX509CertificateConverter;
import org.bouncycastle.cert.jcajce.JcaX509v3CertificateBuilder;
import org.bouncycastle.operator.OperatorCreationException;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;

/// An authority and certificates of data centres, made for a test.
public final class TestPki {
  private final Path folder;
  private final String authority;
  private final KeyPair keys = pair("EC");
  private final Path authorities;

  /// @param authority its name; files begin with it
  public TestPki(Path folder, String authority) {
    this.folder = folder;
    this.authority = authority;
    authorities = folder.resolve(authority + ".crt");
    Instant now = Instant.now();
    write(
        authorities,
        "CERTIFICATE",
        certificate(authority, keys, now.minusSeconds(60), now.plus(Duration.ofDays(9)), null));
  }

  /// Certificate and key of a data centre, for a day.
  public TlsFiles issue(String dc) {
    return issue(dc, "EC", Instant.now().minusSeconds(60), Instant.now().plusSeconds(86_400));
  }

  /// Certificate and key of a data centre.
  ///
  /// @param kind of key: EC, RSA, Ed25519
  public TlsFiles issue(String dc, String kind, Instant from, Instant until) {
    GeneralName name =
        new GeneralName(GeneralName.uniformResourceIdentifier, CertificateNames.URI_PREFIX + dc);
    return issue(authority + "-" + dc, kind, from, until, name);
  }

  /// Certificate and key with some alternative name.
  TlsFiles issue(String file, String kind, Instant from, Instant until, GeneralName name) {
    KeyPair own = pair(kind);
    Path certificate = folder.resolve(file + ".crt");
    Path key = folder.resolve(file + ".key");
    write(certificate, "CERTIFICATE", certificate(file, own, from, until, name));
    write(key, "PRIVATE KEY", own.getPrivate().getEncoded());
    return new TlsFiles(certificate, key, authorities);
  }

  /// What a data centre's gateway shows and trusts.
  public TlsIdentity identity(String dc) {
    return TlsIdentity.load(issue(dc), dc, InstantSource.system());
  }

  /// The authority's certificate.
  public Path authorities() {
    return authorities;
  }

  static void write(Path file, String label, byte[] content) {
    String base64 = Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(content);
    try {
      Files.writeString(
          file, "-----BEGIN " + label + "-----\n" + base64 + "\n-----END " + label + "-----\n");
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private byte[] certificate(
      String subject, KeyPair own, Instant from, Instant until, GeneralName name) {
    X509v3CertificateBuilder builder =
        new JcaX509v3CertificateBuilder(
            new X500Name("CN=" + authority),
            new BigInteger(64, new SecureRandom()),
            Date.from(from),
            Date.from(until),
            new X500Name("CN=" + subject),
            own.getPublic());
    try {
      builder.addExtension(Extension.basicConstraints, true, new BasicConstraints(name == null));
      if (name != null) {
        builder.addExtension(Extension.subjectAlternativeName, false, new GeneralNames(name));
      }
      X509Certificate made =
          new JcaX509CertificateConverter()
              .getCertificate(builder.build(signer(keys.getPrivate())));
      return made.getEncoded();
    } catch (CertIOException | OperatorCreationException | GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }

  private static org.bouncycastle.operator.ContentSigner signer(PrivateKey key)
      throws OperatorCreationException {
    return new JcaContentSignerBuilder("SHA256withECDSA").build(key);
  }

  private static KeyPair pair(String kind) {
    try {
      KeyPairGenerator generator = KeyPairGenerator.getInstance(kind);
      if (kind.equals("EC")) {
        generator.initialize(256);
      }
      return generator.generateKeyPair();
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }
}
