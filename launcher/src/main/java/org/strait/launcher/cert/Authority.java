package org.strait.launcher.cert;

import java.io.IOException;
import java.math.BigInteger;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.SecureRandom;
import java.security.cert.X509Certificate;
import java.security.interfaces.RSAKey;
import java.security.spec.ECGenParameterSpec;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Date;
import java.util.List;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x500.X500NameBuilder;
import org.bouncycastle.asn1.x500.style.BCStyle;
import org.bouncycastle.asn1.x509.BasicConstraints;
import org.bouncycastle.asn1.x509.ExtendedKeyUsage;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.GeneralName;
import org.bouncycastle.asn1.x509.GeneralNames;
import org.bouncycastle.asn1.x509.KeyPurposeId;
import org.bouncycastle.asn1.x509.KeyUsage;
import org.bouncycastle.cert.X509v3CertificateBuilder;
import org.bouncycastle.cert.jcajce.JcaX509CertificateConverter;
import org.bouncycastle.cert.jcajce.JcaX509ExtensionUtils;
import org.bouncycastle.cert.jcajce.JcaX509v3CertificateBuilder;
import org.bouncycastle.operator.OperatorCreationException;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;
import org.strait.engine.transport.tls.CertificateNames;
import org.strait.engine.transport.tls.PemFile;
import org.strait.launcher.config.ShellWord;
import org.strait.launcher.config.UserMistake;

/// A private certificate authority that lives in a folder: `ca.crt` and `ca.key`, and for each data
/// centre `NAME.crt` and `NAME.key`. Keys are EC P-256, which every TLS 1.3 speaks, and readable by
/// their owner only. Nothing that is there is ever overwritten, but for a certificate that is
/// renewed.
public final class Authority {
  private static final String NAME = "ca";

  /// Clocks of hosts differ a little.
  private static final Duration BEFORE = Duration.ofMinutes(5);

  private final Path folder;
  private final X509Certificate certificate;
  private final PrivateKey key;

  private Authority(Path folder, X509Certificate certificate, PrivateKey key) {
    this.folder = folder;
    this.certificate = certificate;
    this.key = key;
  }

  /// Makes a new one.
  ///
  /// @throws UserMistake if the folder has one already
  public static Authority init(Path folder, String name, int days, InstantSource clock)
      throws IOException {
    PemOut files = new PemOut(folder);
    files.checkAbsent(NAME);
    try {
      KeyPair pair = newPair();
      X500Name subject = name(name);
      X509v3CertificateBuilder builder =
          builder(subject, subject, pair.getPublic(), clock.instant(), days);
      JcaX509ExtensionUtils ids = new JcaX509ExtensionUtils();
      builder.addExtension(Extension.basicConstraints, true, new BasicConstraints(0));
      builder.addExtension(
          Extension.keyUsage, true, new KeyUsage(KeyUsage.keyCertSign | KeyUsage.cRLSign));
      builder.addExtension(
          Extension.subjectKeyIdentifier, false, ids.createSubjectKeyIdentifier(pair.getPublic()));
      X509Certificate certificate = sign(builder, pair.getPrivate());
      files.key(NAME, pair.getPrivate());
      files.certificate(NAME, certificate, false);
      return new Authority(folder, certificate, pair.getPrivate());
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("every JDK makes EC keys", e);
    }
  }

  /// The one of a folder.
  ///
  /// @throws UserMistake if there is none
  public static Authority open(Path folder) {
    if (!Files.exists(folder.resolve(NAME + ".key"))) {
      throw new UserMistake(
          "there is no authority in " + folder,
          "make one: ./strait cert init --out " + ShellWord.of(folder));
    }
    try {
      return new Authority(
          folder,
          PemFile.certificates(folder.resolve(NAME + ".crt")).getFirst(),
          PemFile.key(folder.resolve(NAME + ".key")));
    } catch (IllegalArgumentException e) {
      throw UserMistake.of(e);
    }
  }

  /// Checks what {@link #issue} would refuse, so that several are issued or none.
  ///
  /// @throws UserMistake if the name is none, or there is or is not what {@code renew} says
  public void check(String dc, boolean renew) throws IOException {
    if (!dc.matches("[A-Za-z0-9][A-Za-z0-9_.-]*") || dc.equals(NAME)) {
      throw new UserMistake(
          "\"" + dc + "\" is no name for a data centre's certificate",
          "use letters, digits, '-', '_' and '.', starting with a letter or digit, and not \"ca\"");
    }
    PemOut files = new PemOut(folder);
    if (renew) {
      files.present(dc);
    } else {
      files.checkAbsent(dc);
    }
  }

  /// Issues a certificate for a data centre's gateway.
  ///
  /// @param dc name of the data centre
  /// @param renew whether there is a key already, which stays
  /// @throws UserMistake if there is one and it is not to be renewed, or the other way round
  public X509Certificate issue(String dc, int days, boolean renew, InstantSource clock)
      throws IOException {
    check(dc, renew);
    Instant now = clock.instant();
    if (now.plus(Duration.ofDays(days)).isAfter(certificate.getNotAfter().toInstant())) {
      throw new UserMistake(
          days + " days are longer than the authority has left",
          "give --days "
              + Math.max(0, Duration.between(now, certificate.getNotAfter().toInstant()).toDays())
              + " or less, or make a new authority in another folder");
    }
    PemOut files = new PemOut(folder);
    try {
      PublicKey publicKey;
      PrivateKey made = null;
      if (renew) {
        publicKey = files.present(dc).getPublicKey();
      } else {
        KeyPair pair = newPair();
        publicKey = pair.getPublic();
        made = pair.getPrivate();
      }
      X500Name issuer = X500Name.getInstance(certificate.getSubjectX500Principal().getEncoded());
      X509v3CertificateBuilder builder = builder(issuer, name(dc), publicKey, now, days);
      JcaX509ExtensionUtils ids = new JcaX509ExtensionUtils();
      builder.addExtension(Extension.basicConstraints, true, new BasicConstraints(false));
      builder.addExtension(Extension.keyUsage, true, new KeyUsage(KeyUsage.digitalSignature));
      builder.addExtension(
          Extension.extendedKeyUsage,
          false,
          new ExtendedKeyUsage(
              new KeyPurposeId[] {KeyPurposeId.id_kp_serverAuth, KeyPurposeId.id_kp_clientAuth}));
      builder.addExtension(Extension.subjectAlternativeName, false, names(dc));
      builder.addExtension(
          Extension.subjectKeyIdentifier, false, ids.createSubjectKeyIdentifier(publicKey));
      builder.addExtension(
          Extension.authorityKeyIdentifier, false, ids.createAuthorityKeyIdentifier(certificate));
      X509Certificate issued = sign(builder, key);
      issued.verify(certificate.getPublicKey());
      if (made != null) {
        files.key(dc, made);
      }
      files.certificate(dc, issued, renew);
      return issued;
    } catch (GeneralSecurityException e) {
      throw new UserMistake(
          folder.resolve(NAME + ".key") + " does not belong to " + NAME + ".crt beside it",
          "bring the key that was made with it, or make a new authority");
    }
  }

  /// The authority's own certificate.
  public X509Certificate certificate() {
    return certificate;
  }

  private static GeneralNames names(String dc) {
    List<GeneralName> names = new ArrayList<>();
    names.add(
        new GeneralName(GeneralName.uniformResourceIdentifier, CertificateNames.URI_PREFIX + dc));
    if (dc.matches("[A-Za-z0-9]([A-Za-z0-9-]*[A-Za-z0-9])?")) {
      names.add(new GeneralName(GeneralName.dNSName, dc));
    }
    return new GeneralNames(names.toArray(GeneralName[]::new));
  }

  private static X500Name name(String text) {
    return new X500NameBuilder().addRDN(BCStyle.CN, text).build();
  }

  private static KeyPair newPair() throws GeneralSecurityException {
    KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
    generator.initialize(new ECGenParameterSpec("secp256r1"));
    return generator.generateKeyPair();
  }

  private static X509v3CertificateBuilder builder(
      X500Name issuer, X500Name subject, PublicKey publicKey, Instant now, int days) {
    Instant from = now.minus(BEFORE).truncatedTo(ChronoUnit.SECONDS);
    return new JcaX509v3CertificateBuilder(
        issuer,
        new BigInteger(127, new SecureRandom()),
        Date.from(from),
        Date.from(now.plus(Duration.ofDays(days)).truncatedTo(ChronoUnit.SECONDS)),
        subject,
        publicKey);
  }

  private static X509Certificate sign(X509v3CertificateBuilder builder, PrivateKey key)
      throws GeneralSecurityException {
    String algorithm =
        key instanceof RSAKey
            ? "SHA256withRSA"
            : key.getAlgorithm().equals("EC") ? "SHA256withECDSA" : key.getAlgorithm();
    try {
      return new JcaX509CertificateConverter()
          .getCertificate(builder.build(new JcaContentSignerBuilder(algorithm).build(key)));
    } catch (OperatorCreationException e) {
      throw new GeneralSecurityException(e.getMessage(), e);
    }
  }
}
