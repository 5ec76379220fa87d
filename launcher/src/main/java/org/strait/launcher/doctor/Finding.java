package org.strait.launcher.doctor;

import com.google.gson.JsonObject;
import java.util.Locale;

/// One thing that a check found.
///
/// @param level how much it matters
/// @param subject what was looked at, one word or two
/// @param what what was found, with figures
/// @param remedy what to do about it; empty if nothing has to be done
public record Finding(Level level, String subject, String what, String remedy) {
  /// How much a finding matters.
  public enum Level {
    /// As it should be.
    FINE,
    /// Trainings run, but slower than they could, or without something.
    NOTE,
    /// Trainings cannot run, or could go wrong.
    PROBLEM
  }

  static Finding fine(String subject, String what) {
    return new Finding(Level.FINE, subject, what, "");
  }

  static Finding note(String subject, String what, String remedy) {
    return new Finding(Level.NOTE, subject, what, remedy);
  }

  static Finding problem(String subject, String what, String remedy) {
    return new Finding(Level.PROBLEM, subject, what, remedy);
  }

  /// `{"level": "fine|note|problem", "subject": …, "what": …, "remedy": …}`, without an empty
  /// remedy.
  public JsonObject json() {
    JsonObject json = new JsonObject();
    json.addProperty("level", level.name().toLowerCase(Locale.ROOT));
    json.addProperty("subject", subject);
    json.addProperty("what", what);
    if (!remedy.isEmpty()) {
      json.addProperty("remedy", remedy);
    }
    return json;
  }
}
