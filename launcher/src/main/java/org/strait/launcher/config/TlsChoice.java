package org.strait.launcher.config;

import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.strait.engine.transport.tls.TlsFiles;

/// Whether gateways encrypt, and with which files. What is said on the command line goes before the
/// job file, and that before the topology. Launches of their own have to say: nobody should send
/// updates over the open internet by mistake.
final class TlsChoice {
  private static final List<JobKey> FILES = List.of(JobKey.TLS_CERT, JobKey.TLS_KEY, JobKey.TLS_CA);

  private final SettingValues values;
  private final Settings settings;
  private final LaunchShape shape;

  TlsChoice(SettingValues values, Settings settings, LaunchShape shape) {
    this.values = values;
    this.settings = settings;
    this.shape = shape;
  }

  /// Files of each data centre that this launch is for; empty for no encryption.
  ///
  /// @param described the topology
  /// @param inline what the job file says itself
  Map<String, TlsFiles> files(
      Described described, Described inline, List<String> names, Optional<String> here) {
    if (names.size() < 2) {
      onlyDc();
      return Map.of();
    }
    Map<String, TlsFiles> files = new HashMap<>();
    if (FILES.stream().anyMatch(settings::has)) {
      files.put(dcOfFiles(here), fromFlags());
      return files;
    }
    Optional<TlsPaths> all = Optional.empty();
    if (settings.has(JobKey.TLS)) {
      Setting setting = values.where(JobKey.TLS);
      all = Optional.of(TlsPaths.parse(setting.value().strip(), setting.folder()));
    } else if (inline.tls().isPresent()) {
      all = inline.tls();
    }
    for (String name : here.map(List::of).orElse(names)) {
      Optional<TlsPaths> paths = all.or(() -> ofDc(described, name)).or(described::tls);
      if (paths.isPresent() && paths.get().on()) {
        files.put(name, checked(paths.get().of(name), name));
      } else if (paths.isEmpty() && here.isPresent()) {
        throw new UserMistake(
            "nothing is said about encryption between " + name + " and the other data centres",
            "give --tls DIR with certificates (./strait cert makes them), or --tls off on a"
                + " private network");
      }
    }
    if (!files.isEmpty() && files.size() < names.size() && here.isEmpty()) {
      throw new UserMistake(
          "only " + String.join(", ", files.keySet()) + " would encrypt",
          "give certificates to all data centres, or tls: off to all");
    }
    return files;
  }

  /// Nothing leaves the only data centre, so whoever asks for encryption means something else.
  private void onlyDc() {
    for (JobKey key : FILES) {
      if (settings.has(key)) {
        throw values
            .where(key)
            .mistake(
                "there is only one data centre, so nothing travels that could be encrypted",
                "leave it out, or give several data centres (--topology, --dcs)");
      }
    }
  }

  private static Optional<TlsPaths> ofDc(Described described, String name) {
    return described.dcs().stream()
        .filter(dc -> dc.name().equals(name))
        .findFirst()
        .flatMap(Described.Dc::tls);
  }

  private String dcOfFiles(Optional<String> here) {
    JobKey first = FILES.stream().filter(settings::has).findFirst().orElseThrow();
    if (settings.has(JobKey.TLS)) {
      throw values.where(first).mistake("does not go with --tls", "keep one of both");
    }
    return here.orElseThrow(
        () ->
            values
                .where(first)
                .mistake(
                    "belongs to one data centre, but this launch is for all",
                    "add --dc NAME, or give --tls DIR with the certificates of all"));
  }

  private TlsFiles fromFlags() {
    for (JobKey key : FILES) {
      if (!settings.has(key)) {
        throw values
            .where(FILES.stream().filter(settings::has).findFirst().orElseThrow())
            .mistake("is given without " + key.flag(), "give --tls-cert, --tls-key and --tls-ca");
      }
    }
    return new TlsFiles(
        values.file(JobKey.TLS_CERT).orElseThrow(),
        values.file(JobKey.TLS_KEY).orElseThrow(),
        values.file(JobKey.TLS_CA).orElseThrow());
  }

  private TlsFiles checked(TlsFiles files, String dc) {
    for (Path path : List.of(files.certificate(), files.key(), files.authorities())) {
      if (shape.filesHere() && !path.toFile().canRead()) {
        throw new UserMistake(
            (path.toFile().exists() ? "cannot read " : "there is no file ")
                + path
                + ", which data centre "
                + dc
                + " needs for TLS",
            "make it: ./strait cert issue " + dc + " --out " + ShellWord.of(path.getParent()));
      }
    }
    return files;
  }
}
