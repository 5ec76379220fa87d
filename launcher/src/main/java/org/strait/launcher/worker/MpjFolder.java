package org.strait.launcher.worker;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.strait.launcher.config.Job;
import org.strait.launcher.config.UserMistake;

/// Where the jars of MPJ Express are, which strait can use but does not bring: MPJ_HOME/lib, or
/// where Debian's packages put them.
final class MpjFolder {
  private static final Path DEBIAN = Path.of("/usr/share/java");
  private static final String MPJ = "mpj";

  private MpjFolder() {}

  /// mpj.jar and log4j-1.2.jar; none if the job has another transport.
  ///
  /// @throws UserMistake if the job needs them and they are not there
  static List<Path> jars(Job job) {
    return job.machine().transport().startsWith(MPJ)
        ? find(System.getenv("MPJ_HOME"), DEBIAN)
        : List.of();
  }

  /// @param home value of MPJ_HOME, or null
  /// @param system folder of the system's jars
  static List<Path> find(String home, Path system) {
    List<Path> folders = new ArrayList<>();
    if (home != null && !home.isBlank()) {
      folders.add(Path.of(home, "lib"));
    }
    folders.add(system);
    for (Path folder : folders) {
      Path mpj = folder.resolve("mpj.jar");
      for (Path other : List.of(folder, system)) {
        Path log4j = other.resolve("log4j-1.2.jar");
        if (Files.isReadable(mpj) && Files.isReadable(log4j)) {
          return List.of(mpj, log4j);
        }
      }
    }
    throw new UserMistake(
        "--transport mpj: there are no mpj.jar and log4j-1.2.jar in "
            + String.join(" or ", folders.stream().map(Path::toString).toList()),
        "install MPJ Express (Debian: apt-get install libmpj-java liblog4j1.2-java), or set"
            + " MPJ_HOME to its folder");
  }
}
