package org.strait.launcher;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParseException;
import com.google.gson.JsonParser;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.strait.launcher.progress.ProgressView;
import org.strait.launcher.record.RunLog;
import org.strait.launcher.start.RankListener;
import org.strait.launcher.start.Silence;
import org.strait.launcher.worker.Events;

/// Reads the events that the ranks of a training run write, one JSON object a line, into the log
/// and the progress view.
final class TrainingListener implements RankListener {
  private final List<String> dcOfRank;
  private final int ranks;
  private final RunLog log;
  private final ProgressView view;
  private final boolean verbose;
  private final Silence silence = new Silence();
  private final Map<Integer, String> phases = new ConcurrentHashMap<>();
  private final CountDownLatch rounds = new CountDownLatch(1);
  private final AtomicInteger ready = new AtomicInteger();
  private final Set<String> choiceLines = ConcurrentHashMap.newKeySet();

  /// @param dcOfRank data centre of every rank of the job
  /// @param ranks of this launch
  TrainingListener(
      List<String> dcOfRank, int ranks, RunLog log, ProgressView view, boolean verbose) {
    this.dcOfRank = dcOfRank;
    this.ranks = ranks;
    this.log = log;
    this.view = view;
    this.verbose = verbose;
  }

  @Override
  public boolean output(int rank, String line) {
    if (!line.startsWith("{")) {
      return false;
    }
    try {
      JsonElement json = JsonParser.parseString(line);
      if (!json.isJsonObject()) {
        return false;
      }
      JsonObject event = json.getAsJsonObject();
      if (event.has("event") && event.get("event").getAsString().equals(Events.BEAT)) {
        beat(rank, event.get("phase").getAsString());
        return true;
      }
      log.add(event);
      if (event.get("event").getAsString().equals(Events.LOST)) {
        silence.hurry();
      }
      show(event);
      return true;
    } catch (JsonParseException e) {
      return false; // kept in the rank's log file as it came
    }
  }

  private void beat(int rank, String phase) {
    phases.put(rank, phase);
    if (phase.equals(Events.END)) {
      silence.over(rank);
    } else {
      silence.heard(rank);
    }
  }

  /// Who has fallen silent.
  Silence silence() {
    return silence;
  }

  @Override
  public String phase(int rank) {
    return phases.getOrDefault(rank, "");
  }

  @Override
  public boolean inRounds(int rank) {
    String phase = phase(rank);
    return phase.startsWith("round ") || phase.equals(Events.END);
  }

  /// A line for the user.
  void say(String line) {
    view.note(line);
  }

  /// Waits for the first round.
  void awaitRounds() throws InterruptedException {
    rounds.await();
  }

  private void show(JsonObject event) {
    switch (event.get("event").getAsString()) {
      case "round" -> {
        rounds.countDown();
        view.round(
            event.get("phase").getAsString(),
            event.get("dc").getAsString(),
            event.get("round").getAsInt(),
            event.get("objective").isJsonNull() ? Double.NaN : event.get("objective").getAsDouble(),
            event.get("seconds").getAsDouble(),
            event.has("rows") ? event.get("rows").getAsLong() : 0,
            event.get("sentBytes").getAsLong());
      }
      case Events.MEMBERSHIP -> {
        String line =
            event.get("member").getAsString()
                + " "
                + event.get("what").getAsString()
                + " in round "
                + event.get("round").getAsLong();
        if (choiceLines.add(line)) {
          view.note("  Membership " + line + ": " + event.get("why").getAsString());
        }
      }
      case Events.ADAPT -> {
        if (event.get("show").getAsBoolean()) {
          view.note("  Exchange   " + event.get("line").getAsString());
        }
      }
      case "ready" -> {
        showOnce(event, "backendLine", "  Backend    ");
        showOnce(event, "transportLine", "  Transport  ");
        view.ready(Math.min(ready.incrementAndGet(), ranks), ranks);
      }
      case "note" -> {
        if (event.has("text")) {
          view.note(event.get("text").getAsString());
        }
      }
      default -> {
        // The other events show in the record.
      }
    }
  }

  /// A line about a choice, once for all ranks that say the same.
  private void showOnce(JsonObject event, String key, String title) {
    if (event.has(key) && choiceLines.add(event.get(key).getAsString())) {
      view.note(title + event.get(key).getAsString().replaceFirst("^\\w+ ", ""));
    }
  }

  @Override
  public void log(int rank, String line) {
    if (verbose) {
      view.note("[" + dcOfRank.get(rank) + "/" + indexInDc(rank) + "] " + line);
    }
  }

  private int indexInDc(int rank) {
    return rank - dcOfRank.indexOf(dcOfRank.get(rank));
  }

  @Override
  public boolean blamesUser(int rank) {
    return blames("user", rank);
  }

  @Override
  public boolean blamesPeer(int rank) {
    return blames("peer", rank);
  }

  private boolean blames(String kind, int rank) {
    return log.error(rank).map(e -> e.get("kind").getAsString().equals(kind)).orElse(false);
  }
}
