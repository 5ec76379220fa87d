package org.strait.launcher.cert;

import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.HexFormat;
import org.strait.engine.transport.tls.CertificateNames;

/// What a certificate says.
///
/// @param file it stands in
/// @param now to count the days from
public record CertificateFacts(Path file, X509Certificate certificate, Instant now) {
  /// Whole days up to its end; negative if that is over.
  public long daysLeft() {
    return Math.floorDiv(
        Duration.between(now, certificate.getNotAfter().toInstant()).toSeconds(), 86_400L);
  }

  private boolean authority() {
    return certificate.getBasicConstraints() >= 0;
  }

  private String kind() {
    return certificate.getPublicKey().getAlgorithm();
  }

  private String fingerprint() {
    try {
      return HexFormat.of()
          .formatHex(MessageDigest.getInstance("SHA-256").digest(certificate.getEncoded()));
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("every JDK has SHA-256", e);
    }
  }

  /// One line for people.
  public String line() {
    String what =
        authority()
            ? "authority " + certificate.getSubjectX500Principal().getName()
            : "for "
                + CertificateNames.words(CertificateNames.of(certificate))
                + ", issued by "
                + certificate.getIssuerX500Principal().getName();
    String left =
        daysLeft() < 0
            ? "EXPIRED on " + day(certificate.getNotAfter().toInstant())
            : "ends "
                + day(certificate.getNotAfter().toInstant())
                + ", "
                + daysLeft()
                + " days left";
    return file + "  " + what + ", " + kind() + ", " + left + ", sha256 " + fingerprint();
  }

  private static String day(Instant instant) {
    return instant.toString().substring(0, 10);
  }

  /// The same as JSON.
  public JsonObject json() {
    JsonObject json = new JsonObject();
    json.addProperty("file", file.toString());
    json.addProperty("authority", authority());
    JsonArray names = new JsonArray();
    CertificateNames.of(certificate).forEach(names::add);
    json.add("dcs", names);
    json.addProperty("subject", certificate.getSubjectX500Principal().getName());
    json.addProperty("issuer", certificate.getIssuerX500Principal().getName());
    json.addProperty("key", kind());
    json.addProperty("notBefore", certificate.getNotBefore().toInstant().toString());
    json.addProperty("notAfter", certificate.getNotAfter().toInstant().toString());
    json.addProperty("daysLeft", daysLeft());
    json.addProperty("sha256", fingerprint());
    return json;
  }
}
