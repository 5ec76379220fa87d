package org.strait.launcher.calibrate;

import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.CodeSource;
import java.util.List;
import java.util.stream.Stream;
import org.strait.kernels.Backends;

/// What figures depend on: other lines, other figures. The JVM's flags are among them, since they
/// decide on the widths of vectors.
final class Machine {
  private static final Path CPUS = Path.of("/proc/cpuinfo");

  private Machine() {}

  /// The lines of this machine.
  ///
  /// @param version of Strait
  /// @param javaOptions flags that ranks get, or null
  static List<String> lines(String version, String javaOptions) {
    return List.of(
        "cpu " + oneLine(cpu()),
        "jdk " + oneLine(System.getProperty("java.vm.name") + " " + Runtime.version()),
        "strait " + oneLine(version + build(version)),
        "options " + oneLine(javaOptions == null ? "" : javaOptions));
  }

  private static String cpu() {
    String arch = System.getProperty("os.arch");
    try (Stream<String> lines = Files.lines(CPUS)) {
      // ARM machines have no model name but a part number.
      return arch
          + lines
              .takeWhile(line -> !line.isBlank())
              .filter(line -> line.matches("(?i)(model name|model|cpu family|cpu part)\\s*:.*"))
              .map(line -> " " + line.split(":", 2)[1].strip())
              .reduce("", String::concat);
    } catch (IOException e) {
      return arch; // not Linux
    }
  }

  /// Between releases kernels change without the version: the time of the file they are in.
  private static String build(String version) {
    if (!version.endsWith("SNAPSHOT") && !version.equals("development")) {
      return "";
    }
    CodeSource source = Backends.class.getProtectionDomain().getCodeSource();
    try {
      return " " + Files.getLastModifiedTime(Path.of(source.getLocation().toURI()));
    } catch (IOException | URISyntaxException e) {
      return "";
    }
  }

  private static String oneLine(String text) {
    return text.strip().replaceAll("\\s+", " ");
  }
}
