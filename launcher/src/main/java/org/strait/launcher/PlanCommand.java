package org.strait.launcher;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.strait.launcher.config.Job;
import org.strait.launcher.config.JobFile;
import org.strait.launcher.config.JobKey;
import org.strait.launcher.config.JobResolver;
import org.strait.launcher.config.Settings;
import org.strait.launcher.config.UserMistake;
import org.strait.launcher.plan.Forecasts;
import org.strait.launcher.record.JsonFiles;
import org.strait.launcher.record.RunFolder;
import org.strait.launcher.report.HtmlReport;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/// `strait plan`: what a job would send, take and cost, each way of doing it.
@Command(
    name = "plan",
    description = {
      "Forecast bytes, time and cost of a job, for each way of doing it, and say which to take.",
      "Tries every way on a sample of the rows, on this machine."
    },
    sortOptions = false)
final class PlanCommand implements Callable<Integer> {
  @Parameters(
      arity = "0..1",
      paramLabel = "JOB.yaml",
      description = "job file; flags override what it says (docs/job-file.md)")
  private Path jobFile;

  @Option(
      names = "--after",
      paramLabel = "RUN_DIR",
      description = "compare with what a run of this job took, also in its record and report")
  private Path after;

  @Mixin private final CommonOptions options;
  @Spec private CommandSpec spec;
  private final Wiring wiring;

  PlanCommand(CommonOptions options, Wiring wiring) {
    this.options = options;
    this.wiring = wiring;
  }

  @Override
  public Integer call() throws Exception {
    Settings flags = JobFlags.of(spec);
    if (flags.has(JobKey.RESUME)) {
      throw new UserMistake("--resume: a plan is made before a run", "leave it out");
    }
    JobFile file = jobFile == null ? JobFile.none() : JobFile.read(jobFile);
    Job job = JobResolver.resolve(new Settings(), file, flags);
    if (job.geography().here().isPresent()) {
      throw new UserMistake(
          "--dc: a plan tries all data centres on this machine",
          "leave it out, and give a file for each, or a sample of its rows");
    }
    JsonObject record =
        after == null
            ? null
            : JsonFiles.read(
                new RunFolder(after.toAbsolutePath().normalize()).record(),
                "a run record",
                "wan",
                "config",
                "seconds");
    RunFolder folder =
        RunFolder.create(
            options.out(), "plan-" + job.name(), LocalDateTime.now(ZoneId.systemDefault()));
    options.folder(folder);
    Optional<String> also =
        Optional.ofNullable(record)
            .map(run -> run.getAsJsonObject("config").get("solver").getAsString());
    Forecasts forecasts = Forecasts.of(job, folder.path(), also, this::pilot, options::progress);
    JsonObject json = forecasts.json();
    if (record != null) {
      JsonObject compared = forecasts.compared(record);
      json.add("compared", compared);
      record.add("forecast", compared);
      RunFolder run = new RunFolder(after.toAbsolutePath().normalize());
      JsonFiles.writeAtomically(run.record(), JsonFiles.pretty(record));
      JsonFiles.writeAtomically(run.report(), HtmlReport.render(record));
    }
    Path plan = folder.path().resolve("plan.json");
    JsonFiles.writeAtomically(plan, JsonFiles.pretty(json));
    if (options.json()) {
      options.json(json);
    } else {
      forecasts.lines().forEach(options::say);
      if (record != null) {
        tell(json.getAsJsonObject("compared"));
      }
      options.say("plan  " + plan);
    }
    return ExitStatus.DONE;
  }

  private void tell(JsonObject compared) {
    for (Map.Entry<String, JsonElement> entry : compared.entrySet()) {
      if (entry.getValue().isJsonObject()) {
        JsonObject one = entry.getValue().getAsJsonObject();
        options.say(
            String.format(
                Locale.ROOT,
                "  %-8s forecast %.4g, was %.4g%s",
                entry.getKey(),
                one.get("forecast").getAsDouble(),
                one.get("was").getAsDouble(),
                one.has("times")
                    ? String.format(Locale.ROOT, ", %.2f times", one.get("times").getAsDouble())
                    : ""));
      }
    }
  }

  /// Trains on the sample, and keeps its words to itself unless it fails.
  private JsonObject pilot(Job job, Path out) throws IOException, InterruptedException {
    ByteArrayOutputStream said = new ByteArrayOutputStream();
    PrintStream stream = new PrintStream(said, true, StandardCharsets.UTF_8);
    CommonOptions quiet = CommonOptions.quiet(out, stream);
    int status = new TrainingRun(wiring, quiet, "train", "strait plan").run(job);
    if (status != ExitStatus.DONE && status != ExitStatus.TARGET_UNMET) {
      throw new UserMistake(
          "a trial with --solver "
              + job.method().solver()
              + " failed: "
              + said.toString(StandardCharsets.UTF_8).strip().replaceAll("\\s*\\R\\s*", " "),
          "see " + out);
    }
    return JsonFiles.read(new RunFolder(out).record(), "a run record", "wan", "seconds");
  }
}
