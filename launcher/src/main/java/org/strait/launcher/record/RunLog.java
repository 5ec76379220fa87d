package org.strait.launcher.record;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParseException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/// The events of a run's ranks, sorted. Thread-safe: ranks speak at the same time. See {@link
/// RunRecord} for what is made of them.
public final class RunLog {
  /// What the main training is called; `reference` is the uncompressed one beside it.
  public static final String MAIN = "main";

  /// The uncompressed training of the same job.
  public static final String REFERENCE = "reference";

  /// A point of a curve.
  record Point(int round, double seconds, double objective, long sentBytes) {}

  private final Map<Integer, JsonObject> ready = new TreeMap<>();
  private final Map<String, Map<String, List<Point>>> rounds = new LinkedHashMap<>();
  private final Map<String, Map<Integer, JsonObject>> done = new LinkedHashMap<>();
  private final Map<Integer, JsonObject> errors = new LinkedHashMap<>();
  private final Map<String, JsonObject> membership = new LinkedHashMap<>();
  private final Map<String, Integer> changesSeen = new HashMap<>();
  private final List<JsonObject> ledgers = new ArrayList<>();
  private final List<JsonObject> decisions = new ArrayList<>();

  /// Takes an event.
  ///
  /// @throws JsonParseException if the event lacks what its kind must have
  public synchronized void add(JsonObject event) {
    require(event, "event");
    switch (event.get("event").getAsString()) {
      case "ready" -> require(event, "rank", "dc", "rows", "features");
      case "round" -> require(event, "phase", "dc", "round", "objective", "seconds", "sentBytes");
      case "done" -> require(event, "rank", "dc", "phase", "reason");
      case "error" -> require(event, "rank", "kind", "message");
      case "membership" -> require(event, "dc", "round", "member", "what", "why");
      case "ledger" -> require(event, "dc", "file", "chain");
      case "adapt" -> require(event, "decision", "show", "line");
      default -> {
        return; // notes and events of a newer rank leave nothing in the record
      }
    }
    try {
      keep(event);
    } catch (IllegalStateException | NumberFormatException | UnsupportedOperationException e) {
      throw new JsonParseException(e);
    }
  }

  private static void require(JsonObject event, String... keys) {
    for (String key : keys) {
      if (!event.has(key)) {
        throw new JsonParseException("an event without \"" + key + "\"");
      }
    }
  }

  private void keep(JsonObject event) {
    switch (event.get("event").getAsString()) {
      case "ready" -> ready.put(event.get("rank").getAsInt(), event);
      case "round" ->
          rounds
              .computeIfAbsent(event.get("phase").getAsString(), p -> new LinkedHashMap<>())
              .computeIfAbsent(event.get("dc").getAsString(), d -> new ArrayList<>())
              .add(
                  new Point(
                      event.get("round").getAsInt(),
                      event.get("seconds").getAsDouble(),
                      number(event.get("objective")),
                      event.get("sentBytes").getAsLong()));
      case "done" ->
          done.computeIfAbsent(event.get("phase").getAsString(), p -> new TreeMap<>())
              .put(event.get("rank").getAsInt(), event);
      case "error" -> errors.putIfAbsent(event.get("rank").getAsInt(), event);
      case "membership" -> {
        // Survivors may be a round apart: the n-th loss of a data centre is the same for all.
        String change = event.get("what").getAsString() + " " + event.get("member").getAsString();
        int time = changesSeen.merge(event.get("dc").getAsString() + " " + change, 1, Integer::sum);
        membership.putIfAbsent(change + " " + time, event);
      }
      case "ledger" -> ledgers.add(event);
      case "adapt" -> decisions.add(event.getAsJsonObject("decision"));
      default -> throw new IllegalStateException("unchecked event");
    }
  }

  /// A number, or NaN where JSON had to say null.
  static double number(JsonElement value) {
    return value == null || value.isJsonNull() ? Double.NaN : value.getAsDouble();
  }

  /// What rank `rank` said went wrong.
  public synchronized Optional<JsonObject> error(int rank) {
    return Optional.ofNullable(errors.get(rank));
  }

  /// The first error of a kind: `user`, `peer` or `bug`.
  public synchronized Optional<JsonObject> firstError(String kind) {
    return errors.values().stream()
        .filter(e -> e.get("kind").getAsString().equals(kind))
        .findFirst();
  }

  /// Data centres that were lost or came back, once each, as the first that said so saw it.
  synchronized List<JsonObject> membership() {
    return List.copyOf(membership.values());
  }

  /// The ledgers that were ended.
  synchronized List<JsonObject> ledgers() {
    return List.copyOf(ledgers);
  }

  /// What came of samples by which the run was set as it went.
  synchronized List<JsonObject> decisions() {
    return List.copyOf(decisions);
  }

  /// What ranks said went wrong, by rank.
  synchronized List<JsonObject> errors() {
    return List.copyOf(new TreeMap<>(errors).values());
  }

  /// Whether any rank reported the end of the main training.
  public synchronized boolean hasEnd() {
    return done.containsKey(MAIN);
  }

  /// The objective at the end of the main training, NaN if there is none.
  public synchronized double objective() {
    return hasEnd() ? number(done(MAIN).getFirst().get("objective")) : Double.NaN;
  }

  /// `ready` events by rank.
  synchronized List<JsonObject> ready() {
    return List.copyOf(ready.values());
  }

  /// `done` events of a phase by rank.
  synchronized List<JsonObject> done(String phase) {
    return List.copyOf(done.getOrDefault(phase, Map.of()).values());
  }

  /// Curves of a phase by data centre: from the histories of `done` events where there are some,
  /// else from what was reported on the way.
  synchronized Map<String, List<Point>> curves(String phase) {
    Map<String, List<Point>> curves = new LinkedHashMap<>();
    rounds.getOrDefault(phase, Map.of()).forEach((dc, c) -> curves.put(dc, List.copyOf(c)));
    for (JsonObject event : done(phase)) {
      if (event.has("history") && event.get("history").isJsonObject()) {
        curves.put(event.get("dc").getAsString(), points(event.getAsJsonObject("history")));
      }
    }
    return curves;
  }

  private static List<Point> points(JsonObject history) {
    List<Point> points = new ArrayList<>();
    for (int i = 0; i < history.getAsJsonArray("round").size(); i++) {
      points.add(
          new Point(
              history.getAsJsonArray("round").get(i).getAsInt(),
              history.getAsJsonArray("seconds").get(i).getAsDouble(),
              number(history.getAsJsonArray("objective").get(i)),
              history.getAsJsonArray("sentBytes").get(i).getAsLong()));
    }
    return points;
  }
}
