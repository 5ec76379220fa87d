package org.strait.launcher.start;

import java.io.IOException;
import java.net.MalformedURLException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.strait.launcher.config.UserMistake;

/// A folder with which MPJ Express works: `lib` and `conf`. Debian's package does not as it is,
/// because four jars that its own jars name are missing beside them, and its scripts insist on that
/// folder; so what it has is copied to the user's cache folder, once, without root.
///
/// @param path what to set MPJ_HOME to
public record MpjHome(Path path) {
  private static final Path DEBIAN = Path.of("/usr/share/mpj");
  private static final Path DEBIAN_JARS = Path.of("/usr/share/java");
  private static final Path DEBIAN_CONF = Path.of("/etc/mpj");
  private static final List<String> MISSING =
      List.of("log4j-1.2.jar", "commons-codec.jar", "commons-io.jar", "commons-cli.jar");
  private static final String DONE = "complete";

  /// MPJ_HOME if it is a working one, else a copy of Debian's package, made now if there is none.
  ///
  /// @param environment variables of the process
  /// @param notes told in one line if a copy is made
  /// @throws UserMistake if there is no MPJ Express
  public static MpjHome find(Map<String, String> environment, Consumer<String> notes) {
    String set = environment.getOrDefault("MPJ_HOME", "");
    if (!set.isBlank() && complete(Path.of(set, "lib"))) {
      return new MpjHome(Path.of(set));
    }
    if (!Files.isReadable(DEBIAN.resolve("lib/starter.jar"))) {
      throw none(set);
    }
    String cache = environment.getOrDefault("XDG_CACHE_HOME", "");
    Path copy =
        (Path.of(cache).isAbsolute()
                ? Path.of(cache)
                : Path.of(System.getProperty("user.home"), ".cache"))
            .resolve("strait")
            .resolve("mpj");
    if (!Files.exists(copy.resolve(DONE))) {
      copy(copy);
      notes.accept(
          "MPJ Express as Debian ships it lacks four jars: a working copy is in "
              + copy
              + " (set MPJ_HOME to it)");
    }
    return new MpjHome(copy);
  }

  private static boolean complete(Path lib) {
    return Stream.concat(MISSING.stream(), Stream.of("mpj.jar", "starter.jar"))
        .allMatch(jar -> Files.isReadable(lib.resolve(jar)));
  }

  private static UserMistake none(String set) {
    return new UserMistake(
        "there is no MPJ Express in " + (set.isBlank() ? "" : set + " or ") + DEBIAN,
        "install it (Debian: apt-get install libmpj-java liblog4j1.2-java libcommons-codec-java"
            + " libcommons-io-java libcommons-cli-java), or set MPJ_HOME to its folder");
  }

  private static void copy(Path copy) {
    try {
      Path lib = Files.createDirectories(copy.resolve("lib"));
      Path conf = Files.createDirectories(copy.resolve("conf"));
      copyAll(DEBIAN.resolve("lib"), lib, ".jar");
      copyAll(DEBIAN_CONF, conf, ".conf");
      for (String jar : MISSING) {
        Path there = DEBIAN_JARS.resolve(jar);
        if (!Files.isReadable(there)) {
          throw none("");
        }
        Files.copy(there, lib.resolve(jar), StandardCopyOption.REPLACE_EXISTING);
      }
      Files.createDirectories(copy.resolve("logs"));
      Files.writeString(copy.resolve(DONE), "");
    } catch (IOException e) {
      throw new UserMistake(
          "cannot copy MPJ Express to " + copy + " (" + e.getMessage() + ")",
          "set MPJ_HOME to a working copy");
    }
  }

  /// Copies the files themselves where there are links: the JVM looks for sibling jars beside the
  /// file, not beside the link.
  private static void copyAll(Path from, Path to, String end) throws IOException {
    try (Stream<Path> files = Files.list(from)) {
      for (Path file : files.filter(f -> f.toString().endsWith(end)).toList()) {
        Files.copy(
            file.toRealPath(), to.resolve(file.getFileName()), StandardCopyOption.REPLACE_EXISTING);
      }
    }
  }

  /// A jar of it.
  public Path jar(String name) {
    return path.resolve("lib").resolve(name);
  }

  /// A class loader with mpi.MPI: the running one if it has it, else one over the jars.
  public static ClassLoader loader(Map<String, String> environment) {
    for (ClassLoader known :
        new ClassLoader[] {
          MpjHome.class.getClassLoader(), Thread.currentThread().getContextClassLoader()
        }) {
      if (known != null && known.getResource("mpi/MPI.class") != null) {
        return known;
      }
    }
    MpjHome home = find(environment, note -> {});
    try {
      return new URLClassLoader(
          new URL[] {
            home.jar("mpj.jar").toUri().toURL(), home.jar("log4j-1.2.jar").toUri().toURL()
          },
          ClassLoader.getPlatformClassLoader());
    } catch (MalformedURLException e) {
      throw new IllegalStateException(e);
    }
  }
}
