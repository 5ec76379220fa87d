package org.strait.launcher;

import com.google.gson.JsonObject;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import org.strait.engine.rendezvous.MemoryStore;
import org.strait.engine.topology.DataCenter;
import org.strait.engine.transport.ConnectOptions;
import org.strait.kernels.Backends;
import org.strait.kernels.calibration.Calibration;
import org.strait.launcher.StoreHosts.Hosted;
import org.strait.launcher.calibrate.Calibrator;
import org.strait.launcher.config.Job;
import org.strait.launcher.config.JobJson;
import org.strait.launcher.config.UserMistake;
import org.strait.launcher.identity.Identity;
import org.strait.launcher.meet.LaunchedCrew;
import org.strait.launcher.meet.Leader;
import org.strait.launcher.progress.ProgressView;
import org.strait.launcher.progress.ProgressViews;
import org.strait.launcher.record.JsonFiles;
import org.strait.launcher.record.RunFolder;
import org.strait.launcher.record.RunLog;
import org.strait.launcher.record.RunRecord;
import org.strait.launcher.report.HtmlReport;
import org.strait.launcher.start.Crew;
import org.strait.launcher.start.Death;
import org.strait.launcher.start.Outcome;
import org.strait.launcher.start.RankSpec;
import org.strait.launcher.start.Silence;
import org.strait.launcher.start.StoreHost;
import org.strait.launcher.start.Supervisor;
import org.strait.launcher.summary.Heading;
import org.strait.launcher.summary.RunSummary;
import org.strait.launcher.worker.JobCheck;
import org.strait.launcher.worker.JobWork;
import org.strait.launcher.worker.RankPlace;
import org.strait.launcher.worker.Worker;

/// One training run: write the job, start the ranks, watch them, keep what they say, tell how it
/// ended.
final class TrainingRun {
  private static final Duration GRACE = Duration.ofSeconds(3);

  private final Wiring wiring;
  private final CommonOptions options;
  private final String command;
  private final String commandLine;
  private final String startedAt = DateTimeFormatter.ISO_OFFSET_DATE_TIME.format(now());

  TrainingRun(Wiring wiring, CommonOptions options, String command, String commandLine) {
    this.wiring = wiring;
    this.options = options;
    this.command = command;
    this.commandLine = commandLine;
  }

  private static ZonedDateTime now() {
    return ZonedDateTime.now(ZoneId.systemDefault()).withNano(0);
  }

  /// Runs the job with ranks of its own; returns the exit status.
  int run(Job job) throws IOException, InterruptedException {
    JobCheck.check(job);
    if (RankHere.suits(job)) {
      return here(job);
    }
    Stage stage = stage(job, "all on this machine", job.geography().ranksHere());
    try (StoreHost store = wiring.store().get()) {
      Supervisor supervisor = new Supervisor(stage.listener(), tell(store), GRACE);
      if (!job.safety().quorum().equals("all") && job.geography().topology().dcs().size() > 1) {
        supervisor.surviving();
      }
      try (Trial _ = new Trial(job.safety(), stage.listener(), supervisor, again(stage, store))) {
        return watch(stage, supervisor, () -> start(supervisor, stage, store));
      }
    }
  }

  /// Runs a job of one rank on a thread of this process.
  private int here(Job job) throws IOException, InterruptedException {
    Stage stage = stage(job, "in this process", 1);
    Path out = stage.folder().path();
    RankHere crew = new RankHere(stage.dcOfRank().getFirst(), stage.listener());
    return watch(
        stage,
        crew,
        () ->
            crew.start(
                () ->
                    Worker.runHere(
                        () -> job,
                        0,
                        1,
                        MemoryStore::new,
                        ConnectOptions.defaults().withToken("alone"),
                        new RankPlace(out, 1, false, RankPlace.figures(out)),
                        line -> stage.listener().output(0, line))));
  }

  /// Runs the job with the ranks of a launch that somebody else made, of which this process is rank
  /// 0; returns the exit status.
  ///
  /// @param sharesJvm whether other ranks are threads of the same JVM
  int lead(Job job, Leader leader, Identity me, boolean sharesJvm)
      throws IOException, InterruptedException {
    if (job.safety().kill().isPresent()) {
      throw new UserMistake(
          "--kill: the ranks were started by " + me.by(),
          "leave it out, or let train start the ranks itself");
    }
    Stage stage = stage(job, "started by " + me.by(), leader.ranksOn(me.host()));
    int size = me.size();
    int first = job.geography().firstRank();
    try (Hosted store = StoreHosts.open(leader.host())) {
      LaunchedCrew crew =
          new LaunchedCrew(
              size,
              first,
              rank ->
                  "rank "
                      + rank
                      + " ("
                      + stage.dcOfRank().get(rank)
                      + ") on "
                      + leader.host(rank - first),
              stage.listener(),
              tell(store),
              GRACE);
      ConnectOptions connect =
          ConnectOptions.defaults()
              .withBind(leader.host(), 0)
              .withHost(me.host())
              .withToken(Worker.connectToken(job, store.token()));
      return watch(
          stage,
          crew,
          () ->
              crew.begin(
                  leader,
                  LaunchedRank.welcome(job, store, stage.folder().path(), leader.ranksByHost()),
                  () ->
                      Worker.runHere(
                          () -> job,
                          0,
                          size,
                          store::local,
                          connect,
                          new RankPlace(
                              stage.folder().path(),
                              leader.ranksOn(me.host()),
                              sharesJvm,
                              RankPlace.figures(stage.folder().path())),
                          line -> stage.listener().output(first, line))));
    }
  }

  /// All that a run has before its ranks begin.
  private record Stage(
      Job job,
      RunFolder folder,
      List<String> dcOfRank,
      RunLog log,
      ProgressView view,
      TrainingListener listener) {}

  private Stage stage(Job job, String where, int ranksOnHost) throws IOException {
    RunFolder folder =
        RunFolder.create(options.out(), job.name(), LocalDateTime.now(ZoneId.systemDefault()));
    options.folder(folder);
    if (!job.safety().resume().equals(Optional.of(folder.path()))) {
      folder.forgetEarlier();
    }
    JsonFiles.writeAtomically(folder.job(), JsonFiles.pretty(JobJson.write(job)));
    Heading.lines(job, Main.version(), where, ranksOnHost).forEach(options::tell);
    calibrate(job, folder);
    List<String> dcOfRank = dcOfRank(job);
    RunLog log = new RunLog();
    ProgressView view =
        ProgressViews.of(
            options.progressKind(),
            options.words(),
            dcsHere(job),
            job.bound().rounds(),
            System::nanoTime);
    TrainingListener listener =
        new TrainingListener(dcOfRank, job.geography().ranksHere(), log, view, options.verbose());
    return new Stage(job, folder, dcOfRank, log, view, listener);
  }

  private static List<String> dcsHere(Job job) {
    return job.geography()
        .here()
        .map(List::of)
        .orElseGet(() -> dcOfRank(job).stream().distinct().toList());
  }

  private static Consumer<Death> tell(StoreHost store) {
    return death -> store.set(StoreHost.FAILURE, death.sentence());
  }

  private int watch(Stage stage, Crew crew, Runnable begin)
      throws IOException, InterruptedException {
    try (InterruptGuard _ = new InterruptGuard(crew::interrupt);
        Silence.Watch _ = stage.listener().silence().watch(crew::silent)) {
      stage.view().ready(0, stage.job().geography().ranksHere());
      begin.run();
      Outcome outcome = crew.await();
      stage.view().finish();
      return end(stage.job(), stage.log(), stage.folder(), outcome, stage.dcOfRank());
    }
  }

  /// Leaves figures of this machine in the run's folder, for all ranks, if the kernels are to be
  /// chosen and there are figures or the job is worth measuring.
  private void calibrate(Job job, RunFolder folder) throws IOException {
    if (!Backends.chooses(job.machine().backend()) || JobWork.plainFloat64(job)) {
      return;
    }
    Calibrator calibrator =
        Calibrator.real(Main.version(), line -> options.tell("  Backend    " + line));
    Optional<Calibration> figures = calibrator.forJob(JobWork.guess(job));
    if (figures.isPresent()) {
      JsonFiles.writeAtomically(RunFolder.calibration(folder.path()), figures.get().text());
    }
  }

  private void start(Supervisor supervisor, Stage stage, StoreHost store) {
    RunFolder folder = stage.folder();
    List<RankSpec> specs = specs(stage, store);
    try {
      supervisor.start(specs, folder.logs());
    } catch (IOException e) {
      throw new UserMistake(
          "cannot start the ranks: " + e.getMessage(), "check memory and limits of this machine");
    }
  }

  private List<RankSpec> specs(Stage stage, StoreHost store) {
    int first = stage.job().geography().firstRank();
    return wiring
        .ranks()
        .ranks(
            stage.dcOfRank().subList(first, first + stage.job().geography().ranksHere()),
            store,
            stage.folder().job(),
            stage.folder().path())
        .stream()
        .map(spec -> spec.withRank(first + spec.rank()))
        .toList();
  }

  /// Starts the ranks of a data centre in another life.
  private Trial.Again again(Stage stage, StoreHost store) {
    return (supervisor, dc) ->
        supervisor.again(
            specs(stage, store).stream()
                .filter(spec -> spec.dc().equals(dc))
                .map(spec -> spec.with(List.of("--life", "2")))
                .toList(),
            stage.folder().logs());
  }

  private static List<String> dcOfRank(Job job) {
    List<String> names = new ArrayList<>();
    for (DataCenter dc : job.geography().topology().dcs()) {
      names.addAll(Collections.nCopies(dc.ranks(), dc.name()));
    }
    return names;
  }

  private int end(Job job, RunLog log, RunFolder folder, Outcome outcome, List<String> dcOfRank)
      throws IOException {
    Verdict verdict = Verdict.of(job, log, outcome, dcOfRank, folder);
    JsonObject record =
        RunRecord.of(
            job,
            log,
            new RunRecord.Facts(command, Main.version(), commandLine, startedAt, folder),
            verdict.failure());
    record.addProperty("exitStatus", verdict.exitStatus());
    verdict.complaint().ifPresent(line -> options.complain("strait: " + line));
    try {
      JsonFiles.writeAtomically(folder.record(), JsonFiles.pretty(record));
      JsonFiles.writeAtomically(folder.report(), HtmlReport.render(record));
    } catch (FileSystemException e) {
      if (verdict.exitStatus() == ExitStatus.DONE) {
        throw e;
      }
      options.complain("  no record: " + UserMistake.of(e).getMessage());
    }
    outcome
        .firstDeath()
        .filter(death -> verdict.exitStatus() != ExitStatus.MISTAKE)
        .map(Death::lastLines)
        .ifPresent(lines -> lines.forEach(line -> options.complain("  | " + line)));
    if (options.json()) {
      options.json(record);
    } else if (verdict.failure().isEmpty()) {
      RunSummary.lines(record).forEach(options::say);
    } else if (verdict.exitStatus() != ExitStatus.MISTAKE) {
      options.complain("  partial record  " + folder.record());
    }
    return verdict.exitStatus();
  }

  /// How a run ended.
  ///
  /// @param complaint the line on standard error, if any
  /// @param failure what the record says; empty if all ranks ended well
  private record Verdict(
      int exitStatus, Optional<String> complaint, Optional<RunRecord.Failure> failure) {

    static Verdict of(
        Job job, RunLog log, Outcome outcome, List<String> dcOfRank, RunFolder folder) {
      if (outcome.interrupted()) {
        return failed(ExitStatus.INTERRUPTED, "interrupted; all ranks were ended", null);
      }
      Optional<JsonObject> mistake = log.firstError("user");
      if (mistake.isPresent()) {
        return failed(ExitStatus.MISTAKE, message(mistake.get()), null);
      }
      if (outcome.firstDeath().isPresent()) {
        return dead(log, outcome.firstDeath().get(), dcOfRank, folder);
      }
      if (!log.hasEnd()) {
        return failed(
            ExitStatus.BUG,
            "no rank reported an end, though all ended well; see " + folder.logs(),
            null);
      }
      if (RunRecord.modelsDiffer(log)) {
        return new Verdict(
            ExitStatus.MODELS_DIFFER,
            Optional.of("data centres ended with different models; please report this"),
            Optional.empty());
      }
      boolean unmet =
          job.bound().target().isPresent()
              && !(log.objective() <= job.bound().target().getAsDouble());
      return unmet
          ? new Verdict(
              ExitStatus.TARGET_UNMET,
              Optional.of(
                  "objective "
                      + log.objective()
                      + " is above --target "
                      + job.bound().target().getAsDouble()
                      + "; raise the bound, or choose another solver or exchange"),
              Optional.empty())
          : new Verdict(ExitStatus.DONE, Optional.empty(), Optional.empty());
    }

    private static Verdict dead(RunLog log, Death death, List<String> dcOfRank, RunFolder folder) {
      Optional<String> said = log.error(death.rank()).map(Verdict::message);
      String where = "; logs are in " + folder.logs();
      if (log.error(death.rank())
          .map(e -> e.get("kind").getAsString().equals("bug"))
          .orElse(false)) {
        return failed(ExitStatus.BUG, death.label() + " failed: " + said.orElse("") + where, null);
      }
      if (death.blamesPeer()) {
        return failed(
            ExitStatus.RANK_LOST,
            death.label() + " " + said.orElse("lost a peer") + goOn(folder) + where,
            null);
      }
      return failed(
          ExitStatus.RANK_LOST,
          death.sentence() + said.map(s -> ": " + s).orElse("") + goOn(folder) + where,
          dcOfRank.get(death.rank()));
    }

    /// How a run that has lost a rank can go on.
    private static String goOn(RunFolder folder) {
      try (DirectoryStream<Path> files =
          Files.newDirectoryStream(RunFolder.checkpoints(folder.path()), "*.checkpoint")) {
        if (files.iterator().hasNext()) {
          return "; go on with: strait train --resume " + folder.path();
        }
      } catch (IOException e) {
        // There are none then, or nobody can read them.
      }
      return "; no checkpoint was kept before that (--checkpoint-every): start it again";
    }

    private static String message(JsonObject error) {
      return error.get("message").getAsString().strip().replaceAll("\\s*\\R\\s*", " ");
    }

    private static Verdict failed(int status, String what, String lostDc) {
      return new Verdict(
          status,
          Optional.of(what),
          Optional.of(new RunRecord.Failure(what.split("; ", 2)[0], Optional.ofNullable(lostDc))));
    }
  }
}
