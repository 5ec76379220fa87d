package org.strait.launcher.config;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.strait.engine.transport.tls.TlsFiles;

/// Who says what about encryption, and who wins.
class TlsChoiceTest {
  private static final String DCS =
      """
      dcs:
        - {name: a, gateway: "127.0.0.1:7461", bind: "0.0.0.0:7461"}
        - {name: b, gateway: "127.0.0.1:7462"}
      """;

  @TempDir Path folder;

  private Job job(String topology, String... flags) throws IOException {
    Path file = Files.writeString(folder.resolve("topology.yaml"), topology);
    Settings settings =
        new Settings()
            .flag(JobKey.TOPOLOGY, List.of(file.toString()))
            .flag(JobKey.ROWS, List.of("9"));
    for (int i = 0; i < flags.length; i += 2) {
      settings.flag(JobKey.valueOf(flags[i]), List.of(flags[i + 1]));
    }
    return JobResolver.resolve(new Settings(), JobFile.none(), settings);
  }

  private void pki(String name) throws IOException {
    Files.createDirectories(folder.resolve(name));
    for (String file : List.of("a.crt", "a.key", "b.crt", "b.key", "ca.crt")) {
      Files.writeString(folder.resolve(name).resolve(file), "");
    }
  }

  private void mistake(String part, String topology, String... flags) {
    String message = assertThrows(UserMistake.class, () -> job(topology, flags)).getMessage();
    assertTrue(message.contains(part), message);
  }

  @Test
  void aFolderHasTheFilesOfEveryDataCentre() throws IOException {
    pki("pki");
    Path pki = folder.resolve("pki");
    TlsFiles a = new TlsFiles(pki.resolve("a.crt"), pki.resolve("a.key"), pki.resolve("ca.crt"));
    assertEquals(Map.of("a", a), job(DCS + "tls: pki\n", "DC", "a").geography().tls());
    assertEquals(2, job(DCS + "tls: pki\n").geography().tls().size());
    assertEquals("0.0.0.0:7461", job(DCS).geography().binds().get("a"));
    Job again = JobJson.read(JobJson.write(job(DCS + "tls: pki\n", "DC", "a")));
    assertEquals(Map.of("a", a), again.geography().tls());
    assertEquals("0.0.0.0:7461", again.geography().binds().get("a"));
    String mapping =
        "tls: {certificate: \"pki/{dc}.crt\", key: \"pki/{dc}.key\", authorities: pki/ca.crt}\n";
    assertEquals(Map.of("a", a), job(DCS + mapping, "DC", "a").geography().tls());
  }

  @Test
  void theCommandLineWins() throws IOException {
    pki("pki");
    pki("mine");
    assertEquals(Map.of(), job(DCS + "tls: pki\n", "DC", "a", "TLS", "off").geography().tls());
    String mine = folder.resolve("mine").toString();
    assertEquals(
        folder.resolve("mine/a.crt"),
        job(DCS + "tls: pki\n", "DC", "a", "TLS", mine).geography().tls().get("a").certificate());
    assertEquals(
        folder.resolve("mine/b.crt"),
        job(
                DCS,
                "DC",
                "a",
                "TLS_CERT",
                mine + "/b.crt",
                "TLS_KEY",
                mine + "/a.key",
                "TLS_CA",
                mine + "/ca.crt")
            .geography()
            .tls()
            .get("a")
            .certificate());
  }

  @Test
  void mistakesSayWhatToDo() throws IOException {
    pki("pki");
    String crt = folder.resolve("pki/a.crt").toString();
    mistake("nothing is said about encryption between a and the other", DCS, "DC", "a");
    assertEquals(Map.of(), job(DCS).geography().tls(), "one launch may be silent");
    mistake("there is no file", DCS + "tls: none-such\n", "DC", "a");
    mistake("./strait cert issue a --out", DCS + "tls: none-such\n", "DC", "a");
    mistake("--tls-cert: is given without --tls-key", DCS, "DC", "a", "TLS_CERT", crt);
    mistake("belongs to one data centre", DCS, "TLS_CERT", crt);
    mistake("does not go with --tls", DCS, "DC", "a", "TLS_CERT", crt, "TLS", "off");
    String one = "dcs: [{name: a}]\n";
    mistake("there is only one data centre, so nothing travels", one, "TLS_CERT", crt);
    mistake("there is no \"key\"", DCS + "tls: {certificate: a, authorities: b}\n", "DC", "a");
    mistake("99 is out of range; give 1 to 64, or auto", DCS, "STREAMS", "99");
  }
}
