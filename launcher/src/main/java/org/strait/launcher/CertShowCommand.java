package org.strait.launcher;

import com.google.gson.JsonArray;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.cert.X509Certificate;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import org.strait.engine.transport.tls.PemFile;
import org.strait.launcher.cert.CertificateFacts;
import org.strait.launcher.config.UserMistake;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/// `strait cert show`: what certificates say, and how many days they have left.
@Command(
    name = "show",
    description = "Show what certificates say and how many days they have left.")
final class CertShowCommand implements Callable<Integer> {
  @Parameters(
      arity = "0..*",
      paramLabel = "PEM|DIR",
      description = "files, or folders with *.crt (default: --out, or pki)")
  private List<Path> paths = new ArrayList<>();

  @Mixin private final CommonOptions options;

  CertShowCommand(CommonOptions options) {
    this.options = options;
  }

  @Override
  public Integer call() throws Exception {
    if (paths.isEmpty()) {
      paths.add(options.out().orElse(CertInitCommand.FOLDER));
    }
    InstantSource clock = InstantSource.system();
    JsonArray all = new JsonArray();
    for (Path path : paths) {
      for (Path file : Files.isDirectory(path) ? certificates(path) : List.of(path)) {
        for (X509Certificate certificate : read(file)) {
          CertificateFacts facts = new CertificateFacts(file, certificate, clock.instant());
          all.add(facts.json());
          options.say(facts.line());
        }
      }
    }
    if (options.json()) {
      options.json(all);
    }
    return ExitStatus.DONE;
  }

  private static List<X509Certificate> read(Path file) {
    try {
      return PemFile.certificates(file);
    } catch (IllegalArgumentException e) {
      throw UserMistake.of(e);
    }
  }

  private static List<Path> certificates(Path folder) throws IOException {
    try (Stream<Path> files = Files.list(folder)) {
      List<Path> found = files.filter(file -> file.toString().endsWith(".crt")).sorted().toList();
      if (found.isEmpty()) {
        throw new UserMistake("there is no *.crt in " + folder, "make one: ./strait cert init");
      }
      return found;
    }
  }
}
