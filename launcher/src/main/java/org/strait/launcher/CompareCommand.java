package org.strait.launcher;

import com.google.gson.JsonObject;
import java.io.IOException;
import java.nio.file.Path;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.strait.engine.topology.DataCenter;
import org.strait.launcher.config.Job;
import org.strait.launcher.config.JobFile;
import org.strait.launcher.config.JobKey;
import org.strait.launcher.config.JobResolver;
import org.strait.launcher.config.Only;
import org.strait.launcher.config.Settings;
import org.strait.launcher.config.UserMistake;
import org.strait.launcher.record.JsonFiles;
import org.strait.launcher.record.RunFolder;
import org.strait.launcher.report.Comparison;
import org.strait.launcher.report.ComparisonPage;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/// `strait compare`: what a training over all data centres is worth. The same job is run three
/// ways, one after the other: over all, on all rows in one place, and in each data centre alone.
@Command(
    name = "compare",
    description = "Train together, on all rows in one place, and in each data centre alone.",
    footer = {
      "",
      "All models are judged on the same --test rows. The runs' folders, comparison.json and",
      "comparison.html are in --out DIR (default: runs/TIME-NAME-compared)."
    },
    sortOptions = false)
final class CompareCommand implements Callable<Integer> {
  @Parameters(
      arity = "0..1",
      paramLabel = "JOB.yaml",
      description = "job file; flags override what it says (docs/job-file.md)")
  private Path jobFile;

  @Mixin private final CommonOptions options;
  @Spec private CommandSpec spec;

  private final Wiring wiring;

  CompareCommand(CommonOptions options, Wiring wiring) {
    this.options = options;
    this.wiring = wiring;
  }

  @Override
  public Integer call() throws Exception {
    Settings flags = JobFlags.of(spec);
    JobFile file = jobFile == null ? JobFile.none() : JobFile.read(jobFile);
    Job together = JobResolver.resolve(new Settings(), file, flags);
    List<String> dcs =
        together.geography().topology().dcs().stream().map(DataCenter::name).toList();
    check(together, dcs);
    RunFolder folder =
        RunFolder.create(
            options.out(),
            together.name() + "-compared",
            LocalDateTime.now(ZoneId.systemDefault()));
    List<Comparison.Run> runs = new ArrayList<>();
    int status = add(runs, "together", together, folder.path().resolve("together"));
    List<String> places = new ArrayList<>();
    places.add(Only.ALL);
    places.addAll(dcs);
    for (int i = 0; i < places.size() && status == ExitStatus.DONE; i++) {
      String place = places.get(i);
      Settings only = new Settings().flag(JobKey.ONLY, List.of(place));
      Job job = JobResolver.resolve(new Settings(), file, flags.under(only));
      String what = i == 0 ? "all rows in one place" : place + " alone";
      status = add(runs, what, job, folder.path().resolve(i == 0 ? "one-place" : "alone-" + place));
    }
    if (status != ExitStatus.DONE) {
      return status;
    }
    Comparison comparison = new Comparison(together.name(), dcs, runs);
    Path json = folder.path().resolve("comparison.json");
    Path page = folder.path().resolve("comparison.html");
    JsonFiles.writeAtomically(json, JsonFiles.pretty(comparison.json()));
    JsonFiles.writeAtomically(page, ComparisonPage.render(comparison));
    if (options.json()) {
      options.json(comparison.json());
    } else {
      comparison.lines().forEach(options::say);
      options.say("");
      options.say("report  " + page);
      options.say("ledger  " + RunFolder.ledgers(folder.path().resolve("together")));
    }
    return status;
  }

  private static void check(Job job, List<String> dcs) {
    if (job.data().only().isPresent()) {
      throw new UserMistake("--only is what compare does itself", "leave it out");
    }
    if (dcs.size() < 2) {
      throw new UserMistake(
          "there is one data centre, so nothing to compare", "give --dcs, or several data files");
    }
    if (dcs.contains(Only.ALL)) {
      throw new UserMistake("a data centre is called " + Only.ALL, "give it another name");
    }
    if (job.data().test().isEmpty() || job.geography().here().isPresent()) {
      throw new UserMistake(
          job.data().test().isEmpty()
              ? "there are no rows to judge the models with"
              : "compare runs all data centres here, but --dc names one",
          job.data().test().isEmpty() ? "add --test FILE" : "leave --dc out");
    }
  }

  private int add(List<Comparison.Run> runs, String what, Job job, Path out)
      throws IOException, InterruptedException {
    options.progress("training: " + what);
    CommonOptions inner = CommonOptions.quiet(out, options.words());
    int status = new TrainingRun(wiring, inner, "train", Main.typed(spec)).run(job);
    if (status != ExitStatus.DONE) {
      options.complain("strait: the training \"" + what + "\" did not end well: see " + out);
      return status;
    }
    JsonObject record = JsonFiles.read(new RunFolder(out).record(), "a run record", "wan");
    runs.add(new Comparison.Run(what, Optional.of(out), record));
    return status;
  }
}
