package org.strait.launcher.config;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// A job in YAML 1.2: every setting of {@link JobKey} by its name, at the top or in the mapping of
/// its group, and the keys of a topology file (`dcs` as a list, `links`, `currency`). See
/// docs/job-file.md. Relative paths are relative to the file.
///
/// @param settings what the file sets
/// @param described data centres and links it describes itself
public record JobFile(Settings settings, Described described) {

  /// Reads a job file.
  public static JobFile read(Path path) {
    Path folder = path.toAbsolutePath().getParent();
    return of(path.getFileName().toString(), folder, YamlValue.read(path));
  }

  /// Reads a job from text.
  ///
  /// @param file name for messages
  /// @param folder what relative paths are relative to
  static JobFile parse(String file, Path folder, String text) {
    return of(file, folder, YamlValue.parse(file, text));
  }

  /// A job without a file.
  public static JobFile none() {
    return new JobFile(
        new Settings(),
        new Described("", List.of(), List.of(), Optional.empty(), Optional.empty()));
  }

  private static JobFile of(String file, Path folder, YamlValue root) {
    Settings settings = new Settings();
    TopologyFile topology = new TopologyFile(file, folder);
    for (YamlValue.Entry entry : root.entries("job", "keys such as data: rows.libsvm")) {
      readTop(entry, settings, topology, folder);
    }
    return new JobFile(settings, topology.described());
  }

  private static void readTop(
      YamlValue.Entry entry, Settings settings, TopologyFile topology, Path folder) {
    String plain = JobKey.plain(entry.key());
    if (!(plain.equals("dcs") && entry.value().isText()) && topology.take(entry)) {
      return;
    }
    for (JobKey.Group group : JobKey.Group.values()) {
      if (group != JobKey.Group.TOP
          && group != JobKey.Group.PLACES
          && plain.equals(group.key())
          && entry.value().isMapping()) {
        for (YamlValue.Entry inner : entry.value().entries(entry.key(), "keys and values")) {
          settings.add(setting(inner, groupKey(group, inner), folder));
        }
        return;
      }
    }
    Optional<JobKey> key = JobKey.named(entry.key());
    if (key.isEmpty()) {
      List<String> known = new ArrayList<>(JobKey.names());
      known.addAll(List.of("links", "currency", "stop", "run"));
      Optional<String> near = Suggestion.nearest(entry.key(), known);
      throw entry
          .keyAt()
          .mistake(
              "unknown key \"" + entry.key() + "\"",
              near.map(n -> "did you mean \"" + n + "\"?")
                  .orElse("docs/job-file.md lists all keys"));
    }
    settings.add(setting(entry, key.get(), folder));
  }

  private static JobKey groupKey(JobKey.Group group, YamlValue.Entry entry) {
    List<String> known = JobKey.names(group);
    String plain = JobKey.plain(entry.key());
    for (JobKey key : JobKey.values()) {
      boolean head = key.key().equals(group.key());
      if (key.group() == group
          && (head
              ? plain.equals(key.kind() == JobKey.Kind.FILES ? "files" : "name")
              : plain.equals(JobKey.plain(key.key())))) {
        return key;
      }
    }
    throw entry
        .keyAt()
        .mistake(
            "unknown key \"" + entry.key() + "\" in " + group.key(),
            Suggestion.remedy(entry.key(), known));
  }

  private static Setting setting(YamlValue.Entry entry, JobKey key, Path folder) {
    String example = key.fallback().isEmpty() ? key.label() : key.fallback();
    List<String> values = new ArrayList<>();
    if (key.kind() == JobKey.Kind.FILES && entry.value().isList()) {
      for (YamlValue item : entry.value().list(entry.key(), "[a.libsvm, b.libsvm]")) {
        values.add(item.text(entry.key(), example));
      }
      if (values.isEmpty()) {
        throw entry.value().mistake(entry.key() + ": the list is empty", "name a file");
      }
    } else if (key == JobKey.LABELS && entry.value().isList()) {
      List<String> labels = new ArrayList<>();
      for (YamlValue item : entry.value().list(entry.key(), "[0, 1]")) {
        labels.add(item.text(entry.key(), "0"));
      }
      values.add(String.join(",", labels));
    } else if (key == JobKey.NET && entry.value().isList()) {
      List<String> layers = new ArrayList<>();
      for (YamlValue item : entry.value().list(entry.key(), "[conv 32 5x5, relu, max-pool 2]")) {
        layers.add(item.text(entry.key(), "relu"));
      }
      values.add(String.join(", ", layers));
    } else {
      values.add(entry.value().text(entry.key(), example));
    }
    return new Setting(key, values, entry.value().where() + " " + entry.key(), folder);
  }
}
