package org.strait.launcher.config;

import java.nio.file.Path;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/// Settings as written, by key. Layers are laid over each other: a preset below, then the job file,
/// then the command line.
public final class Settings {
  private final Map<JobKey, Setting> byKey = new EnumMap<>(JobKey.class);

  /// Adds a setting; a second one for the same key is a mistake.
  void add(Setting setting) {
    Setting first = byKey.putIfAbsent(setting.key(), setting);
    if (first != null) {
      throw setting.mistake(
          "given twice, first at " + first.where().split(" ", 2)[0], "keep one of them");
    }
  }

  /// Adds what a flag says; relative paths are relative to the working folder.
  public Settings flag(JobKey key, List<String> values) {
    add(new Setting(key, values, key.flag(), Path.of("")));
    return this;
  }

  /// These settings, replaced by those of a higher layer where it has any.
  public Settings under(Settings higher) {
    Settings merged = new Settings();
    merged.byKey.putAll(byKey);
    merged.byKey.putAll(higher.byKey);
    return merged;
  }

  /// The setting of a key, if given.
  Optional<Setting> get(JobKey key) {
    return Optional.ofNullable(byKey.get(key));
  }

  /// The word of a key, as given.
  public Optional<String> text(JobKey key) {
    return get(key).map(Setting::value);
  }

  /// Whether a key is given.
  public boolean has(JobKey key) {
    return byKey.containsKey(key);
  }

  /// The keys that are given.
  public Set<JobKey> keys() {
    return byKey.isEmpty() ? Set.of() : EnumSet.copyOf(byKey.keySet());
  }
}
