package org.strait.launcher.worker;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import org.strait.engine.LocalSteps;
import org.strait.engine.TrainingConfig;
import org.strait.engine.exchange.Timing;
import org.strait.engine.model.Models;
import org.strait.engine.optim.Optimizers;
import org.strait.engine.optim.Schedule;
import org.strait.engine.optim.StepSettings;
import org.strait.launcher.config.Job;
import org.strait.launcher.config.JobKey;
import org.strait.launcher.config.UserMistake;

/// What the job's words mean to the engine: solver, compressor specification, schedule and stop
/// rule.
///
/// @param solver name of the optimiser
/// @param convex whether a solver of convex problems in float64 does it all
/// @param batchRows rows of a mini-batch, 0 for all rows of the rank
/// @param exchange specification of the compressor for gradients
/// @param metricExchange specification of the compressor for the curvature
/// @param support whether only features of two or more data centres travel: on, off or auto
/// @param steps learning rate and more, for solvers that have one
/// @param training stop rule
/// @param state what a saved state must have in common with the job to go on from it, hashed: all
///     but bounds
/// @param hash what all ranks must have in common, hashed
record Plan(
    String solver,
    boolean convex,
    int batchRows,
    String exchange,
    String metricExchange,
    String support,
    StepSettings steps,
    TrainingConfig training,
    String state,
    String hash) {
  private static final List<String> PRESETS = List.of("auto", "sparse", "sparse-ef");

  /// Translates.
  ///
  /// @param mostRows rows of the largest rank
  static Plan of(Job job, int mostRows) {
    String asked = job.method().solver();
    boolean batches = job.method().batch().isPresent();
    String solver = asked.equals("auto") ? ConvexJob.auto(job) : asked;
    boolean convex = ConvexJob.is(job, solver);
    if (!convex && !Optimizers.NAMES.contains(solver)) {
      throw new UserMistake(
          "unknown solver \"" + solver + "\"",
          "known: auto, " + String.join(", ", ConvexJob.names()));
    }
    boolean metric = !convex && Optimizers.usesMetric(solver);
    if (metric && batches) {
      throw new UserMistake(
          "solver " + solver + " needs all rows in every step, but --batch is given",
          "leave out --batch or take --solver momentum");
    }
    if (job.method().local().isPresent()) {
      checkLocal(job, solver, metric || convex);
    }
    String model = job.objective().model();
    boolean local =
        job.method().local().isPresent()
            && (Models.SINGLE.contains(model) || Models.FACTORISED.contains(model));
    if (!metric && !local && job.method().support().equals("on")) {
      throw new UserMistake(
          "--support on needs --solver lbfgs or --local-steps, this is " + solver,
          "leave it out: all features travel then");
    }
    if (convex && job.method().adapt().on()) {
      throw new UserMistake(
          "solver " + solver + " sends vectors in float64, but --adapt is given",
          "leave out --adapt or take --solver lbfgs, momentum, nesterov, sgd or adamw");
    }
    checkGateways(job, convex);
    String exchange = convex ? "dense" : exchange(job, metric);
    TrainingConfig training =
        new TrainingConfig(
            job.objective().l2(),
            rounds(job, batches, mostRows),
            job.bound().target().orElse(Double.NaN),
            job.bound().target().isPresent() ? 0 : job.bound().tolerance(),
            TrainingConfig.DEFAULT_ERROR_BUDGET,
            batches);
    StepSettings steps = steps(job, solver, batches, mostRows);
    String words =
        String.join(
            "|",
            job.objective().toString(),
            solver,
            exchange,
            job.method().route(),
            job.method().local().toString(),
            job.method().adapt().toString(),
            job.method().site().toString(),
            job.method().support(),
            steps.toString(),
            training.toString());
    return new Plan(
        solver,
        convex,
        job.method().batch().orElse(0),
        exchange,
        exchange.equals("dense") ? "dense" : "log8",
        metric && !Models.CLASSES.contains(job.objective().model())
            ? job.method().support()
            : "off",
        steps,
        training,
        sha256(
            String.join(
                "|",
                job.objective().toString(),
                solver,
                exchange,
                job.method().route(),
                job.method().adapt().toString(),
                steps.toString(),
                job.method().batch().toString(),
                "" + job.machine().seed(),
                job.method().local().map(LocalSteps::toString).orElse("every step"),
                job.geography().topology().dcs().toString(),
                "" + job.geography().topology().gateways())),
        sha256(words));
  }

  /// @throws UserMistake for a schedule that is none
  private static StepSettings steps(Job job, String solver, boolean batches, int mostRows) {
    Job.Pace pace = job.method().pace();
    try {
      Schedule schedule =
          Schedule.parse(
              pace.schedule(),
              JobModel.rate(job, solver),
              pace.warmup(),
              perEpoch(job, batches, mostRows),
              rounds(job, batches, mostRows)
                  * job.method().local().map(LocalSteps::stepsPerRound).orElse(1));
      return new StepSettings(schedule, pace.clip().orElse(Double.POSITIVE_INFINITY), pace.decay());
    } catch (IllegalArgumentException e) {
      String[] parts = e.getMessage().split("; ", 2);
      throw new UserMistake(parts[0], parts.length > 1 ? parts[1] : "correct it");
    }
  }

  private static long perEpoch(Job job, boolean batches, int mostRows) {
    return batches ? Math.ceilDiv(mostRows, job.method().batch().getAsInt()) : 1;
  }

  /// Epochs, if given, or ten for mini-batches without any bound, as rounds of the largest rank.
  private static long rounds(Job job, boolean batches, int mostRows) {
    boolean asked = job.given().contains(JobKey.ROUNDS);
    if (job.bound().epochs().isEmpty() && (asked || !batches)) {
      return job.bound().rounds();
    }
    long steps = perEpoch(job, batches, mostRows) * job.bound().epochs().orElse(10);
    int perRound = job.method().local().map(LocalSteps::stepsPerRound).orElse(1);
    return Math.ceilDiv(steps, perRound);
  }

  private static void checkGateways(Job job, boolean convex) {
    int gateways = job.geography().topology().gateways();
    String what =
        convex
            ? "a solver in float64"
            : job.method().local().isPresent()
                ? "local steps"
                : job.method().support().equals("off") ? "" : "--support";
    if (gateways > 1 && job.geography().topology().dcs().size() > 1 && !what.isEmpty()) {
      throw new UserMistake(
          "--gateways " + gateways + " shares out what travels in every step, not " + what,
          "leave out --gateways");
    }
  }

  private static void checkLocal(Job job, String solver, boolean needsAllRows) {
    Timing timing = job.method().local().orElseThrow().timing();
    if (job.method().exchange().contains("significance") && timing.inStep() && timing.ahead() > 0) {
      throw new UserMistake(
          "--exchange "
              + job.method().exchange()
              + " compares with weights, which change while an overlapped round travels",
          "use --timing sync or stale:S");
    }
    if (needsAllRows) {
      throw new UserMistake(
          "solver " + solver + " takes no local steps",
          "use --solver momentum, nesterov, sgd or adamw, or leave out --local-steps");
    }
    if (job.safety().rejoin().isPresent()) {
      throw new UserMistake(
          "local steps let no data centre back in", "leave out --rejoin, or --local-steps");
    }
  }

  /// The compressor behind a preset: differences in steps as long as the error budget allows where
  /// gradients are exact and the optimiser says how large they are; error feedback at a fixed
  /// density for mini-batches.
  private static String exchange(Job job, boolean metric) {
    String density =
        job.method().density().isPresent() ? "" + job.method().density().getAsDouble() : "";
    String name = job.method().exchange();
    if (job.method().adapt().on()) {
      return adaptive(job, name, metric && !name.equals("sparse-ef"));
    }
    if (name.contains("..")) {
      throw new UserMistake(
          "--exchange " + name + " has bounds, but nobody chooses between them",
          "add --adapt time or --adapt bytes");
    }
    String kept = density.isEmpty() ? (metric ? "auto" : "0.05") : density;
    return switch (name) {
      case "auto", "sparse" ->
          name.equals("auto") && density.isEmpty() && job.method().local().isPresent()
              ? "int4,rans,error-feedback"
              : metric && density.isEmpty()
                  ? "step:auto,rans,difference"
                  : "top-k:" + kept + ",int8,rans," + (metric ? "difference" : "error-feedback");
      case "sparse-ef" -> "top-k:" + kept + ",int8,rans,error-feedback";
      default -> {
        if (!density.isEmpty()) {
          throw new UserMistake(
              "--density does not go with --exchange " + name,
              "use --exchange " + String.join(", ", PRESETS));
        }
        yield name;
      }
    };
  }

  /// A compressor with bounds to choose between.
  private static String adaptive(Job job, String name, boolean differences) {
    if (job.method().density().isPresent()) {
      throw new UserMistake(
          "--density is what --adapt chooses",
          "give --density-bounds LOW..HIGH instead, or leave out --adapt");
    }
    if (PRESETS.contains(name)) {
      return job.method().adapt().exchange(differences ? "difference" : "error-feedback");
    }
    if (!name.contains("..") && !job.method().adapt().periods()) {
      throw new UserMistake(
          "--exchange " + name + " has no bounds for --adapt to choose between",
          "write for instance top-k:1%..50%,int4..int8,rans,error-feedback, or leave it out");
    }
    return name;
  }

  private static String sha256(String text) {
    try {
      byte[] hash =
          MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
      return HexFormat.of().formatHex(hash, 0, 16);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JDK has SHA-256", e);
    }
  }
}
