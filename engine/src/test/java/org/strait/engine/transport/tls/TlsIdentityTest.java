package org.strait.engine.transport.tls;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Set;
import org.bouncycastle.asn1.x509.GeneralName;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Files as users give them, right and wrong.
class TlsIdentityTest {
  private static final Instant FROM = Instant.parse("2026-03-01T00:00:00Z");
  private static final Instant UNTIL = Instant.parse("2046-03-01T00:00:00Z");

  @TempDir Path folder;
  private TestPki pki;

  @BeforeEach
  void authority() {
    pki = new TestPki(folder, "ca");
  }

  private static void refused(TlsFiles files, String dc, InstantSource clock, String... parts) {
    IllegalArgumentException e =
        assertThrows(IllegalArgumentException.class, () -> TlsIdentity.load(files, dc, clock));
    for (String part : parts) {
      assertTrue(e.getMessage().contains(part), e.getMessage());
    }
    assertTrue(e.getMessage().contains("; "), "says what to do: " + e.getMessage());
  }

  private static void refused(TlsFiles files, String dc, String... parts) {
    refused(files, dc, InstantSource.system(), parts);
  }

  @ParameterizedTest
  @ValueSource(strings = {"EC", "RSA"})
  void keysOfThisKindAreTaken(String kind) {
    TlsFiles files = pki.issue("a", kind, Instant.now(), UNTIL);
    assertEquals(Set.of("a"), TlsIdentity.load(files, "a", InstantSource.system()).names());
  }

  @Test
  void aDnsNameIsAsGoodAsTheUri() {
    TlsFiles files =
        pki.issue("x", "EC", FROM, UNTIL, new GeneralName(GeneralName.dNSName, "eu-west"));
    assertEquals(
        Set.of("eu-west"), TlsIdentity.load(files, "eu-west", InstantSource.system()).names());
  }

  @Test
  void whatIsMissingIsNamed() {
    TlsFiles files = pki.issue("a");
    Path none = folder.resolve("none.pem");
    refused(
        new TlsFiles(none, files.key(), files.authorities()),
        "a",
        "there is no certificate file " + none);
    refused(
        new TlsFiles(files.certificate(), none, files.authorities()),
        "a",
        "there is no private key file " + none);
    refused(
        new TlsFiles(files.certificate(), files.key(), none),
        "a",
        "there is no certificate file " + none);
    refused(new TlsFiles(files.key(), files.key(), files.authorities()), "a", "has no certificate");
    refused(
        new TlsFiles(files.certificate(), files.certificate(), files.authorities()),
        "a",
        "has no private key");
  }

  @Test
  void keysThatCannotBeUsedAreRefusedWithTheCommandThatHelps() throws Exception {
    TlsFiles files = pki.issue("a");
    Path encrypted = folder.resolve("encrypted.key");
    TestPki.write(encrypted, "ENCRYPTED PRIVATE KEY", new byte[40]);
    refused(
        new TlsFiles(files.certificate(), encrypted, files.authorities()),
        "a",
        "the private key is encrypted",
        "openssl pkcs8 -in encrypted.key");
    Path old = folder.resolve("old.key");
    TestPki.write(old, "RSA PRIVATE KEY", new byte[40]);
    refused(
        new TlsFiles(files.certificate(), old, files.authorities()),
        "a",
        "old form",
        "openssl pkcs8 -topk8 -nocrypt -in old.key");
    Path junk = folder.resolve("junk.key");
    TestPki.write(junk, "PRIVATE KEY", new byte[40]);
    refused(new TlsFiles(files.certificate(), junk, files.authorities()), "a", "of no known kind");
    Path broken =
        Files.writeString(
            folder.resolve("broken.crt"),
            "-----BEGIN CERTIFICATE-----\n!!!\n-----END CERTIFICATE-----\n");
    refused(new TlsFiles(broken, files.key(), files.authorities()), "a", "no Base64");
    TestPki.write(broken, "CERTIFICATE", new byte[9]);
    refused(new TlsFiles(broken, files.key(), files.authorities()), "a", "cannot be read");
  }

  @Test
  void aKeyOfAnotherCertificateIsRefused() {
    TlsFiles a = pki.issue("a");
    TlsFiles b = pki.issue("b");
    refused(
        new TlsFiles(a.certificate(), b.key(), a.authorities()),
        "a",
        "does not belong to the certificate " + a.certificate());
    TlsFiles rsa = pki.issue("c", "RSA", FROM, UNTIL);
    refused(
        new TlsFiles(a.certificate(), rsa.key(), a.authorities()),
        "a",
        "does not belong to the certificate");
  }

  @Test
  void certificatesHaveTheirTime() {
    TlsFiles files = pki.issue("a", "EC", FROM, UNTIL);
    refused(
        files, "a", InstantSource.fixed(UNTIL.plusSeconds(1)), "expired on 2046-03-01", "--renew");
    refused(
        files,
        "a",
        InstantSource.fixed(FROM.minusSeconds(1)),
        "not valid before 2026-03-01T00:00:00Z",
        "check this host's clock");
  }

  @Test
  void anotherAuthorityIsRefused() {
    TestPki other = new TestPki(folder, "other");
    TlsFiles files = pki.issue("a");
    refused(
        new TlsFiles(files.certificate(), files.key(), other.authorities()),
        "a",
        "issued by CN=ca",
        "does not come from an authority in " + other.authorities());
  }

  @Test
  void anotherDataCentresCertificateIsRefused() {
    refused(
        pki.issue("a"),
        "b",
        "is for a, not for data centre b; give the one of b",
        "URI:strait:dc/b");
  }
}
