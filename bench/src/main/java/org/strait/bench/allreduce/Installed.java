package org.strait.bench.allreduce;

import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.strait.bench.peers.SearchPath;

/// What there is on this machine to start ranks with.
final class Installed {
  private static final long ASK_SECONDS = 30;
  private static final Path DEBIAN_JARS = Path.of("/usr/share/java");

  private Installed() {}

  /// The first program that says one of the marks when asked for its version.
  static Optional<Path> starter(String searchPath, List<String> names, List<String> marks) {
    for (String name : names) {
      Optional<Path> program = SearchPath.find(searchPath, name);
      if (program.isPresent()
          && said(List.of(program.get().toString(), "--version"))
              .filter(text -> marks.stream().anyMatch(text::contains))
              .isPresent()) {
        return program;
      }
    }
    return Optional.empty();
  }

  /// The compiler that goes with a starter: of the same folder and ending.
  static Optional<Path> compilerOf(Path starter) {
    String name = starter.getFileName().toString().replaceFirst("^mpi(run|exec)", "mpicc");
    return SearchPath.find(starter.getParent().toString(), name);
  }

  /// A Python that has PyTorch with Gloo.
  static Optional<Path> gloo(String searchPath) {
    for (String folder : searchPath.split(File.pathSeparator, -1)) {
      Optional<Path> python = SearchPath.find(folder, "python3");
      String ask = "import torch.distributed as d; print('gloo', d.is_available())";
      if (python.isPresent()
          && said(List.of(python.get().toString(), "-c", ask))
              .filter(text -> text.contains("gloo True"))
              .isPresent()) {
        return python;
      }
    }
    return Optional.empty();
  }

  /// mpj.jar and log4j-1.2.jar of MPJ_HOME or of Debian's packages; empty if they are not there.
  static List<Path> mpjJars(String home) {
    List<Path> folders =
        home == null || home.isBlank()
            ? List.of(DEBIAN_JARS)
            : List.of(Path.of(home, "lib"), DEBIAN_JARS);
    for (Path folder : folders) {
      Path mpj = folder.resolve("mpj.jar");
      for (Path other : folders) {
        Path log4j = other.resolve("log4j-1.2.jar");
        if (Files.isReadable(mpj) && Files.isReadable(log4j)) {
          return List.of(mpj, log4j);
        }
      }
    }
    return List.of();
  }

  /// What a command says, if it ends well and in time.
  private static Optional<String> said(List<String> command) {
    try {
      Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
      process.getOutputStream().close();
      try {
        String text = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        boolean well = process.waitFor(ASK_SECONDS, TimeUnit.SECONDS) && process.exitValue() == 0;
        return well ? Optional.of(text) : Optional.empty();
      } finally {
        process.destroyForcibly();
      }
    } catch (IOException e) {
      return Optional.empty();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return Optional.empty();
    }
  }

  /// Bytes of memory that can still be had; empty where the system does not say.
  static Optional<Long> freeBytes() {
    try {
      return Files.readAllLines(Path.of("/proc/meminfo")).stream()
          .filter(line -> line.startsWith("MemAvailable:"))
          .map(line -> Long.parseLong(line.replaceAll("\\D", "")) << 10)
          .findFirst();
    } catch (IOException e) {
      return Optional.empty();
    }
  }
}
