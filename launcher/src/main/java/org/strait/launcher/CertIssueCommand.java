package org.strait.launcher;

import com.google.gson.JsonArray;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.Callable;
import org.strait.launcher.cert.Authority;
import org.strait.launcher.cert.CertificateFacts;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/// `strait cert issue`: a certificate and key for each data centre.
@Command(
    name = "issue",
    description = {
      "Issue certificate and key of data centres, from the authority in --out (default: pki).",
      "Bring NAME.crt, NAME.key and ca.crt to the gateway of NAME, and ca.key nowhere."
    })
final class CertIssueCommand implements Callable<Integer> {
  @Parameters(arity = "1..*", paramLabel = "NAME", description = "names of data centres")
  private List<String> dcs;

  @Option(names = "--days", description = "how long it is valid (default: ${DEFAULT-VALUE})")
  private int days = 365;

  @Option(names = "--renew", description = "a new certificate for the key that is there")
  private boolean renew;

  @Mixin private final CommonOptions options;

  CertIssueCommand(CommonOptions options) {
    this.options = options;
  }

  @Override
  public Integer call() throws Exception {
    CertInitCommand.checkDays(days);
    Path folder = options.out().orElse(CertInitCommand.FOLDER);
    Authority authority = Authority.open(folder);
    InstantSource clock = InstantSource.system();
    for (String dc : dcs) {
      authority.check(dc, renew);
    }
    JsonArray all = new JsonArray();
    for (String dc : dcs) {
      CertificateFacts facts =
          new CertificateFacts(
              folder.resolve(dc + ".crt"),
              authority.issue(dc, days, renew, clock),
              clock.instant());
      all.add(facts.json());
      options.say(facts.line());
    }
    if (options.json()) {
      options.json(all);
    }
    return ExitStatus.DONE;
  }
}
