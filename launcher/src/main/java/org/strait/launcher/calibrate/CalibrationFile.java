package org.strait.launcher.calibrate;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.zip.CRC32C;
import org.strait.kernels.calibration.Calibration;
import org.strait.launcher.record.JsonFiles;

/// Figures kept between runs: the lines of {@link Machine}, a checksum, and the text of a {@link
/// Calibration}. What cannot be read or written is told in one line and else ignored.
final class CalibrationFile {
  private static final String TITLE = "strait calibration 1";
  static final String ORIGIN = "figures of this machine";

  private final Path file;
  private final List<String> machine;
  private final Consumer<String> notes;

  CalibrationFile(Path file, List<String> machine, Consumer<String> notes) {
    this.file = file;
    this.machine = machine;
    this.notes = notes;
  }

  /// Where the file is: in XDG_CACHE_HOME, or .cache in the home folder.
  static Path in(Map<String, String> environment) {
    String cache = environment.getOrDefault("XDG_CACHE_HOME", "");
    Path folder =
        Path.of(cache).isAbsolute()
            ? Path.of(cache)
            : Path.of(System.getProperty("user.home"), ".cache");
    return folder.resolve("strait").resolve("calibration.txt");
  }

  Path path() {
    return file;
  }

  /// The figures, if there are some of this machine.
  Optional<Calibration> read() {
    if (!Files.exists(file)) {
      return Optional.empty();
    }
    try {
      String text = Files.readString(file);
      String head = head();
      if (!text.startsWith(head)) {
        if (!text.startsWith(TITLE + "\n")) {
          throw new IllegalArgumentException("it does not begin with \"" + TITLE + "\"");
        }
        return Optional.empty(); // another machine's, or an older version's
      }
      String[] rest = text.substring(head.length()).split("\n", 2);
      if (rest.length < 2 || !rest[0].equals(sum(rest[1]))) {
        throw new IllegalArgumentException("its checksum is wrong");
      }
      return Optional.of(Calibration.parse(ORIGIN, rest[1]));
    } catch (IOException | UncheckedIOException | IllegalArgumentException e) {
      notes.accept("ignoring " + file + " (" + oneLine(e) + "); ./strait calibrate writes it anew");
      return Optional.empty();
    }
  }

  /// Keeps figures; written aside and renamed, so readers see the old file or the new one.
  void write(Calibration calibration) {
    try {
      Files.createDirectories(file.getParent());
      JsonFiles.writeAtomically(file, head() + sum(calibration.text()) + "\n" + calibration.text());
    } catch (IOException | UncheckedIOException e) {
      notes.accept("cannot keep figures in " + file + " (" + oneLine(e) + ")");
    }
  }

  private String head() {
    return TITLE + "\n" + String.join("\n", machine) + "\n";
  }

  private static String sum(String text) {
    CRC32C crc = new CRC32C();
    crc.update(text.getBytes(StandardCharsets.UTF_8));
    return String.format("crc32c %08x", crc.getValue());
  }

  private static String oneLine(Exception e) {
    String message = String.valueOf(e.getMessage()).lines().findFirst().orElse("");
    return e instanceof IllegalArgumentException
        ? message
        : e.getClass().getSimpleName() + ": " + message;
  }
}
