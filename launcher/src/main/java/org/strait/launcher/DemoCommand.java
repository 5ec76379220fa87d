package org.strait.launcher;

import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.strait.launcher.config.Job;
import org.strait.launcher.config.JobFile;
import org.strait.launcher.config.JobKey;
import org.strait.launcher.config.JobResolver;
import org.strait.launcher.config.Settings;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/// `strait demo`: pretend data centres on this machine, an emulated WAN, generated rows, and the
/// same training without compression to compare.
@Command(
    name = "demo",
    description =
        "See it work: three data centres on this machine, an emulated WAN, generated rows.",
    sortOptions = false)
final class DemoCommand implements Callable<Integer> {
  @Mixin private final CommonOptions options;
  @Spec private CommandSpec spec;
  private final Wiring wiring;

  DemoCommand(CommonOptions options, Wiring wiring) {
    this.options = options;
    this.wiring = wiring;
  }

  /// What the demo sets where the command line does not.
  private static Settings preset(Settings flags) {
    Settings preset =
        new Settings()
            .flag(JobKey.NAME, List.of("demo"))
            .flag(JobKey.RANKS, List.of("2"))
            .flag(JobKey.WAN, List.of("demo"))
            .flag(JobKey.REFERENCE, List.of("true"))
            .flag(JobKey.TOLERANCE, List.of("1e-3"))
            .flag(JobKey.L2, List.of("1e-4"));
    if (!flags.has(JobKey.DATA) && !flags.has(JobKey.TOPOLOGY)) {
      preset.flag(JobKey.DCS, List.of("3"));
    }
    if (!flags.has(JobKey.DATA) && !flags.has(JobKey.ROWS)) {
      preset.flag(JobKey.ROWS, List.of("200000"));
    }
    return preset;
  }

  @Override
  public Integer call() throws Exception {
    Settings flags = JobFlags.of(spec);
    Optional<String> resume = flags.text(JobKey.RESUME);
    Job job =
        resume.isPresent()
            ? ResumedJob.of(resume.get(), flags)
            : JobResolver.resolve(preset(flags), JobFile.none(), flags);
    return new TrainingRun(wiring, options, "demo", Main.typed(spec)).run(job);
  }
}
