package org.strait.launcher;

import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import org.strait.launcher.config.Job;
import org.strait.launcher.config.JobFile;
import org.strait.launcher.config.JobKey;
import org.strait.launcher.config.JobResolver;
import org.strait.launcher.config.Settings;
import org.strait.launcher.config.UserMistake;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/// `strait train`: one training run, from a job file, flags or both.
@Command(
    name = "train",
    description = "Train one model over the rows of several data centres.",
    sortOptions = false)
final class TrainCommand implements Callable<Integer> {
  @Parameters(
      arity = "0..1",
      paramLabel = "JOB.yaml",
      description = "job file; flags override what it says (docs/job-file.md)")
  private Path jobFile;

  @Mixin private final CommonOptions options;
  @Spec private CommandSpec spec;
  private final Wiring wiring;

  TrainCommand(CommonOptions options, Wiring wiring) {
    this.options = options;
    this.wiring = wiring;
  }

  @Override
  public Integer call() throws Exception {
    Settings flags = JobFlags.of(spec);
    JobFile file = JobFile.none();
    if (jobFile != null) {
      if (!isYaml(jobFile.toString())) {
        throw new UserMistake(
            jobFile + " is not a job file (.yaml)", "give rows with --data " + jobFile);
      }
      file = JobFile.read(jobFile);
    }
    Job job = JobResolver.resolve(new Settings(), file, flags);
    List<Path> files = job.data().files();
    if (flags.has(JobKey.DATA) && files.stream().anyMatch(path -> isYaml(path.toString()))) {
      throw new UserMistake(
          "--data: " + files.getLast().getFileName() + " looks like a job file",
          "write it before --data");
    }
    return new TrainingRun(wiring, options, "train", Main.typed(spec)).run(job);
  }

  private static boolean isYaml(String name) {
    return name.endsWith(".yaml") || name.endsWith(".yml");
  }
}
