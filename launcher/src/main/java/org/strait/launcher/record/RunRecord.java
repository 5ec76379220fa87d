package org.strait.launcher.record;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import org.strait.engine.topology.DataCenter;
import org.strait.engine.topology.Topology;
import org.strait.launcher.config.Job;
import org.strait.launcher.config.JobJson;

/// Makes the run record out of the job and the events of its ranks. Every figure is one that a rank
/// counted or measured; what nobody reported is absent.
public final class RunRecord {
  /// How a run ended other than well.
  ///
  /// @param reason one sentence
  /// @param lostDc the data centre whose rank was lost, if that was it
  public record Failure(String reason, Optional<String> lostDc) {}

  /// What the launcher knows and the ranks do not.
  ///
  /// @param command `train` or `demo`
  /// @param version of strait
  /// @param commandLine as typed
  /// @param startedAt ISO-8601 time
  /// @param folder of the run
  public record Facts(
      String command, String version, String commandLine, String startedAt, RunFolder folder) {}

  private final Job job;
  private final RunLog log;
  private final List<JsonObject> done;
  private final WanCount wan;

  private RunRecord(Job job, RunLog log) {
    this.job = job;
    this.log = log;
    done = log.done(RunLog.MAIN);
    wan = new WanCount(job.geography().topology(), done);
  }

  /// The record.
  ///
  /// @param failure how the run failed; empty if all ranks ended well
  public static JsonObject of(Job job, RunLog log, Facts facts, Optional<Failure> failure) {
    return new RunRecord(job, log).build(facts, failure);
  }

  /// Whether ranks ended with different models: then something is wrong with the arithmetic.
  public static boolean modelsDiffer(RunLog log) {
    Set<String> hashes = new HashSet<>();
    for (JsonObject event : log.done(RunLog.MAIN)) {
      if (event.has("modelHash")) {
        hashes.add(event.get("modelHash").getAsString());
      }
    }
    return hashes.size() > 1;
  }

  private JsonObject build(Facts facts, Optional<Failure> failure) {
    Topology topology = job.geography().topology();
    JsonObject json = new JsonObject();
    json.addProperty("command", facts.command());
    json.addProperty("version", facts.version());
    json.addProperty("seed", job.machine().seed());
    json.add("config", JobJson.write(job));
    ready("backend", json);
    ready("backendLine", json);
    ready("transportLine", json);
    json.addProperty("threads", job.machine().threads());
    json.addProperty("transport", said("transport", job.machine().transport()));
    json.addProperty("model", job.objective().model());
    ready("features", json);
    if (!log.ready().isEmpty()) {
      long rows = log.ready().stream().mapToLong(e -> e.get("rows").getAsLong()).sum();
      json.addProperty("rows", rows);
    }
    json.addProperty("dcs", topology.dcs().size());
    // The record of a launch of one data centre: rows, bytes and hashes are of that one.
    job.geography().here().ifPresent(dc -> json.addProperty("dc", dc));
    json.addProperty("ranks", topology.size());
    json.addProperty("solver", said("solver", job.method().solver()));
    first("solverWhy").ifPresent(why -> json.add("solverWhy", why));
    json.addProperty("exchange", said("exchange", job.method().exchange()));
    support(json);
    JsonArray history = Curves.merge(log.curves(RunLog.MAIN));
    ending(json, history, failure);
    json.add("wan", wan(history, json, topology.dcs().size()));
    json.addProperty("rowsSent", sum("rowsSent"));
    first("solverWork").ifPresent(work -> json.add("solverWork", work));
    Stragglers.add(done, json);
    json.add("modelHash", modelHash());
    first("metrics").ifPresent(m -> json.add("metrics", m));
    first("metricsByDc").ifPresent(m -> json.add("metricsByDc", m));
    json.add("history", history);
    json.add("membership", membership(history, failure));
    if (!log.decisions().isEmpty()) {
      JsonArray decisions = new JsonArray();
      log.decisions().forEach(decisions::add);
      json.add("adaptation", decisions);
    }
    JsonArray ledgers = new JsonArray();
    for (JsonObject event : log.ledgers()) {
      JsonObject ledger = new JsonObject();
      for (String key : List.of("dc", "file", "chain")) {
        copy(event, key, null, "", ledger);
      }
      ledgers.add(ledger);
    }
    json.add("ledgers", ledgers);
    if (!log.errors().isEmpty()) {
      json.add("errors", errors());
    }
    comparisons(json);
    job.safety()
        .resume()
        .ifPresent(
            folder -> {
              JsonObject resumed = new JsonObject();
              resumed.addProperty("folder", folder.toString());
              first("resumedRound").ifPresent(round -> resumed.add("round", round));
              json.add("resumed", resumed);
            });
    json.add("environment", environment());
    json.addProperty("commandLine", facts.commandLine());
    json.addProperty("startedAt", facts.startedAt());
    json.add("paths", paths(facts.folder()));
    return json;
  }

  private void ending(JsonObject json, JsonArray history, Optional<Failure> failure) {
    JsonObject last = history.isEmpty() ? null : history.get(history.size() - 1).getAsJsonObject();
    Optional<JsonObject> end =
        failure.isPresent() || done.isEmpty() ? Optional.empty() : Optional.of(done.getFirst());
    json.addProperty(
        "converged",
        end.map(e -> e.has("converged") && e.get("converged").getAsBoolean()).orElse(false));
    json.addProperty(
        "reason",
        failure
            .map(Failure::reason)
            .or(() -> end.map(e -> e.get("reason").getAsString()))
            .orElse("no rank reported an end"));
    copy(end.orElse(last), "rounds", last, "round", json);
    copy(end.orElse(last), "seconds", last, "seconds", json);
    copy(end.orElse(last), "objective", last, "objective", json);
    copy(end.orElse(last), "loss", null, "", json);
  }

  /// Copies a key, or what stands for it in the last point of the history.
  private static void copy(
      JsonObject from, String key, JsonObject last, String keyInLast, JsonObject into) {
    if (from != null && from.has(key)) {
      into.add(key, from.get(key));
    } else if (last != null && last.has(keyInLast)) {
      into.add(key, last.get(keyInLast));
    }
  }

  /// Which features travelled, and what agreeing on that took.
  private void support(JsonObject json) {
    Optional<JsonElement> said = first("support");
    if (said.isEmpty()) {
      return;
    }
    JsonObject support = said.get().getAsJsonObject().deepCopy();
    support.addProperty("dictionaryBytes", wan.bytes("features"));
    support.addProperty("weightBytes", wan.bytes("weights"));
    json.add("support", support);
  }

  private JsonObject wan(JsonArray history, JsonObject record, int dcs) {
    JsonObject json = new JsonObject();
    long bytes = wan.bytes();
    if (done.isEmpty() && !history.isEmpty()) {
      bytes = history.get(history.size() - 1).getAsJsonObject().get("wanBytes").getAsLong();
    }
    json.addProperty("bytes", bytes);
    json.addProperty("messages", wan.messages());
    if (dcs > 1 && record.has("features")) {
      double vectorBytes = 4.0 * record.get("features").getAsLong() * (dcs - 1);
      json.addProperty("vectors", bytes / vectorBytes);
    }
    json.add("byLink", wan.byLink());
    return json;
  }

  private JsonObject modelHash() {
    JsonObject json = new JsonObject();
    for (JsonObject event : done) {
      String dc = event.get("dc").getAsString();
      if (event.has("modelHash") && !json.has(dc)) {
        json.add(dc, event.get("modelHash"));
      }
    }
    return json;
  }

  private JsonArray membership(JsonArray history, Optional<Failure> failure) {
    JsonArray membership = new JsonArray();
    for (JsonObject event : log.membership()) {
      JsonObject change = new JsonObject();
      change.add("round", event.get("round"));
      change.add("dc", event.get("member"));
      change.add("event", event.get("what"));
      change.add("why", event.get("why"));
      membership.add(change);
    }
    if (!membership.isEmpty()) {
      return membership;
    }
    failure
        .flatMap(Failure::lostDc)
        .ifPresent(
            dc -> {
              JsonObject lost = new JsonObject();
              lost.addProperty(
                  "round",
                  history.isEmpty()
                      ? 0
                      : history.get(history.size() - 1).getAsJsonObject().get("round").getAsInt());
              lost.addProperty("dc", dc);
              lost.addProperty("event", "lost");
              lost.addProperty("why", failure.get().reason());
              membership.add(lost);
            });
    return membership;
  }

  /// What each rank that failed said about it.
  private JsonArray errors() {
    JsonArray errors = new JsonArray();
    for (JsonObject event : log.errors()) {
      JsonObject error = new JsonObject();
      for (String key : List.of("rank", "dc", "kind", "message")) {
        copy(event, key, null, "", error);
      }
      errors.add(error);
    }
    return errors;
  }

  /// The uncompressed reference, what centralising would have taken, and what each costs.
  private void comparisons(JsonObject json) {
    JsonObject cost = new JsonObject();
    cost.addProperty("currency", job.geography().currency());
    cost.addProperty("note", job.geography().priceNote());
    if (!done.isEmpty()) {
      cost.addProperty("strait", wan.cost());
    }
    List<JsonObject> reference = log.done(RunLog.REFERENCE);
    if (!reference.isEmpty()) {
      WanCount count = new WanCount(job.geography().topology(), reference);
      JsonObject one = new JsonObject();
      for (String key : List.of("objective", "loss", "rounds", "seconds", "reason", "exchange")) {
        copy(reference.getFirst(), key, null, "", one);
      }
      one.addProperty("wanBytes", count.bytes());
      one.add("history", Curves.merge(log.curves(RunLog.REFERENCE)));
      json.add("reference", one);
      cost.addProperty("uncompressed", count.cost());
    }
    centralise(json, cost);
    json.add("cost", cost);
  }

  private void centralise(JsonObject json, JsonObject cost) {
    Map<String, Long> archiveBytes = new TreeMap<>();
    for (JsonObject event : done) {
      if (event.has("rowsArchiveBytes")) {
        archiveBytes.merge(
            event.get("dc").getAsString(), event.get("rowsArchiveBytes").getAsLong(), Long::sum);
      }
    }
    if (archiveBytes.size() < job.geography().topology().dcs().size()) {
      return;
    }
    String largest = "";
    for (DataCenter dc : job.geography().topology().dcs()) {
      if (largest.isEmpty() || archiveBytes.get(dc.name()) > archiveBytes.get(largest)) {
        largest = dc.name();
      }
    }
    long bytes = 0;
    double price = 0;
    for (Map.Entry<String, Long> entry : archiveBytes.entrySet()) {
      if (!entry.getKey().equals(largest)) {
        bytes += entry.getValue();
        price +=
            entry.getValue()
                * WanCount.price(job.geography().topology(), entry.getKey(), largest)
                / 1e9;
      }
    }
    JsonObject one = new JsonObject();
    one.addProperty("bytes", bytes);
    one.addProperty("to", largest);
    one.addProperty(
        "how",
        "the rows of every data centre but "
            + largest
            + ", compressed; measured by compressing them, not sent");
    json.add("centralise", one);
    cost.addProperty("centralise", price);
  }

  private static JsonObject environment() {
    JsonObject json = new JsonObject();
    json.addProperty("java", Runtime.version().toString());
    json.addProperty("vm", System.getProperty("java.vm.name"));
    json.addProperty(
        "os",
        System.getProperty("os.name")
            + " "
            + System.getProperty("os.version")
            + " "
            + System.getProperty("os.arch"));
    json.addProperty("processors", Runtime.getRuntime().availableProcessors());
    return json;
  }

  private JsonObject paths(RunFolder folder) {
    JsonObject json = new JsonObject();
    for (JsonObject event : done) {
      if (event.has("modelFile")) {
        json.add("model", event.get("modelFile"));
        break;
      }
    }
    Path path = folder.path();
    json.addProperty("folder", path.toString());
    json.addProperty("record", folder.record().toString());
    json.addProperty("report", folder.report().toString());
    return json;
  }

  private void ready(String key, JsonObject json) {
    List<String> values = new ArrayList<>();
    JsonElement first = null;
    for (JsonObject event : log.ready()) {
      if (event.has(key)) {
        first = first == null ? event.get(key) : first;
        values.add(event.get(key).getAsString());
      }
    }
    if (first != null) {
      List<String> different = values.stream().distinct().toList();
      if (different.size() > 1) {
        json.addProperty(key, String.join(", ", different));
      } else {
        json.add(key, first);
      }
    }
  }

  private String said(String key, String otherwise) {
    return done.isEmpty() || !done.getFirst().has(key)
        ? otherwise
        : done.getFirst().get(key).getAsString();
  }

  private Optional<JsonElement> first(String key) {
    return done.stream()
        .filter(e -> e.has(key))
        .map(e -> e.get(key))
        .filter(e -> !e.isJsonNull())
        .findFirst();
  }

  private long sum(String key) {
    return done.stream().filter(e -> e.has(key)).mapToLong(e -> e.get(key).getAsLong()).sum();
  }
}
