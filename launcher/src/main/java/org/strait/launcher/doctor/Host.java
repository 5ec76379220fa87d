package org.strait.launcher.doctor;

import java.io.IOException;
import java.nio.charset.MalformedInputException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.strait.launcher.start.Programs;

/// The machine as checks see it. Files are found under {@link #root}, so that a test can show them
/// another machine.
///
/// @param root the root folder of the file system
/// @param environment variables of the process
/// @param properties of the JVM, such as `java.version` and `user.home`
/// @param jars class path of the running command, for libraries that came with it
/// @param figures where measured figures of this machine are kept; empty if there are none
public record Host(
    Path root,
    Map<String, String> environment,
    Map<String, String> properties,
    String jars,
    Optional<String> figures) {
  /// The property, or nothing.
  String property(String name) {
    return properties.getOrDefault(name, "");
  }

  /// The variable, or nothing.
  String variable(String name) {
    return environment.getOrDefault(name, "").strip();
  }

  /// A file of this machine.
  Path file(String absolute) {
    return root.resolve(absolute.replaceFirst("^/+", ""));
  }

  /// Lines of a file; none if it cannot be read.
  List<String> lines(String absolute) {
    try {
      return Files.readAllLines(file(absolute));
    } catch (MalformedInputException e) {
      return List.of();
    } catch (IOException e) {
      return List.of(); // another system, or not for us to read
    }
  }

  /// What a pattern's group 1 is in the first line that it finds itself in.
  Optional<String> found(String absolute, String pattern) {
    Pattern compiled = Pattern.compile(pattern);
    for (String line : lines(absolute)) {
      Matcher matcher = compiled.matcher(line);
      if (matcher.find()) {
        return Optional.of(matcher.group(1));
      }
    }
    return Optional.empty();
  }

  /// Where a program is.
  Optional<Path> program(String name) {
    return Programs.find(name, environment);
  }

  /// Where the dynamic linker would find a library of one of these names, roughly.
  Optional<Path> library(String... names) {
    String arch = property("os.arch").equals("aarch64") ? "aarch64" : "x86_64";
    String folders =
        variable("LD_LIBRARY_PATH")
            + ":/usr/lib/"
            + arch
            + "-linux-gnu:/lib/"
            + arch
            + "-linux-gnu:/usr/lib64:/lib64:/usr/lib:/usr/local/lib";
    for (String name : names) {
      for (String folder : folders.split(":", -1)) {
        if (!folder.isEmpty() && Files.exists(file(folder + "/" + name))) {
          return Optional.of(Path.of(folder, name));
        }
      }
    }
    return Optional.empty();
  }

  /// Options that the file system of a path is mounted with; empty if that is not known.
  String mount(Path path) {
    String best = "";
    String options = "";
    for (String line : lines("/proc/self/mounts")) {
      String[] words = line.split(" ", -1);
      if (words.length > 3 && path.startsWith(words[1]) && words[1].length() >= best.length()) {
        best = words[1];
        options = words[3];
      }
    }
    return options;
  }
}
