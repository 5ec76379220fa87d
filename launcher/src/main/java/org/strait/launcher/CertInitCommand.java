package org.strait.launcher;

import java.nio.file.Path;
import java.time.InstantSource;
import java.util.concurrent.Callable;
import org.strait.launcher.cert.Authority;
import org.strait.launcher.cert.CertificateFacts;
import org.strait.launcher.config.ShellWord;
import org.strait.launcher.config.UserMistake;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/// `strait cert init`: a private authority in a folder.
@Command(
    name = "init",
    description = {
      "Make a private authority in the folder --out (default: pki).",
      "Whoever has its key (ca.key) can speak for any data centre: keep it off the gateways."
    })
final class CertInitCommand implements Callable<Integer> {
  static final Path FOLDER = Path.of("pki");
  private static final int MOST_DAYS = 36_500;

  @Option(names = "--name", description = "name of the authority (default: ${DEFAULT-VALUE})")
  private String name = "strait authority";

  @Option(names = "--days", description = "how long it is valid (default: ${DEFAULT-VALUE})")
  private int days = 3650;

  @Mixin private final CommonOptions options;

  CertInitCommand(CommonOptions options) {
    this.options = options;
  }

  @Override
  public Integer call() throws Exception {
    checkDays(days);
    if (name.isBlank()) {
      throw new UserMistake("--name is empty", "give the authority a name");
    }
    Path folder = options.out().orElse(FOLDER);
    InstantSource clock = InstantSource.system();
    Authority made = Authority.init(folder, name, days, clock);
    CertificateFacts facts =
        new CertificateFacts(folder.resolve("ca.crt"), made.certificate(), clock.instant());
    if (options.json()) {
      options.json(facts.json());
    } else {
      options.say(facts.line());
      options.say("next: ./strait cert issue NAME… --out " + ShellWord.of(folder));
    }
    return ExitStatus.DONE;
  }

  static void checkDays(int days) {
    if (days < 1 || days > MOST_DAYS) {
      throw new UserMistake("--days: " + days + " is out of range", "give 1 to " + MOST_DAYS);
    }
  }
}
