package org.strait.launcher;

import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import org.strait.launcher.config.UserMistake;
import org.strait.launcher.record.JsonFiles;
import org.strait.launcher.record.LedgerCheck;
import org.strait.launcher.record.RunFolder;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/// `strait audit`: checks the ledgers of a run and sums them.
@Command(
    name = "audit",
    description = "Check what left each data centre of a run, message by message.",
    sortOptions = false)
final class AuditCommand implements Callable<Integer> {
  @Parameters(paramLabel = "RUN_DIR", description = "folder of the run")
  private Path runDir;

  @Mixin private final CommonOptions options;

  AuditCommand(CommonOptions options) {
    this.options = options;
  }

  @Override
  public Integer call() throws Exception {
    Path folder = runDir.toAbsolutePath().normalize();
    if (!Files.isDirectory(RunFolder.ledgers(folder))) {
      throw new UserMistake(
          folder + " has no ledgers", "give the folder of a run of several data centres");
    }
    Path record = new RunFolder(folder).record();
    if (!Files.exists(record)) {
      throw new UserMistake(
          folder + " has ledgers, but no run.json to compare them with",
          "audit a run whose launcher was not killed");
    }
    JsonObject audit =
        LedgerCheck.of(folder, JsonFiles.read(record, "a run record", "wan", "config"));
    boolean right = audit.get("right").getAsBoolean();
    if (options.json()) {
      options.json(audit);
    } else {
      tell(audit);
    }
    return right ? ExitStatus.DONE : ExitStatus.AUDIT_FAILED;
  }

  private void tell(JsonObject audit) {
    audit
        .getAsJsonArray("ledgers")
        .forEach(
            element -> {
              JsonObject ledger = element.getAsJsonObject();
              options.say(
                  String.format(
                      "%-28s %8d lines  %s",
                      ledger.get("file").getAsString(),
                      ledger.get("lines").getAsLong(),
                      ledger.get("verdict").getAsString()));
            });
    options.say(String.format("%-28s %10s %14s", "link, kind", "messages", "bytes"));
    audit
        .getAsJsonArray("sums")
        .forEach(
            element -> {
              JsonObject sum = element.getAsJsonObject();
              options.say(
                  String.format(
                      "%-28s %10d %14d",
                      sum.get("from").getAsString()
                          + " to "
                          + sum.get("to").getAsString()
                          + ", "
                          + sum.get("kind").getAsString(),
                      sum.get("messages").getAsLong(),
                      sum.get("bytes").getAsLong()));
            });
    JsonArray problems = audit.getAsJsonArray("problems");
    if (problems.isEmpty()) {
      boolean rows =
          audit.getAsJsonArray("sums").asList().stream()
              .anyMatch(sum -> sum.getAsJsonObject().get("kind").getAsString().equals("rows"));
      options.say(
          "ledgers are whole and agree with run.json; "
              + (rows
                  ? "ROWS LEFT their data centres, in the messages of kind rows above"
                  : "no kind of message in them carries rows"));
    }
    problems.forEach(problem -> options.complain("strait: " + problem.getAsString()));
  }
}
