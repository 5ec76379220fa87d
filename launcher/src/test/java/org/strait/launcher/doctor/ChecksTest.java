package org.strait.launcher.doctor;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.strait.launcher.doctor.Finding.Level;

/// Each check on machines that are fine and on machines that lack something.
class ChecksTest {
  @TempDir Path root;

  private final Map<String, String> environment = new TreeMap<>();
  private final Map<String, String> properties = new TreeMap<>();
  private String jars = "/x/openblas-0.3.30-1.5.12-linux-x86_64.jar:/x/gson.jar";
  private Optional<String> figures = Optional.of("/cache/calibration.txt");

  @BeforeEach
  void aGoodMachine() throws IOException {
    properties.putAll(
        Map.of(
            "java.runtime.version", "25.0.3+9-LTS",
            "java.vm.version", "25.0.3+9-LTS",
            "java.vendor", "Eclipse Adoptium",
            "java.home", "/jdk",
            "os.arch", "amd64",
            "cores", "8",
            "user.home", root.toString(),
            "java.io.tmpdir", root.toString()));
    file("/proc/cpuinfo", "model name\t: Some CPU\nflags\t\t: fpu avx2 avx512f\n");
    file("/proc/loadavg", "0.10 0.20 0.30 1/200 4711\n");
    file("/proc/meminfo", "MemTotal:  33554432 kB\nMemAvailable:   16777216 kB\n");
    file("/proc/self/mounts", "/dev/sda / ext4 rw,relatime 0 0\n");
    file("/proc/self/limits", "Max open files            65536        65536      files\n");
    file("/proc/sys/net/ipv4/tcp_wmem", "4096\t16384\t16777216\n");
    file("/proc/sys/net/ipv4/tcp_congestion_control", "bbr\n");
    Files.createDirectories(root.resolve("dev/shm"));
  }

  private void file(String name, String text) throws IOException {
    Path path = root.resolve(name.substring(1));
    Files.createDirectories(path.getParent());
    Files.writeString(path, text);
  }

  private Host host() {
    return new Host(root, environment, properties, jars, figures);
  }

  private Finding finding(String subject) {
    List<Finding> all = Checks.all(host());
    return all.stream().filter(f -> f.subject().equals(subject)).findFirst().orElseThrow();
  }

  private void assertFinding(Level level, String subject, String what) {
    Finding finding = finding(subject);
    assertEquals(level, finding.level(), finding.toString());
    assertTrue(finding.what().contains(what), finding.toString());
    assertEquals(level != Level.FINE, !finding.remedy().isEmpty(), finding.toString());
  }

  @Test
  void nothingIsWrongWithAGoodMachine() {
    for (Finding finding : Checks.all(host())) {
      assertEquals(Level.FINE, finding.level(), finding.toString());
      assertFalse(finding.what().isBlank());
    }
    assertFinding(Level.FINE, "vectors", "Some CPU: 512 bits (AVX-512)");
    assertFinding(Level.FINE, "memory", "16.0 of 32.0 GiB free");
    assertFinding(Level.FINE, "network", "TCP bbr, buffers up to 16384 KiB");
    assertFinding(Level.FINE, "cluster", "none");
  }

  @ParameterizedTest
  @CsvSource({
    "21.0.4+7, PROBLEM, too old",
    "25.0.1+8, NOTE, a fault in the G1 collector",
    "25.0.3+9, FINE, Eclipse",
    "26.0.1+2, NOTE, newer than",
    "private, NOTE, an unknown version"
  })
  void javaVersions(String version, Level level, String what) {
    properties.put("java.runtime.version", version);
    assertFinding(level, "java", what);
  }

  @Test
  void flagsThatKeepKernelsFromBeingCompiled() {
    environment.put("STRAIT_JAVA_OPTS", "-Xmx1g -XX:TieredStopAtLevel=1");
    assertFinding(Level.PROBLEM, "java options", "would not be compiled");
    environment.put("STRAIT_JAVA_OPTS", "-Xmx1g");
    assertFinding(Level.FINE, "java options", "-Xmx1g");
  }

  @ParameterizedTest
  @CsvSource({
    "flags : fpu avx avx2, FINE, 256 bits (AVX2)",
    "flags : fpu sse2, NOTE, several times slower",
    "Features : fp asimd, FINE, 128 bits (NEON)",
    "nothing, NOTE, not known"
  })
  void processors(String line, Level level, String what) throws IOException {
    file("/proc/cpuinfo", line + "\n");
    assertFinding(level, "vectors", what);
  }

  @Test
  void librariesThatAreNotThere() throws IOException {
    jars = "/x/openblas-0.3.30-1.5.12-linux-arm64.jar";
    assertFinding(Level.NOTE, "openblas", "no library for linux-x86_64");
    jars = "/x/openblas-0.3.30-1.5.12-linux-x86_64.jar";
    environment.put("OPENBLAS_NUM_THREADS", "8");
    assertFinding(Level.NOTE, "openblas", "OPENBLAS_NUM_THREADS=8");
    file("/lib/ld-musl-x86_64.so.1", "");
    assertFinding(Level.NOTE, "openblas", "musl");
    figures = Optional.empty();
    assertFinding(Level.NOTE, "calibration", "have not been measured");
    file("/dev/nvidia0", "");
    file("/proc/driver/nvidia/version", "NVRM version: NVIDIA UNIX x86_64 Kernel Module  570.1\n");
    assertFinding(Level.NOTE, "cuda", "driver 570.1");
  }

  @Test
  void containersWithLimits() throws IOException {
    file("/sys/fs/cgroup/cpu.max", "150000 100000\n");
    assertFinding(Level.NOTE, "cores", "8, but the container may use 1.5");
    file("/sys/fs/cgroup/cpu.max", "max 100000\n");
    assertFinding(Level.FINE, "cores", "8");
    file("/proc/loadavg", "7.50 1 1 1/2 3\n");
    assertFinding(Level.NOTE, "cores", "load 7.5");
    file("/sys/fs/cgroup/memory.max", "4294967296\n");
    file("/sys/fs/cgroup/memory.current", "3221225472\n");
    assertFinding(Level.NOTE, "memory", "1.0 of 4.0 GiB free, the container's limit");
  }

  @Test
  void folders() throws IOException {
    properties.put("java.io.tmpdir", root.resolve("nowhere").toString());
    assertFinding(Level.PROBLEM, "temporary files", "cannot be written");
    file("/proc/self/mounts", "/dev/sda / ext4 rw 0 0\nhome " + root + " nfs rw,noexec 0 0\n");
    assertFinding(Level.NOTE, "unpacked libraries", "noexec");
    Files.delete(root.resolve("dev/shm"));
    assertFinding(Level.NOTE, "shared memory", "no /dev/shm");
  }

  @Test
  void networks() throws IOException {
    file("/proc/self/limits", "Max open files            1024        4096      files\n");
    assertFinding(Level.NOTE, "open files", "1024 at most");
    file("/proc/sys/net/ipv4/tcp_wmem", "4096\t16384\t212992\n");
    assertFinding(Level.NOTE, "network", "buffers up to 208 KiB");
  }

  @Test
  void enginesAndClusters() throws IOException {
    file("/usr/lib/x86_64-linux-gnu/libmpi.so.40", "");
    file("/usr/share/mpj/lib/starter.jar", "");
    assertFinding(Level.FINE, "mpi", "MPJ Express");
    assertTrue(finding("mpi").what().contains("Open MPI /usr/lib/"), finding("mpi").what());
    environment.put("MPJ_HOME", root.resolve("none").toString());
    assertFinding(Level.PROBLEM, "mpi", "there is no lib/mpj.jar");
    environment.put("SLURM_JOB_ID", "42");
    environment.put("SLURM_JOB_NODELIST", "n[1-4]");
    assertFinding(Level.FINE, "slurm", "in job 42 on n[1-4]");
    environment.put("KUBERNETES_SERVICE_HOST", "10.0.0.1");
    environment.put("HOSTNAME", "trainer-0");
    assertFinding(Level.FINE, "kubernetes", "in pod trainer-0");
  }
}
