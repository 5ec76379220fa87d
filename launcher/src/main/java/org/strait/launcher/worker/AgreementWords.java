package org.strait.launcher.worker;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import org.strait.launcher.config.Job;
import org.strait.launcher.config.UserMistake;

/// What launches that agree tell each other, and what one has against another.
///
///     there       {"dc": …, "secret": SHA-256 of it, "build": …, "job": {…}, "facts": "…"}
///     back        {"facts": [one per data centre, in order]} | {"refused": "why"}
///                 | {"later": "why"}
final class AgreementWords {
  static final String REMEDY = "give all launches the same job, build and secret";

  private final Job job;
  private final String secret;
  private final String build;

  /// @param secret that the users of all launches have agreed on; may be empty
  /// @param build of strait that this launch runs
  AgreementWords(Job job, String secret, String build) {
    this.job = job;
    this.secret = digest(secret);
    this.build = build;
  }

  private String here() {
    return job.geography().topology().dcs().get(job.geography().hereIndex()).name();
  }

  JsonObject request(String facts) {
    JsonObject mine = new JsonObject();
    mine.addProperty("dc", here());
    mine.addProperty("secret", secret);
    mine.addProperty("build", build);
    mine.add("job", JobWords.of(job));
    mine.addProperty("facts", facts);
    return mine;
  }

  static JsonObject answer(String[] facts) {
    JsonObject answer = new JsonObject();
    JsonArray array = new JsonArray();
    for (String text : facts) {
      array.add(text);
    }
    answer.add("facts", array);
    return answer;
  }

  static JsonObject refusal(String why) {
    JsonObject refusal = new JsonObject();
    refusal.addProperty("refused", why);
    return refusal;
  }

  static JsonObject later(String why) {
    JsonObject later = new JsonObject();
    later.addProperty("later", why);
    return later;
  }

  /// Everybody's facts in an answer.
  ///
  /// @throws UserMistake if it is a refusal
  static List<String> facts(JsonObject answer, int dcs) throws IOException {
    if (answer.has("refused")) {
      String[] why = text(answer, "refused").split("; ", 2);
      throw new UserMistake(why[0], why.length > 1 ? why[1] : REMEDY);
    }
    List<String> all = new ArrayList<>();
    answer.getAsJsonArray("facts").forEach(text -> all.add(text.getAsString()));
    if (all.size() != dcs) {
      throw new IOException(all.size() + " answers for " + dcs + " data centres");
    }
    return all;
  }

  /// What to say to a launch that begins while this one is in training.
  ///
  /// @param facts that all agreed on
  /// @param counted whether its data centre still takes part here
  /// @param closedBecause why nobody can come back; empty if one can
  JsonObject welcomeBack(
      String dc,
      JsonObject theirs,
      String[] facts,
      int index,
      boolean counted,
      String closedBecause) {
    String why = text(theirs, "dc").equals(dc) ? difference(theirs, dc) : "it is not " + dc;
    if (!why.isEmpty()) {
      return refusal(why);
    }
    if (!closedBecause.isEmpty()) {
      return refusal(dc + " cannot come back: " + closedBecause);
    }
    String now = text(theirs, "facts");
    if (!now.equals(facts[index])) {
      return refusal(
          dc
              + " comes back with other rows than it left with (rows, most rows and entries of a"
              + " rank, features and labels are "
              + now
              + ", were "
              + facts[index]
              + "); give it the rows that it had");
    }
    return counted ? later(here() + " still counts " + dc + " in") : answer(facts);
  }

  /// What tells another launch's job from this one's; empty if nothing does.
  String difference(JsonObject theirs, String dc) {
    if (!MessageDigest.isEqual(
        text(theirs, "secret").getBytes(StandardCharsets.UTF_8),
        secret.getBytes(StandardCharsets.UTF_8))) {
      return "the launches of " + here() + " and " + dc + " have different STRAIT_WAN_TOKEN";
    }
    if (!text(theirs, "build").equals(build)) {
      return dc + " runs strait " + text(theirs, "build") + ", " + here() + " runs " + build;
    }
    JsonObject job1 = JobWords.of(job);
    JsonObject job2 = theirs.getAsJsonObject("job");
    for (Map.Entry<String, JsonElement> entry : job1.entrySet()) {
      if (!entry.getValue().equals(job2.get(entry.getKey()))) {
        return "the launch of "
            + dc
            + " has "
            + entry.getKey()
            + " "
            + shown(job2, entry.getKey())
            + ", that of "
            + here()
            + " has "
            + shown(job1, entry.getKey());
      }
    }
    for (String key : job2.keySet()) {
      if (!job1.has(key)) {
        return "the launch of "
            + dc
            + " has "
            + key
            + " "
            + shown(job2, key)
            + ", that of "
            + here()
            + " leaves it out";
      }
    }
    return "";
  }

  private static String shown(JsonObject job, String key) {
    return job.has(key) ? job.get(key).getAsString() : "left out";
  }

  static String text(JsonObject json, String key) {
    return json.has(key) && json.get(key).isJsonPrimitive() ? json.get(key).getAsString() : "";
  }

  private static String digest(String text) {
    try {
      byte[] bytes = ("strait agreement " + text).getBytes(StandardCharsets.UTF_8);
      return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JDK has SHA-256", e);
    }
  }
}
