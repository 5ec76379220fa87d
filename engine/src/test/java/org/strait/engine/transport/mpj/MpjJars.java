package org.strait.engine.transport.mpj;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Assertions;
import org.junit.jupiter.api.Assumptions;

/// Where tests find MPJ Express: MPJ_HOME/lib, /usr/share/java, or Debian's packages unpacked under
/// the module's target folder. Without it tests skip and say why; where CI=true they fail.
public final class MpjJars {
  private static final String PACKAGES = "libmpj-java liblog4j1.2-java";

  private MpjJars() {}

  /// mpj.jar and log4j-1.2.jar.
  public static List<Path> require() {
    StringBuilder why = new StringBuilder();
    String home = System.getenv("MPJ_HOME");
    if (home != null) {
      List<Path> jars = in(Path.of(home, "lib"), Path.of("/usr/share/java"));
      if (!jars.isEmpty()) {
        return jars;
      }
      why.append("not in MPJ_HOME=").append(home).append("; ");
    }
    Path system = Path.of("/usr/share/java");
    Path unpacked = Path.of("target", "mpj").toAbsolutePath();
    Path folder = unpacked.resolve("usr/share/java");
    if (in(system, system).isEmpty() && in(folder, folder).isEmpty()) {
      fetch(unpacked, why);
    }
    List<Path> jars = in(system, system).isEmpty() ? in(folder, folder) : in(system, system);
    if (jars.isEmpty()) {
      String reason = "no MPJ Express: " + why;
      if ("true".equals(System.getenv("CI"))) {
        Assertions.fail(reason);
      }
      Assumptions.abort(reason);
    }
    return jars;
  }

  private static List<Path> in(Path mpjFolder, Path log4jFolder) {
    Path mpj = mpjFolder.resolve("mpj.jar");
    for (Path folder : List.of(mpjFolder, log4jFolder)) {
      Path log4j = folder.resolve("log4j-1.2.jar");
      if (Files.exists(mpj) && Files.exists(log4j)) {
        return List.of(mpj, log4j);
      }
    }
    return List.of();
  }

  private static synchronized void fetch(Path into, StringBuilder why) {
    try {
      Files.createDirectories(into);
      String script =
          "apt-get download "
              + PACKAGES
              + " && for p in *.deb; do dpkg -x \"$p\" . || exit 1; done";
      Path log = into.resolve("fetch.log");
      Process process =
          new ProcessBuilder("sh", "-c", script)
              .directory(into.toFile())
              .redirectErrorStream(true)
              .redirectOutput(log.toFile())
              .start();
      if (!process.waitFor(60, TimeUnit.SECONDS)) {
        process.destroyForcibly();
        why.append("apt-get download timed out");
      } else if (process.exitValue() != 0) {
        why.append("apt-get download ").append(PACKAGES).append(" said: ");
        why.append(Files.readString(log).strip());
      }
    } catch (IOException e) {
      why.append("cannot run apt-get: ").append(e.getMessage());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      why.append("interrupted");
    }
  }
}
