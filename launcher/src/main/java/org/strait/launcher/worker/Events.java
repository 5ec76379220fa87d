package org.strait.launcher.worker;

import com.google.gson.Gson;
import com.google.gson.GsonBuilder;
import com.google.gson.JsonObject;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;

/// What a rank tells its launcher, one JSON object a line. Thread-safe.
final class Events {
  private final PrintStream out;
  private final Gson gson = new GsonBuilder().serializeNulls().create();
  private final int rank;
  private final String dc;

  Events(java.io.OutputStream out, int rank, String dc) {
    this.out = new PrintStream(out, false, StandardCharsets.UTF_8);
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

  /// Writes an event and flushes.
  synchronized void send(JsonObject event) {
    out.println(gson.toJson(event));
    out.flush();
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
