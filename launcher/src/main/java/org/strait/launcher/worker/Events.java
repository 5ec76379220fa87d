package org.strait.launcher.worker;

import com.google.gson.Gson;
import com.google.gson.GsonBuilder;
import com.google.gson.JsonObject;
import java.util.function.Consumer;

/// What a rank tells its launcher, one JSON object a line. Thread-safe.
public final class Events {
  /// Name of the event that says that a rank is alive, and the field with what it does.
  public static final String BEAT = "beat";

  /// Name of the event that says that a rank has lost another and asks who died.
  public static final String LOST = "lost";

  /// Name of the event that says that a data centre was lost or came back.
  public static final String MEMBERSHIP = "membership";

  /// Name of the event that says what came of a sample by which a run is set as it goes.
  public static final String ADAPT = "adapt";

  /// The phase after which a rank is silent.
  public static final String END = "end";

  /// The phase of which the round is told.
  static final String ROUNDS = "rounds";

  private final Consumer<String> lines;
  private final Gson gson = new GsonBuilder().serializeNulls().create();
  private final int rank;
  private final String dc;
  private volatile String phase = "start";
  private volatile long round;

  /// @param lines takes one event a line
  Events(Consumer<String> lines, int rank, String dc) {
    this.lines = lines;
    this.rank = rank;
    this.dc = dc;
  }

  /// An event with the fields that all events have.
  JsonObject event(String name) {
    JsonObject event = new JsonObject();
    event.addProperty("event", name);
    event.addProperty("rank", rank);
    event.addProperty("dc", dc);
    return event;
  }

  /// Sends an event.
  synchronized void send(JsonObject event) {
    lines.accept(gson.toJson(event));
  }

  /// What the rank does from now on.
  void phase(String name) {
    phase = name;
    beat();
  }

  /// The last round that the rank has finished; allocates nothing.
  void round(long number) {
    round = number;
  }

  /// That the rank is alive, and what it does.
  void beat() {
    JsonObject beat = event(BEAT);
    beat.addProperty("phase", phase.equals(ROUNDS) ? "round " + (round + 1) : phase);
    send(beat);
  }

  /// That the rank will be silent from now on.
  void last() {
    JsonObject beat = event(BEAT);
    beat.addProperty("phase", END);
    send(beat);
  }

  /// A sentence for people who watch with -v.
  void note(String text) {
    JsonObject note = event("note");
    note.addProperty("text", text);
    send(note);
  }

  /// A failure: kind is user, peer or bug.
  void error(String kind, String message) {
    JsonObject error = event("error");
    error.addProperty("kind", kind);
    error.addProperty("message", message);
    send(error);
  }
}
