package org.strait.launcher;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.InstantSource;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.strait.engine.transport.tls.TlsFiles;
import org.strait.engine.transport.tls.TlsIdentity;

/// `strait cert`, as a user types it.
class CertTest {
  @TempDir Path folder;
  private final ByteArrayOutputStream out = new ByteArrayOutputStream();
  private final ByteArrayOutputStream err = new ByteArrayOutputStream();

  private int strait(String... words) {
    out.reset();
    err.reset();
    return new Main(
            new PrintStream(out, true, StandardCharsets.UTF_8),
            new PrintStream(err, true, StandardCharsets.UTF_8),
            Wiring.real())
        .run(words);
  }

  private String pki() {
    return folder.resolve("pki").toString();
  }

  private String said() {
    return out.toString(StandardCharsets.UTF_8);
  }

  private void mistake(String message, String... words) {
    assertEquals(2, strait(words));
    assertEquals("strait: " + message + "\n", err.toString(StandardCharsets.UTF_8));
  }

  @Test
  void severalAreIssuedOrNone() {
    assertEquals(0, strait("cert", "init", "--out", pki()));
    assertEquals(0, strait("cert", "issue", "b", "--out", pki()));
    mistake(
        folder.resolve("pki/b.key")
            + " is there already and is not overwritten; renew its certificate with --renew, or"
            + " remove both files yourself",
        "cert",
        "issue",
        "a",
        "b",
        "--out",
        pki());
    assertTrue(Files.notExists(folder.resolve("pki/a.key")));
  }

  @Test
  void aKeyOfAnotherAuthorityIssuesNothing() throws Exception {
    assertEquals(0, strait("cert", "init", "--out", pki()));
    assertEquals(0, strait("cert", "init", "--out", pki() + "2"));
    Path key = folder.resolve("pki/ca.key");
    Files.write(key, Files.readAllBytes(folder.resolve("pki2/ca.key")));
    mistake(
        key
            + " does not belong to ca.crt beside it; bring the key that was made with it, or make"
            + " a new authority",
        "cert",
        "issue",
        "dublin",
        "--out",
        pki());
    assertTrue(Files.notExists(folder.resolve("pki/dublin.key")));
  }

  @Test
  void whatIsIssuedIsWhatGatewaysTake() throws Exception {
    assertEquals(0, strait("cert", "init", "--out", pki()));
    assertEquals(0, strait("cert", "issue", "dublin", "ash_burn", "--out", pki(), "--json"));
    JsonArray issued = JsonParser.parseString(said()).getAsJsonArray();
    assertEquals(2, issued.size());
    JsonObject dublin = issued.get(0).getAsJsonObject();
    assertEquals("dublin", dublin.getAsJsonArray("dcs").get(0).getAsString());
    assertEquals(364, dublin.get("daysLeft").getAsInt());
    for (String dc : new String[] {"dublin", "ash_burn"}) {
      Path key = Path.of(pki(), dc + ".key");
      assertEquals("rw-------", PosixFilePermissions.toString(Files.getPosixFilePermissions(key)));
      TlsFiles files = new TlsFiles(Path.of(pki(), dc + ".crt"), key, Path.of(pki(), "ca.crt"));
      assertEquals(Set.of(dc), TlsIdentity.load(files, dc, InstantSource.system()).names());
    }
    assertEquals(0, strait("cert", "show", pki()));
    assertTrue(said().contains("authority CN=strait authority, EC, ends "), said());
    assertTrue(said().contains("for dublin, issued by CN=strait authority"), said());
    assertTrue(said().contains(" days left"), said());
  }

  @Test
  void nothingIsOverwrittenAndKeysStayWhenRenewed() throws Exception {
    strait("cert", "init", "--out", pki());
    mistake(
        Path.of(pki(), "ca.key")
            + " is there already and is not overwritten; give another folder with --out, or remove"
            + " it yourself",
        "cert",
        "init",
        "--out",
        pki());
    strait("cert", "issue", "a", "--out", pki(), "--days", "5");
    byte[] key = Files.readAllBytes(Path.of(pki(), "a.key"));
    byte[] certificate = Files.readAllBytes(Path.of(pki(), "a.crt"));
    mistake(
        Path.of(pki(), "a.key")
            + " is there already and is not overwritten; renew its certificate with --renew, or"
            + " remove both files yourself",
        "cert",
        "issue",
        "a",
        "--out",
        pki());
    assertEquals(0, strait("cert", "issue", "a", "--out", pki(), "--renew"));
    assertEquals(
        new String(key, StandardCharsets.US_ASCII), Files.readString(Path.of(pki(), "a.key")));
    assertNotEquals(
        new String(certificate, StandardCharsets.US_ASCII),
        Files.readString(Path.of(pki(), "a.crt")));
  }

  @Test
  void mistakesAreOneLine() {
    mistake(
        "there is no authority in " + pki() + "; make one: ./strait cert init --out " + pki(),
        "cert",
        "issue",
        "a",
        "--out",
        pki());
    strait("cert", "init", "--out", pki(), "--days", "10");
    mistake(
        "365 days are longer than the authority has left; give --days 9 or less, or make a new"
            + " authority in another folder",
        "cert",
        "issue",
        "a",
        "--out",
        pki());
    mistake(
        "there is no " + Path.of(pki(), "b.crt") + " to renew; leave --renew out",
        "cert",
        "issue",
        "b",
        "--out",
        pki(),
        "--days",
        "1",
        "--renew");
    mistake("--days: 0 is out of range; give 1 to 36500", "cert", "init", "--days", "0");
    mistake("say what to do: init, issue or show, strait cert; see strait cert --help", "cert");
  }
}
