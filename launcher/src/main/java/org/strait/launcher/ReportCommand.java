package org.strait.launcher;

import com.google.gson.JsonObject;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import org.strait.launcher.config.UserMistake;
import org.strait.launcher.record.JsonFiles;
import org.strait.launcher.record.RunFolder;
import org.strait.launcher.report.HtmlReport;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/// `strait report`: writes report.html again from run.json.
@Command(name = "report", description = "Write the report of a run again from its run.json.")
final class ReportCommand implements Callable<Integer> {
  @Parameters(paramLabel = "RUN_DIR", description = "folder of the run")
  private Path runDir;

  @Mixin private final CommonOptions options;

  ReportCommand(CommonOptions options) {
    this.options = options;
  }

  @Override
  public Integer call() throws Exception {
    if (!Files.isDirectory(runDir)) {
      throw new UserMistake("there is no folder " + runDir, "give the folder of a run");
    }
    RunFolder run = new RunFolder(runDir.toAbsolutePath().normalize());
    JsonObject record = JsonFiles.read(run.record(), "a run record", "wan", "config");
    Path report = run.report();
    if (options.out().isPresent()) {
      report =
          new RunFolder(Files.createDirectories(options.out().get()).toAbsolutePath()).report();
    }
    JsonFiles.writeAtomically(report, HtmlReport.render(record));
    if (options.json()) {
      JsonObject json = new JsonObject();
      json.addProperty("command", "report");
      json.addProperty("report", report.toString());
      options.json(json);
    } else {
      options.say("report  " + report);
    }
    return ExitStatus.DONE;
  }
}
