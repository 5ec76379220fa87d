package org.strait.launcher.worker;

import com.google.gson.Gson;
import com.google.gson.GsonBuilder;
import com.google.gson.JsonObject;
import java.util.function.Consumer;

/// What a rank tells its launcher, one JSON object a line. Thread-safe.
final class Events {
  private final Consumer<String> lines;
  private final Gson gson = new GsonBuilder().serializeNulls().create();
  private final int rank;
  private final String dc;

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
