package org.strait.launcher.plan;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import org.strait.engine.FrugalTrainer;
import org.strait.engine.solver.Solvers;
import org.strait.launcher.config.Job;
import org.strait.launcher.config.UserMistake;
import org.strait.launcher.progress.Figures;
import org.strait.launcher.worker.JobCheck;

/// Every way of doing a job, with what it would send, take and cost: rows to one data centre, the
/// solvers over several, and what the job itself says. Each is tried on a sample ({@link Sample}),
/// and what that took is scaled by rows, features, links and prices.
public final class Forecasts {
  /// Solvers of one data centre, of penalties that need them, or that are what auto is.
  private static final List<String> NOT_COMPARED = List.of("tron", "owl-qn", "lbfgs");

  private static final String FORMAT = "  %-14s %12s %10s %14s %10s  %s";

  private final Job job;
  private final Sample sample;
  private final List<Forecast> ways;
  private final List<String> notes;

  private Forecasts(Job job, Sample sample, List<Forecast> ways, List<String> notes) {
    this.job = job;
    this.sample = sample;
    this.ways = List.copyOf(ways);
    this.notes = List.copyOf(notes);
  }

  /// Tries all ways.
  ///
  /// @param folder for the pilots' files
  /// @param also a solver to try beside the usual ones
  /// @param runner starts ranks
  /// @param tell takes a line for each way
  public static Forecasts of(
      Job job, Path folder, Optional<String> also, Runner runner, Consumer<String> tell)
      throws IOException, InterruptedException {
    if (job.geography().topology().dcs().size() == 1) {
      throw new UserMistake(
          "a plan compares ways over several data centres, and this job has one",
          "give --dcs, a file for each data centre, or a topology");
    }
    Sample sample = Sample.of(job, folder);
    Set<String> solvers = new LinkedHashSet<>(List.of(Pilot.CENTRALIZED, "auto"));
    solvers.add(FrugalTrainer.NAME);
    Solvers.NAMES.stream().filter(name -> !NOT_COMPARED.contains(name)).forEach(solvers::add);
    solvers.add(job.method().solver());
    also.ifPresent(solvers::add);
    List<Forecast> ways = new ArrayList<>();
    List<String> notes = new ArrayList<>();
    for (String solver : solvers) {
      try {
        Job pilot = Pilot.job(job, sample, solver);
        JobCheck.check(pilot);
        tell.accept("trying " + solver);
        JsonObject record = runner.run(pilot, folder.resolve("pilot-" + solver));
        ways.add(Forecast.of(solver, record, sample, job.geography().topology()));
      } catch (UserMistake e) {
        notes.add(solver + ": " + e.getMessage());
      }
    }
    if (ways.isEmpty()) {
      throw new UserMistake("no way can do this job: " + notes.getFirst(), "correct the job");
    }
    return new Forecasts(job, sample, ways, notes);
  }

  /// Starts ranks for a pilot; see {@link Pilot}.
  @FunctionalInterface
  public interface Runner extends Pilot.Runner {}

  /// The way to take: the cheapest, where nothing costs the one with fewest bytes; among ways that
  /// differ by less than a tenth the fastest.
  ///
  /// @param rows whether rows may leave
  Optional<Forecast> best(boolean rows) {
    List<Forecast> able =
        ways.stream().filter(way -> rows || !way.solver().equals(Pilot.CENTRALIZED)).toList();
    double least = able.stream().mapToDouble(Forecasts::weight).min().orElse(0);
    return able.stream()
        .filter(way -> weight(way) <= 1.1 * least)
        .min(Comparator.comparingDouble(Forecast::seconds));
  }

  private static double weight(Forecast way) {
    return way.cost() > 0 ? way.cost() : way.bytes();
  }

  /// For people.
  public List<String> lines() {
    List<String> lines = new ArrayList<>();
    lines.add(
        String.format(
            Locale.ROOT,
            "%,d rows, %,d entries, %,d features in %d data centres; tried on %s",
            sample.rows(),
            sample.entries(),
            sample.features(),
            job.geography().topology().dcs().size(),
            sample.every() == 1 ? "all of them" : "one row in " + sample.every()));
    lines.add(String.format(FORMAT, "solver", "WAN bytes", "time", "cost", "rows sent", "steps"));
    for (Forecast way : ways) {
      lines.add(
          String.format(
              Locale.ROOT,
              FORMAT,
              way.solver(),
              Figures.bytes(way.bytes()),
              Figures.seconds(way.seconds()),
              Figures.money(way.cost(), job.geography().currency()),
              String.format(Locale.ROOT, "%,d", Math.round(way.rowsSent())),
              way.rounds()));
    }
    notes.forEach(note -> lines.add("  not " + note));
    lines.add(verdict());
    return lines;
  }

  /// What to take.
  String verdict() {
    Optional<Forecast> any = best(true);
    Optional<Forecast> stay = best(false);
    boolean centralise = any.isPresent() && any.get().solver().equals(Pilot.CENTRALIZED);
    String other =
        stay.map(way -> "--solver " + way.solver()).orElse("nothing else that can do this job");
    if (!centralise) {
      return "take " + other;
    }
    return job.method().rowsMayLeave()
        ? "centralise: take --solver centralized; if rows are to stay, " + other
        : "centralise, if rows may leave (--solver centralized --rows-may-leave); else take "
            + other;
  }

  /// The forecasts, as JSON.
  public JsonObject json() {
    JsonObject json = new JsonObject();
    json.addProperty("command", "plan");
    json.addProperty("rows", sample.rows());
    json.addProperty("entries", sample.entries());
    json.addProperty("features", sample.features());
    json.addProperty("dcs", job.geography().topology().dcs().size());
    json.addProperty("triedOneRowIn", sample.every());
    json.addProperty("currency", job.geography().currency());
    JsonArray all = new JsonArray();
    ways.forEach(way -> all.add(way.json()));
    json.add("ways", all);
    JsonArray not = new JsonArray();
    notes.forEach(not::add);
    json.add("notPossible", not);
    best(true).ifPresent(way -> json.addProperty("take", way.solver()));
    best(false).ifPresent(way -> json.addProperty("takeIfRowsStay", way.solver()));
    json.addProperty("verdict", verdict());
    return json;
  }

  /// A run beside its forecast, for its record.
  ///
  /// @param record of the run
  /// @throws UserMistake if nothing was forecast for its solver
  public JsonObject compared(JsonObject record) {
    String solver = record.getAsJsonObject("config").get("solver").getAsString();
    Forecast forecast =
        ways.stream()
            .filter(way -> way.solver().equals(solver))
            .findFirst()
            .orElseThrow(
                () -> new UserMistake("no forecast for --solver " + solver, "plan the same job"));
    JsonObject json = new JsonObject();
    json.addProperty("solver", solver);
    add(json, "bytes", forecast.bytes(), record.getAsJsonObject("wan").get("bytes"));
    add(json, "seconds", forecast.seconds(), record.get("seconds"));
    add(json, "cost", forecast.cost(), record.getAsJsonObject("cost").get("strait"));
    return json;
  }

  private static void add(JsonObject json, String what, double forecast, JsonElement was) {
    if (was == null || was.isJsonNull()) {
      return;
    }
    JsonObject one = new JsonObject();
    one.addProperty("forecast", forecast);
    one.addProperty("was", was.getAsDouble());
    double ratio = forecast / was.getAsDouble();
    if (Double.isFinite(ratio) && ratio > 0) {
      one.addProperty("times", Math.max(ratio, 1 / ratio));
    }
    json.add(what, one);
  }
}
