package org.strait.launcher.worker;

import com.google.gson.JsonObject;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Locale;
import java.util.Optional;
import org.strait.engine.Averager;
import org.strait.engine.CentralizedTrainer;
import org.strait.engine.Checkpoints;
import org.strait.engine.ConvexTrainer;
import org.strait.engine.ExactSums;
import org.strait.engine.FrugalTrainer;
import org.strait.engine.LocalTrainer;
import org.strait.engine.RowShipment;
import org.strait.engine.Session;
import org.strait.engine.Support;
import org.strait.engine.SupportAgreement;
import org.strait.engine.Trainer;
import org.strait.engine.TrainingReport;
import org.strait.engine.TrainingState;
import org.strait.engine.adapt.Adapt;
import org.strait.engine.adapt.Decision;
import org.strait.engine.checkpoint.CheckpointFolder;
import org.strait.engine.data.Shard;
import org.strait.engine.ledger.Ledger;
import org.strait.engine.ledger.MessageKind;
import org.strait.engine.metrics.History;
import org.strait.engine.metrics.Metrics;
import org.strait.engine.model.Replica;
import org.strait.engine.optim.Metric;
import org.strait.engine.optim.Optimizer;
import org.strait.engine.optim.Optimizers;
import org.strait.engine.topology.Topology;
import org.strait.launcher.config.Job;
import org.strait.launcher.config.UserMistake;
import org.strait.launcher.record.RunFolder;
import org.strait.memory.Floats;
import org.strait.memory.HostMemory;

/// The trainings of one rank, one after the other in one session: by steps, by steps of each data
/// centre's own, or by a solver that holds the loop.
final class Phases {
  private final Job job;
  private final Plan plan;
  private final RankPlace place;
  private final Session session;
  private final SupportAgreement.Agreed agreed;
  private final long rowsOfAll;
  private final DcAgreement agreement;
  private final Ledger ledger;
  private final Events events;
  private final Topology topology;
  private final int rank;
  private final boolean gateway;
  private long resumedRound;
  private RowShipment.Shipped shipped;
  private long shipNanos;

  /// How one training ended.
  ///
  /// @param work of a solver that holds the loop; null for others
  record Outcome(
      TrainingReport report,
      History history,
      LinkCount links,
      String solver,
      String exchange,
      ConvexTrainer.Work work) {}

  /// @param agreed which features travel
  /// @param rowsOfAll rows of all data centres
  /// @param agreement with data centres that have launches of their own
  Phases(
      Job job,
      Plan plan,
      RankPlace place,
      Session session,
      SupportAgreement.Agreed agreed,
      long rowsOfAll,
      DcAgreement agreement,
      Ledger ledger,
      Events events) {
    this.job = job;
    this.plan = plan;
    this.place = place;
    this.session = session;
    this.agreed = agreed;
    this.rowsOfAll = rowsOfAll;
    this.agreement = agreement;
    this.ledger = ledger;
    this.events = events;
    topology = job.geography().topology();
    rank = session.rank();
    gateway = topology.isGateway(rank);
  }

  /// Rows were sent to one data centre, which trains.
  ///
  /// @param rows what became of this rank's; null if none were sent
  /// @param sinceNanos when that began
  void shipped(RowShipment.Shipped rows, long sinceNanos) {
    shipped = rows;
    shipNanos = sinceNanos;
  }

  /// The round after which the main training went on; 0 if it began anew.
  long resumedRound() {
    return resumedRound;
  }

  /// One training from zero weights to its end.
  ///
  /// @param replica of this data centre's coordinates
  /// @param whole of all features: the same, unless only shared ones travel
  Outcome run(
      String name,
      String exchange,
      String metricExchange,
      Replica replica,
      Replica whole,
      Shard shard,
      Progress progress,
      HostMemory parent) {
    long n = replica.weights().length();
    Support support = whole == replica ? null : agreed.support();
    long shared = support == null ? n : support.shared();
    long travels = Math.max(1, shared); // of none only scalars travel
    LinkCount links = new LinkCount(session, agreement, name.equals("main"));
    History history = new History();
    if (shipped != null) {
      return centralized(replica, progress, links, history);
    }
    if (plan.convex()) {
      return convex(name, replica, shard, progress, links, history);
    }
    if (job.method().local().isPresent()) {
      return local(name, exchange, replica, whole, shard, progress, links, parent);
    }
    try (HostMemory memory = parent.child(name)) {
      Metric metric = new Metric(n, memory, session.backend().dense());
      boolean usesMetric = Optimizers.usesMetric(plan.solver());
      boolean main = name.equals("main");
      boolean comesBack = main && place.life() > 1;
      boolean resumes = comesBack || (main && job.safety().resume().isPresent());
      if (!main) {
        ledger.phase(name);
      }
      if (main) {
        links.add("features", agreed.links());
      }
      SupportAgreement own = new SupportAgreement(session, memory);
      if (usesMetric && (!resumes || support != null)) {
        Floats diagonal = memory.floats(n);
        replica.addSquares(shard.all(), diagonal);
        if (support != null) {
          own.averageOwn(support, diagonal, (double) rowsOfAll);
        }
        if (!resumes) {
          try (Averager averager = session.averager(travels, metricExchange)) {
            averager.averageRows(diagonal.slice(0, shared), shard.rows());
            links.add("metric", averager);
          }
        }
        metric.set(diagonal, job.objective().l2());
      }
      Optimizer optimizer =
          support == null
              ? Optimizers.named(plan.solver(), n, metric, plan.steps(), session.backend(), memory)
              : Optimizers.split(plan.solver(), n, shared, metric, session.backend(), memory);
      try (Averager averager = session.averager(travels, exchange, main)) {
        if (main && job.method().adapt().on()) {
          Adapt adapt = job.method().adapt().adapt().telling(this::decided);
          session.adapt(averager, adapt, System::nanoTime);
        }
        if (usesMetric) {
          averager.travelScaled(metric.travelScale());
        }
        Trainer trainer =
            new Trainer(
                session,
                shard,
                replica,
                averager,
                optimizer,
                plan.training(),
                told(history, progress),
                System::nanoTime,
                links.bytesBefore());
        if (support != null) {
          trainer.split(
              support,
              (double) rowsOfAll,
              () -> links.add("weights", own.gather(support, replica.weights(), whole.weights())));
        }
        if (main) {
          TrainingState state =
              new TrainingState(
                  session,
                  plan.state() + " " + rowsOfAll + features(support),
                  replica,
                  shard,
                  optimizer,
                  usesMetric ? metric : null,
                  averager);
          trainer.keep(checkpoints(comesBack, support == null ? state : state.sharing(shared)));
        }
        TrainingReport report = trainer.run();
        history.recordLast(trainer.lastStep());
        links.add("gradient", averager);
        links.add("sample", averager.sampleLinks());
        settle(name, links);
        return new Outcome(report, history, links, optimizer.name(), averager.name(), null);
      }
    }
  }

  /// One training by a solver that holds the loop.
  private Outcome convex(
      String name,
      Replica replica,
      Shard shard,
      Progress progress,
      LinkCount links,
      History history) {
    if (!name.equals("main")) {
      ledger.phase(name);
    }
    if (plan.solver().equals(FrugalTrainer.NAME)) {
      return frugal(name, replica, shard, progress, links, history);
    }
    try (ExactSums sums = session.exactSums(replica.weights().length())) {
      ConvexTrainer trainer =
          new ConvexTrainer(
              session,
              shard,
              replica,
              sums,
              plan.solver(),
              job.objective().l1(),
              plan.training(),
              told(history, progress),
              System::nanoTime,
              links.bytesBefore());
      TrainingReport report = trainer.run();
      history.recordLast(trainer.lastStep());
      links.add("gradient", sums.links());
      settle(name, links);
      String exchange =
          topology.dcs().size() == 1
              ? "local"
              : (job.method().route().equals("mesh") ? "mesh" : "hub")
                  + " dense, summed in float64";
      return new Outcome(report, history, links, trainer.name(), exchange, trainer.work());
    }
  }

  /// One training through a hub, by few bytes.
  private Outcome frugal(
      String name,
      Replica replica,
      Shard shard,
      Progress progress,
      LinkCount links,
      History history) {
    FrugalTrainer trainer =
        new FrugalTrainer(
            session,
            shard.data(),
            replica,
            plan.training(),
            told(history, progress),
            System::nanoTime,
            links.bytesBefore());
    TrainingReport report = trainer.run();
    history.recordLast(trainer.lastStep());
    links.add("features", trainer.links(MessageKind.FEATURES));
    links.add("gradient", trainer.links(MessageKind.STEP));
    links.add("weights", trainer.links(MessageKind.WEIGHTS));
    settle(name, links);
    if (gateway && Double.isFinite(trainer.provenGap())) {
      events.note(
          String.format(
              Locale.ROOT,
              "%s: at most %.1e above the minimum, relative to it, by strong convexity",
              name,
              trainer.provenGap()));
    }
    return new Outcome(report, history, links, trainer.name(), trainer.exchange(), trainer.work());
  }

  /// One training in the data centre that has got all rows.
  private Outcome centralized(
      Replica replica, Progress progress, LinkCount links, History history) {
    CentralizedTrainer trainer =
        new CentralizedTrainer(
            session,
            shipped,
            replica,
            plan.training(),
            told(history, progress),
            System::nanoTime,
            shipNanos,
            links.bytesBefore());
    TrainingReport report = trainer.run();
    history.recordLast(trainer.lastStep());
    links.add("counts", shipped.counts());
    links.add("rows", shipped.pieces());
    links.rowsSent(shipped.sent());
    trainer.links().forEach(counts -> links.add("weights", counts));
    settle("main", links);
    return new Outcome(
        report, history, links, trainer.name(), "rows to one data centre", trainer.work());
  }

  /// One training by local steps.
  private Outcome local(
      String name,
      String exchange,
      Replica replica,
      Replica whole,
      Shard shard,
      Progress progress,
      LinkCount links,
      HostMemory parent) {
    boolean main = name.equals("main");
    if (!main) {
      ledger.phase(name);
    } else {
      links.add("features", agreed.links());
    }
    Support support = whole == replica ? null : agreed.support();
    long n = replica.weights().length();
    long common = support == null ? n : replica.model().parameters(support.shared()).length();
    History history = new History();
    try (HostMemory memory = parent.child(name)) {
      Optimizer optimizer =
          Optimizers.named(plan.solver(), n, null, plan.steps(), session.backend(), memory);
      try (LocalTrainer trainer =
          new LocalTrainer(
              session,
              shard,
              replica,
              common,
              support != null,
              optimizer,
              job.method().local().orElseThrow(),
              exchange,
              plan.training(),
              told(history, progress),
              System::nanoTime,
              links.bytesBefore())) {
        if (support != null) {
          SupportAgreement own = new SupportAgreement(session, memory);
          long first = replica.model().parameters(0).length();
          trainer.atEnd(
              () ->
                  links.add(
                      "weights", own.gather(support, first, replica.weights(), whole.weights())));
        }
        if (name.equals("main") && job.method().adapt().on()) {
          refuseResume();
          trainer.adapt(job.method().adapt().adapt().telling(this::decided));
        } else if (name.equals("main")) {
          trainer.keep(
              folder(place.out()), every(), plan.state() + " " + rowsOfAll + features(support));
          Optional<Path> resume = job.safety().resume();
          if (resume.isPresent()) {
            goesOn(trainer.resume(folder(resume.get()), events::note));
          }
        }
        TrainingReport report = trainer.run();
        history.recordLast(trainer.lastStep());
        links.add("sample", trainer.sampleLinks());
        trainer.links().forEach(counts -> links.add("gradient", counts));
        settle(name, links);
        return new Outcome(report, history, links, optimizer.name(), trainer.exchange(), null);
      }
    }
  }

  private static String features(Support support) {
    return support == null ? "" : " features " + support.digest();
  }

  /// Counts what has left, when everything has.
  private void settle(String name, LinkCount links) {
    session.quietly(
        () -> {
          session.drain();
          links.end();
          for (int to = 0; to < topology.dcs().size(); to++) {
            if (links.tlsBytes(to) > 0) {
              ledger.sent(to, MessageKind.TLS, 0, links.tlsBytes(to));
            }
          }
          ledger.phase("after " + name);
        });
  }

  private Checkpoints checkpoints(boolean comesBack, TrainingState state) {
    Optional<Path> resume = job.safety().resume();
    Checkpoints checkpoints =
        new Checkpoints(state, folder(place.out()), every(), System::nanoTime);
    if (comesBack) {
      goesOnAfter(state.comeBack());
    } else if (resume.isPresent()) {
      goesOn(checkpoints.resume(folder(resume.get()), events::note));
    }
    return checkpoints;
  }

  /// Local steps whose settings adapt keep no checkpoints: what adapts is not part of their state.
  private void refuseResume() {
    if (job.safety().resume().isPresent()) {
      throw new UserMistake(
          "--resume: a run with --local-steps and --adapt keeps no checkpoints",
          "start it anew, or leave out --adapt");
    }
    if (rank == job.geography().firstRank()) {
      events.note("no checkpoints are kept: local steps whose settings adapt have none");
    }
  }

  private Checkpoints.Every every() {
    return new Checkpoints.Every(job.safety().checkpointRounds(), job.safety().checkpointSeconds());
  }

  private CheckpointFolder folder(Path run) {
    String dc = topology.gatewayName(rank);
    return new CheckpointFolder(RunFolder.checkpoints(run), dc);
  }

  /// A run goes on that was ended.
  private void goesOn(long round) {
    long bound = plan.training().maxRounds();
    if (round >= bound) {
      throw new UserMistake(
          "--resume: the run has "
              + round
              + " rounds already (last checkpoint), the bound is "
              + bound,
          "give --rounds above " + round + ", or take the model that it has written");
    }
    goesOnAfter(round);
  }

  private void goesOnAfter(long round) {
    resumedRound = round;
    if (gateway) {
      String dc = topology.dcs().get(topology.dcOf(rank)).name();
      events.note(dc + " goes on after round " + round);
    }
  }

  /// Tells what came of a sample: all data centres say the same, one of a launch writes it down.
  private void decided(Decision decision) {
    if (rank != job.geography().firstRank()) {
      return;
    }
    JsonObject json = Json.decision(decision);
    try {
      Files.writeString(
          RunFolder.metrics(place.out()),
          json + "\n",
          StandardOpenOption.CREATE,
          StandardOpenOption.APPEND);
    } catch (IOException e) {
      events.note("cannot write metrics.jsonl (" + e.getMessage() + ")");
    }
    JsonObject event = events.event(Events.ADAPT);
    event.add("decision", json);
    event.addProperty("show", decision.poor() || decision.changes());
    event.addProperty("line", decision.line());
    events.send(event);
  }

  private Metrics told(History history, Progress progress) {
    return step -> {
      history.record(step);
      events.round(step.round());
      if (gateway) {
        progress.record(step);
      }
    };
  }
}
