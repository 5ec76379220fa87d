package org.strait.launcher.worker;

import com.google.gson.JsonObject;
import java.io.IOException;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.strait.engine.RowShipment;
import org.strait.engine.Session;
import org.strait.engine.Support;
import org.strait.engine.SupportAgreement;
import org.strait.engine.TrainingReport;
import org.strait.engine.checkpoint.CheckpointException;
import org.strait.engine.data.Dataset;
import org.strait.engine.data.RowArchive;
import org.strait.engine.data.Shard;
import org.strait.engine.exchange.MemberChange;
import org.strait.engine.ledger.FileLedger;
import org.strait.engine.ledger.Ledger;
import org.strait.engine.ledger.MessageKind;
import org.strait.engine.model.FactorModel;
import org.strait.engine.model.Model;
import org.strait.engine.model.ModelFile;
import org.strait.engine.model.Models;
import org.strait.engine.model.Replica;
import org.strait.engine.rendezvous.Store;
import org.strait.engine.topology.DataCenter;
import org.strait.engine.topology.Topology;
import org.strait.engine.transport.ConnectOptions;
import org.strait.kernels.BackendUnavailableException;
import org.strait.launcher.config.Job;
import org.strait.launcher.config.UserMistake;
import org.strait.launcher.record.IdsFile;
import org.strait.launcher.record.RunFolder;
import org.strait.memory.Floats;
import org.strait.memory.HostMemory;

/// One rank's training, from its rows to its last event: the main run and, if asked, the same run
/// again with the uncompressed exchange over unshaped links, to compare.
final class RankJob {
  private final Job job;
  private final int rank;
  private RankPlace place;
  private final ConnectOptions connect;
  private final Store store;
  private final Events events;
  private final Topology topology;
  private final boolean gateway;
  private final boolean speaks;
  private final DcAgreement agreement;
  private Plan plan;
  private Ledger ledger = Ledger.NONE;
  private Path ledgerFile;
  private Phases phases;
  private ReturnDesk desk;
  private SupportAgreement.Agreed agreed;
  private RowShipment.Shipped shipped;
  private long shipNanos;
  private final long startNanos = System.nanoTime();

  /// @param rank among all ranks of the job
  /// @param connect addresses and the secret
  /// @param agreement with data centres that have launches of their own
  RankJob(
      Job job,
      int rank,
      RankPlace place,
      ConnectOptions connect,
      Store store,
      DcAgreement agreement,
      Events events) {
    this.job = job;
    this.rank = rank;
    this.place = place;
    this.connect = connect;
    this.agreement = agreement;
    this.store = store;
    this.events = events;
    topology = job.geography().topology();
    gateway = topology.isGateway(rank);
    speaks = topology.shardOf(rank) >= 0;
  }

  void run() throws BackendUnavailableException, IOException {
    String name = job.objective().model();
    Model.Targets targets = JobModel.targets(name);
    long limit = job.machine().memoryBytes().orElse(Long.MAX_VALUE);
    try (HostMemory memory = new HostMemory("rank " + rank, limit)) {
      events.phase("reading of rows");
      RankRows rows =
          RankRows.load(
              job,
              rank,
              Models.labels(name, targets, job.data().labels().orElse("auto")),
              targets != Model.Targets.REAL,
              store,
              agreement,
              memory,
              events::note);
      Model model = model(rows);
      if (rows.comesBack()) {
        place = place.again();
      }
      plan = Plan.of(job, rows.mostRows());
      events.phase("connecting");
      try (Ledger kept = ledger();
          Session session =
              Session.open(
                  topology,
                  rank,
                  store,
                  new RankSettings(job, plan, place, connect, rank).of(rows, kept, this::changed),
                  memory.child("session"));
          ReturnDesk _ = desk(session)) {
        agreed = agreeOnFeatures(session, rows, memory);
        Dataset local =
            agreed.support() == null ? rows.data() : agreed.support().local(rows.data(), memory);
        if (plan.solver().equals(ConvexJob.CENTRALIZED)) {
          events.phase("sending of rows");
          shipNanos = System.nanoTime();
          shipped = RowShipment.ship(session, rows.data(), site(), memory);
          local = shipped.rows();
        }
        try (Replica replica =
            Replica.over(
                session.floats(model.parameters(local.features()).length()),
                model,
                local.features(),
                local.rows(),
                session.backend(),
                memory)) {
          begin(replica, rows);
          events.phase(Events.ROUNDS);
          ready(session, rows);
          train(session, replica, rows, local, memory);
        }
      }
      if (ledger instanceof FileLedger file) {
        JsonObject ended = events.event("ledger");
        ended.addProperty("file", ledgerFile.getFileName().toString());
        ended.addProperty("chain", file.lastChain());
        events.send(ended);
      }
    }
  }

  /// Which features travel; in a life or a run that goes on, those that did.
  private SupportAgreement.Agreed agreeOnFeatures(
      Session session, RankRows rows, HostMemory memory) {
    String when = plan.support();
    if (when.equals("off")) {
      return new SupportAgreement.Agreed(null, null, "");
    }
    SupportAgreement agreement = new SupportAgreement(session, memory);
    int features = rows.data().features();
    Path file = supportFile(place.out());
    Optional<Path> resume = job.safety().resume();
    if (place.life() > 1 || resume.isPresent()) {
      SupportAgreement.Agreed before =
          agreement.goOn(place.life() > 1 ? file : supportFile(resume.get()), features);
      if (when.equals("on") && before.support() == null && topology.dcs().size() > 1) {
        throw new CheckpointException(
            "the run that is to go on has not kept which features travel: begin a new run, or go on"
                + " with --support off if that is how it began");
      }
      if (before.support() != null) {
        agreement.keep(before.support(), file);
      }
      return before;
    }
    SupportAgreement.Agreed made = agreement.agree(rows.data(), when.equals("on"));
    if (made.support() != null) {
      agreement.keep(made.support(), file);
      if (rank == job.geography().firstRank()) {
        events.note(made.support().line());
      }
    }
    return made;
  }

  /// Answers launches that come back; null where there can be none.
  private ReturnDesk desk(Session session) {
    if (session.gatewayListener().isEmpty()) {
      return null;
    }
    String closed = "";
    if (plan.convex() || job.method().local().isPresent()) {
      closed =
          "a training by "
              + (plan.convex() ? "solver " + plan.solver() : "local steps")
              + " lets nobody back in; begin it anew";
    } else if (!plan.support().equals("off")) {
      closed = "with --support a launch of its own cannot come back; begin the training anew";
    }
    desk =
        new ReturnDesk(
            job, session, session.gatewayListener().get(), connect, agreement, ledger, closed);
    return desk;
  }

  /// The data centre that gets the rows; -1 for the one with most.
  private int site() {
    return job.method()
        .site()
        .map(name -> topology.dcs().stream().map(DataCenter::name).toList().indexOf(name))
        .orElse(-1);
  }

  private Path supportFile(Path folder) {
    String dc = topology.dcs().get(topology.dcOf(rank)).name();
    return RunFolder.checkpoints(folder)
        .resolve(URLEncoder.encode(dc, StandardCharsets.UTF_8) + ".support");
  }

  /// The ledger of a gateway; the agreement of launches came before it.
  private Ledger ledger() throws IOException {
    if (!speaks || topology.dcs().size() == 1) {
      return ledger;
    }
    String dc = topology.dcs().get(topology.dcOf(rank)).name();
    Path folder = RunFolder.ledgers(place.out());
    String name =
        URLEncoder.encode(dc, StandardCharsets.UTF_8)
            + topology.gatewayName(rank).substring(dc.length());
    ledgerFile = folder.resolve(name + ".jsonl");
    for (int i = 2; Files.exists(ledgerFile); i++) {
      ledgerFile = folder.resolve(name + "~" + i + ".jsonl");
    }
    ledger = new FileLedger(ledgerFile, dc, topology.dcs().stream().map(DataCenter::name).toList());
    ledger.phase("main");
    for (int to = 0; to < topology.dcs().size(); to++) {
      if (agreement.sentBytes(to) > 0) {
        ledger.sent(to, MessageKind.AGREEMENT, 0, agreement.sentBytes(to));
      }
    }
    return ledger;
  }

  private void changed(MemberChange change) {
    JsonObject event = events.event(Events.MEMBERSHIP);
    event.addProperty("round", change.round());
    event.addProperty("member", change.dc());
    event.addProperty("what", change.event());
    event.addProperty("why", change.why());
    events.send(event);
  }

  private Shard shard(Dataset data, Session session, HostMemory memory) {
    return plan.batchRows() > 0
        ? Shard.miniBatches(data, plan.batchRows(), job.machine().seed() + rank, memory)
        : plan.convex() ? Shard.full(data) : Shard.full(data, session.backend().sparse(), memory);
  }

  /// @param trained over the features of {@code local}
  private void train(
      Session session, Replica trained, RankRows rows, Dataset local, HostMemory memory)
      throws IOException {
    Support support = agreed.support();
    Shard shard = shard(local, session, memory);
    phases =
        new Phases(job, plan, place, session, agreed, rows.allRows(), agreement, ledger, events);
    phases.shipped(shipped, shipNanos);
    try (Progress progress = new Progress(events);
        Replica whole =
            support == null
                ? null
                : Replica.of(
                    trained.model(),
                    rows.data().features(),
                    local.rows(),
                    session.backend(),
                    memory)) {
      Replica replica = support == null ? trained : whole;
      Phases.Outcome main =
          phases.run(
              "main",
              plan.exchange(),
              plan.metricExchange(),
              trained,
              replica,
              shard,
              progress,
              memory);
      if (desk != null) {
        desk.close("it comes too late: the training has ended; begin a new one");
      }
      String hash = replica.hash();
      JsonObject done = done("main", main, session, hash, rows);
      if (rank == job.geography().firstRank()) {
        Path file = place.out().resolve("model.safetensors");
        try {
          ModelFile.write(file, replica, metadata(rows, main.report()));
        } catch (IOException e) {
          throw new UserMistake(
              "cannot write the model "
                  + file
                  + " ("
                  + e.getMessage()
                  + "), which needs "
                  + Floats.BYTES * replica.weights().length()
                  + " bytes and more",
              "make room, then go on with --resume and more rounds");
        }
        done.addProperty("modelFile", file.toString());
        IdsFile.write(file, rows.data().facts());
        TestMetrics.add(
            done, job, replica, rows.policy(), rows.data().facts(), memory, events::note);
      }
      if (job.reference()) {
        RowArchive archive = RowArchive.smallest(rows.data());
        done.addProperty("rowsArchiveBytes", archive.bytes());
        done.addProperty("rowsArchive", archive.encoding());
      }
      progress.flush();
      events.send(done);
      if (job.reference()) {
        session.unshapeLinks();
        begin(replica, rows);
        progress.phase("reference");
        Phases.Outcome reference =
            phases.run(
                "reference",
                "dense",
                "dense",
                replica,
                replica,
                support == null ? shard : shard(rows.data(), session, memory),
                progress,
                memory);
        progress.flush();
        events.send(done("reference", reference, session, replica.hash(), rows));
      }
    }
  }

  private void ready(Session session, RankRows rows) {
    JsonObject ready = events.event("ready");
    ready.addProperty("rows", rows.data().rows());
    ready.addProperty("features", rows.data().features());
    ready.addProperty("backend", session.backend().name());
    ready.addProperty("backendLine", session.backendLine());
    ready.addProperty("transportLine", session.transportLine());
    ready.addProperty("threads", job.machine().threads());
    ready.addProperty("startMillis", (System.nanoTime() - startNanos) / 1_000_000);
    events.send(ready);
  }

  private JsonObject done(
      String phase, Phases.Outcome outcome, Session session, String hash, RankRows rows) {
    TrainingReport report = outcome.report();
    JsonObject done = events.event("done");
    done.addProperty("phase", phase);
    done.addProperty("reason", report.reason());
    done.addProperty("converged", report.converged());
    done.addProperty("rounds", report.rounds());
    done.addProperty("seconds", report.seconds());
    done.addProperty("gradientSeconds", report.gradientSeconds());
    done.addProperty("objective", report.objective());
    done.addProperty("loss", report.loss());
    done.addProperty("modelHash", hash);
    done.addProperty("rows", rows.data().rows());
    done.addProperty("rowsSent", outcome.links().rowsSent());
    done.addProperty("solver", outcome.solver());
    done.addProperty("transport", session.transportName());
    if (outcome.work() != null) {
      done.add("solverWork", Json.work(outcome.work()));
    }
    if (phase.equals("main") && job.safety().resume().isPresent()) {
      done.addProperty("resumedRound", phases.resumedRound());
    }
    if (gateway) {
      done.addProperty("exchange", outcome.exchange());
      if (phase.equals("main") && !plan.support().equals("off")) {
        done.add("support", supportJson());
      }
      done.add("history", Json.history(outcome.history()));
    }
    if (speaks) {
      done.add("links", outcome.links().json(topology));
    }
    return done;
  }

  private JsonObject supportJson() {
    JsonObject json = new JsonObject();
    Support support = agreed.support();
    json.addProperty("on", support != null);
    if (support == null) {
      json.addProperty("why", agreed.why());
      return json;
    }
    json.addProperty("shared", support.shared());
    json.addProperty("own", support.own());
    json.addProperty("absent", support.absent());
    JsonObject ownByDc = new JsonObject();
    for (int dc = 0; dc < topology.dcs().size(); dc++) {
      ownByDc.addProperty(topology.dcs().get(dc).name(), support.own(dc));
    }
    json.add("ownByDc", ownByDc);
    return json;
  }

  /// What training begins with, the same in all data centres.
  private void begin(Replica replica, RankRows rows) {
    replica.initialise(job.machine().seed());
    if (replica.model() instanceof FactorModel factors) {
      factors.centre(replica.weights(), rows.meanLabel());
    }
  }

  /// @throws UserMistake if a net does not fit the rows
  private Model model(RankRows rows) {
    try {
      return JobModel.of(job, rows.data(), rows.policy());
    } catch (IllegalArgumentException e) {
      String[] parts = e.getMessage().split("; ", 2);
      throw new UserMistake(
          "--model " + job.objective().model() + ": " + parts[0],
          parts.length > 1 ? parts[1] : "correct the layers");
    }
  }

  private String labelNames(RankRows rows) {
    String setting = job.data().labels().orElse("auto");
    Model.Targets targets = JobModel.targets(job.objective().model());
    return targets == Model.Targets.REAL
        ? setting
        : rows.labelNames(setting, targets == Model.Targets.CLASSES);
  }

  private Map<String, String> metadata(RankRows rows, TrainingReport report) {
    Map<String, String> texts = new LinkedHashMap<>();
    texts.put("l2", Double.toString(job.objective().l2()));
    texts.put("features", Integer.toString(rows.data().features()));
    texts.put("rows", Long.toString(rows.allRows()));
    texts.put("labels", labelNames(rows));
    texts.put("objective", Double.toString(report.objective()));
    texts.put("seed", Long.toString(job.machine().seed()));
    if (rows.data().shape() != null) {
      texts.put("shape", rows.data().shape().toString());
      texts.put("pixels", job.data().images().scale().text());
    }
    if (!rows.data().facts().classes().isEmpty()) {
      texts.put("classes", String.join("\n", rows.data().facts().classes()));
    }
    return texts;
  }
}
