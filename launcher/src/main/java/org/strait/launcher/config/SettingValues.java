package org.strait.launcher.config;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.OptionalLong;
import org.strait.engine.data.ImageFolder;

/// Settings read as what they should be: numbers, counts, sizes, files. A key that is not given has
/// its default; an empty default reads as empty. Mistakes say where.
final class SettingValues {
  private final Settings settings;
  private final boolean checkFiles;

  /// @param checkFiles whether files must be there
  SettingValues(Settings settings, boolean checkFiles) {
    this.settings = settings;
    this.checkFiles = checkFiles;
  }

  /// The setting of a key, or its default in the shape of one.
  Setting where(JobKey key) {
    return settings
        .get(key)
        .orElseGet(() -> new Setting(key, List.of(key.fallback()), key.flag(), Path.of("")));
  }

  boolean has(JobKey key) {
    return settings.has(key);
  }

  Optional<String> text(JobKey key) {
    Setting setting = where(key);
    String value = setting.value().strip();
    if (value.isEmpty() && settings.has(key)) {
      throw setting.mistake("is empty", "give a value or leave it out");
    }
    return value.isEmpty() ? Optional.empty() : Optional.of(value);
  }

  String must(JobKey key) {
    return text(key).orElseThrow();
  }

  OptionalLong whole(JobKey key) {
    Optional<String> text = text(key);
    if (text.isEmpty()) {
      return OptionalLong.empty();
    }
    try {
      return OptionalLong.of(Units.whole(text.get()));
    } catch (IllegalArgumentException e) {
      throw Setting.mistake(where(key).where(), e);
    }
  }

  OptionalInt count(JobKey key) {
    OptionalLong value = whole(key);
    if (value.isEmpty()) {
      return OptionalInt.empty();
    }
    if (value.getAsLong() < 1 || value.getAsLong() > Integer.MAX_VALUE) {
      throw where(key).mistake(value.getAsLong() + " is out of range", "give at least 1");
    }
    return OptionalInt.of((int) value.getAsLong());
  }

  OptionalDouble number(JobKey key) {
    Optional<String> text = text(key);
    if (text.isEmpty()) {
      return OptionalDouble.empty();
    }
    double value;
    try {
      value = Units.number(text.get());
    } catch (IllegalArgumentException e) {
      throw Setting.mistake(where(key).where(), e);
    }
    if (value < 0) {
      throw where(key).mistake(text.get() + " is negative", "give at least 0");
    }
    return OptionalDouble.of(value);
  }

  OptionalDouble fraction(JobKey key) {
    Optional<String> text = text(key);
    try {
      return text.isEmpty()
          ? OptionalDouble.empty()
          : OptionalDouble.of(Units.fraction(text.get()));
    } catch (IllegalArgumentException e) {
      throw Setting.mistake(where(key).where(), e);
    }
  }

  OptionalLong bytes(JobKey key) {
    Optional<String> text = text(key);
    try {
      return text.isEmpty() ? OptionalLong.empty() : OptionalLong.of(Units.bytes(text.get()));
    } catch (IllegalArgumentException e) {
      throw Setting.mistake(where(key).where(), e);
    }
  }

  boolean flag(JobKey key) {
    return switch (must(key)) {
      case "true" -> true;
      case "false" -> false;
      default ->
          throw where(key)
              .mistake("\"" + must(key) + "\" is neither true nor false", "write true or false");
    };
  }

  Optional<Path> file(JobKey key) {
    Optional<Path> path =
        text(key).map(t -> where(key).folder().resolve(t).toAbsolutePath().normalize());
    path.ifPresent(p -> readable(p, where(key)));
    return path;
  }

  static List<Path> paths(Setting setting) {
    return setting.values().stream()
        .map(value -> setting.folder().resolve(value).toAbsolutePath().normalize())
        .toList();
  }

  void readable(Path path, Setting setting) {
    if (!checkFiles) {
      return;
    }
    boolean rows = setting.key() == JobKey.DATA || setting.key() == JobKey.TEST;
    if (Files.isDirectory(path) && !(rows && ImageFolder.is(path))) {
      throw setting.mistake(
          path + " is a folder",
          rows ? "give a file, or a folder with a folder of images for each class" : "give a file");
    }
    if (!Files.isReadable(path)) {
      throw setting.mistake(
          (Files.exists(path) ? "cannot read " : "there is no file ") + path, "check the path");
    }
  }
}
