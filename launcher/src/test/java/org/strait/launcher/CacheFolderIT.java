package org.strait.launcher;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// OpenBLAS cannot be unpacked or loaded: a run that may do without is not disturbed, a run that
/// was told to use it ends with one line. /proc stands for folders that cannot be written to: even
/// root cannot write there.
@Timeout(120)
class CacheFolderIT {
  private static final String READ_ONLY = "-Duser.home=/proc -Djava.io.tmpdir=/proc";

  @TempDir Path folder;

  private Strait.Result train(String jvmFlags, String backend) throws Exception {
    Path rows = Strait.rows(folder.resolve("rows.libsvm"), 60, 4, 1);
    Process process =
        Strait.start(
            folder,
            "train",
            Map.of("STRAIT_JAVA_OPTS", jvmFlags),
            "train",
            "--data",
            "" + rows,
            "--dcs",
            "2",
            "--rounds",
            "2",
            "--tolerance",
            "0",
            "--backend",
            backend,
            "--out",
            "run");
    return Strait.await(process, folder, "train");
  }

  /// Linear models multiply no dense matrices: the library is not even loaded.
  private void checkGoesOn(Strait.Result result) throws IOException {
    assertEquals(0, result.status(), result.err());
    assertEquals("", result.err());
    assertFalse(result.out().contains("openblas"), result.out());
    assertFalse(
        Strait.record(folder.resolve("run")).get("backendLine").getAsString().contains("openblas"));
  }

  @Test
  void readOnlyFolders() throws Exception {
    assumeProc();
    checkGoesOn(train(READ_ONLY, "auto"));
  }

  @Test
  void readOnlyFoldersWithOpenBlasAskedFor() throws Exception {
    assumeProc();
    Strait.Result result = train(READ_ONLY, "openblas");
    assertEquals(2, result.status());
    assertEquals(1, result.err().lines().count(), result.err());
    assertTrue(
        result
            .err()
            .startsWith(
                "strait: backend openblas cannot run here: the library cannot be unpacked to or"
                    + " loaded from the home folder or /proc"),
        result.err());
  }

  @Test
  void noexecFolder() throws Exception {
    Path mount = Files.createDirectory(folder.resolve("noexec"));
    Path log = folder.resolve("mount.log");
    int mounted =
        new ProcessBuilder("sh", "-c", "mount -t tmpfs -o noexec strait-test " + mount)
            .redirectErrorStream(true)
            .redirectOutput(log.toFile())
            .start()
            .waitFor();
    Assumptions.assumeTrue(
        mounted == 0, "cannot mount a noexec folder: " + Files.readString(log).strip());
    try {
      checkGoesOn(train("-Dorg.bytedeco.javacpp.cachedir=" + mount, "auto"));
    } finally {
      int unmounted = new ProcessBuilder("umount", "" + mount).inheritIO().start().waitFor();
      assertEquals(0, unmounted);
    }
  }

  private static void assumeProc() {
    Assumptions.assumeTrue(
        Files.isDirectory(Path.of("/proc/self")), "no /proc: no folder that root cannot write to");
  }
}
