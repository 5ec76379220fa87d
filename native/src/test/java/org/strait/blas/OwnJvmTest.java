package org.strait.blas;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// OpenBLAS in processes of its own: what depends on flags, on the environment, or on who else
/// unpacks the library at the same time. Read-only and noexec folders are CacheFolderIT's.
@Timeout(120)
class OwnJvmTest {
  private static final String VECTORS = "--add-modules=jdk.incubator.vector";
  private static final String ACCESS = "--enable-native-access=ALL-UNNAMED";

  @TempDir Path folder;
  private int started;

  private Process start(String backend, Map<String, String> environment, String... flags)
      throws IOException {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.add("-XX:+UseSerialGC");
    command.add("-Xmx128m");
    command.addAll(List.of(flags));
    command.add("-cp");
    command.add(System.getProperty("java.class.path"));
    command.add("org.strait.blas.Probe");
    command.add(backend);
    ProcessBuilder builder = new ProcessBuilder(command);
    builder.environment().remove("OPENBLAS_NUM_THREADS");
    builder.environment().putAll(environment);
    int number = started++;
    return builder
        .redirectOutput(folder.resolve("out-" + number).toFile())
        .redirectError(folder.resolve("err-" + number).toFile())
        .start();
  }

  /// What the process with a number said, after it has ended well.
  private List<String> said(Process process, int number) throws Exception {
    assertTrue(process.waitFor(100, TimeUnit.SECONDS), "the process does not end");
    assertEquals(0, process.exitValue(), Files.readString(folder.resolve("err-" + number)));
    return Files.readAllLines(folder.resolve("out-" + number));
  }

  @Test
  void severalProcessesUnpackIntoOneFolder() throws Exception {
    Path cache = folder.resolve("cache");
    List<Process> processes = new ArrayList<>();
    for (int i = 0; i < 4; i++) {
      processes.add(
          start("openblas", Map.of(), VECTORS, ACCESS, "-Dorg.bytedeco.javacpp.cachedir=" + cache));
    }
    for (int i = 0; i < 4; i++) {
      List<String> lines = said(processes.get(i), i);
      assertTrue(lines.getFirst().startsWith("backend openblas over simd-"), lines.getFirst());
      assertEquals("corner 512.0", lines.getLast());
    }
  }

  @Test
  void oneThreadUnlessTheUserSaysOtherwise() throws Exception {
    Process plain = start("openblas", Map.of(), VECTORS, ACCESS);
    assertTrue(said(plain, 0).contains("threads 1"));
    // OpenBLAS starts no more threads than there are cores.
    int most = Math.min(2, Runtime.getRuntime().availableProcessors());
    Process asked = start("openblas", Map.of("OPENBLAS_NUM_THREADS", "2"), VECTORS, ACCESS);
    List<String> lines = said(asked, 1);
    assertTrue(lines.contains("threads " + most), lines.toString());
  }

  /// Operands of 16 MiB each under limits of 1 MiB: our owner counts our memory, JavaCPP does not.
  @Test
  void limitsOfJavaCppAreNotOurs() throws Exception {
    Process process =
        start(
            "openblas",
            Map.of(),
            VECTORS,
            ACCESS,
            "-Dorg.bytedeco.javacpp.maxBytes=1m",
            "-Dorg.bytedeco.javacpp.maxPhysicalBytes=1m");
    List<String> lines = said(process, 0);
    assertTrue(lines.contains("counted 0"), lines.toString());
    assertEquals("corner 512.0", lines.getLast());
  }

  /// A library user who has not heard of the flag.
  @Test
  void withoutTheFlagTheJvmWarnsAndAllWorks() throws Exception {
    Process process = start("auto", Map.of(), VECTORS);
    List<String> lines = said(process, 0);
    assertTrue(lines.getFirst().startsWith("backend openblas over simd-"), lines.getFirst());
    assertEquals("corner 512.0", lines.getLast());
    assertTrue(Files.readString(folder.resolve("err-0")).contains("WARNING"));
  }

  @Test
  void whereNativeAccessIsDeniedPlainLoopsRemain() throws Exception {
    Process process = start("auto", Map.of(), VECTORS, "--illegal-native-access=deny");
    List<String> lines = said(process, 0);
    assertTrue(lines.getFirst().startsWith("backend scalar ("), lines.getFirst());
    assertTrue(
        lines.getFirst().contains("simd: native access is denied, start java with " + ACCESS),
        lines.getFirst());
    assertTrue(lines.getFirst().contains("openblas: "), lines.getFirst());
    assertEquals("corner 0.5", lines.getLast());
  }
}
