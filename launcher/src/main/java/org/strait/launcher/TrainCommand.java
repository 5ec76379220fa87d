package org.strait.launcher;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.strait.launcher.config.Job;
import org.strait.launcher.config.JobFile;
import org.strait.launcher.config.JobKey;
import org.strait.launcher.config.JobResolver;
import org.strait.launcher.config.LaunchShape;
import org.strait.launcher.config.Settings;
import org.strait.launcher.config.UserMistake;
import org.strait.launcher.identity.Identity;
import org.strait.launcher.meet.Meeting;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
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

  @Option(
      names = "--rendezvous",
      paramLabel = "WHERE",
      description =
          "where the ranks that mpirun or the like started on several hosts meet: HOST:PORT of rank"
              + " 0, or a folder that all hosts share (docs/launching.md)")
  private String rendezvous;

  private final Wiring wiring;
  private final Surroundings around;

  TrainCommand(CommonOptions options, Wiring wiring, Surroundings around) {
    this.options = options;
    this.wiring = wiring;
    this.around = around;
  }

  @Override
  public Integer call() throws Exception {
    TrainingRun run = new TrainingRun(wiring, options, "train", Main.typed(spec));
    Optional<Identity> me = around.identity();
    if (me.isEmpty()) {
      return run.run(job(LaunchShape.own()));
    }
    around.endWithLauncher(Runtime.getRuntime()::halt);
    try (Meeting meeting = around.meeting(me.get(), Optional.ofNullable(rendezvous))) {
      LaunchedRank rank = new LaunchedRank(me.get(), around.command(), meeting, around.sharesJvm());
      return me.get().rank() == 0
          ? rank.lead(
              this::job, run, status -> around.lastWord(status).ifPresent(options::complain))
          : rank.follow(Runtime.getRuntime()::halt, options);
    }
  }

  private Job job(LaunchShape shape) throws IOException {
    Settings flags = JobFlags.of(spec);
    Optional<String> resume = flags.text(JobKey.RESUME);
    if (resume.isPresent()) {
      if (jobFile != null) {
        throw new UserMistake("--resume: the job is that of the run", "leave " + jobFile + " out");
      }
      return ResumedJob.of(resume.get(), flags);
    }
    JobFile file = JobFile.none();
    if (jobFile != null) {
      if (!isYaml(jobFile.toString())) {
        throw new UserMistake(
            jobFile + " is not a job file (.yaml)", "give rows with --data " + jobFile);
      }
      file = JobFile.read(jobFile);
    }
    Job job = JobResolver.resolve(new Settings(), file, flags, shape);
    List<Path> files = job.data().files();
    if (flags.has(JobKey.DATA) && files.stream().anyMatch(path -> isYaml(path.toString()))) {
      throw new UserMistake(
          "--data: " + files.getLast().getFileName() + " looks like a job file",
          "write it before --data");
    }
    return job;
  }

  private static boolean isYaml(String name) {
    return name.endsWith(".yaml") || name.endsWith(".yml");
  }
}
