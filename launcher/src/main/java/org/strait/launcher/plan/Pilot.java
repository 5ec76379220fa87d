package org.strait.launcher.plan;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.strait.launcher.config.Job;
import org.strait.launcher.config.JobJson;
import org.strait.launcher.config.JobKey;

/// A job's small twin: the same model and data centres, a sample of the rows, one solver, ranks on
/// this machine, links as fast as they are. Nothing leaves the machine.
final class Pilot {
  /// Sends rows to one data centre.
  static final String CENTRALIZED = "centralized";

  /// Where the objective of a sample says nothing of that of all rows.
  private static final double TOLERANCE = 1e-5;

  private static final List<JobKey> ONLY_THE_JOBS_OWN =
      List.of(
          JobKey.EXCHANGE,
          JobKey.DENSITY,
          JobKey.BATCH,
          JobKey.RATE,
          JobKey.LOCAL_STEPS,
          JobKey.FRAGMENTS,
          JobKey.TIMING,
          JobKey.OUTER,
          JobKey.SUPPORT,
          JobKey.ROUTE,
          JobKey.EPOCHS);

  private static final List<JobKey> NEVER =
      List.of(JobKey.RESUME, JobKey.KILL, JobKey.REJOIN, JobKey.TEST, JobKey.TEST_SITES, JobKey.DC);

  /// Starts ranks for a job and waits.
  @FunctionalInterface
  interface Runner {
    /// Returns the run's record.
    ///
    /// @throws org.strait.launcher.config.UserMistake if the job cannot be done like that
    JsonObject run(Job job, Path folder) throws IOException, InterruptedException;
  }

  private Pilot() {}

  /// The twin.
  ///
  /// @param solver of the twin; the job's own keeps all that goes with it
  static Job job(Job job, Sample sample, String solver) {
    JsonObject json = JobJson.write(job);
    boolean own = job.method().solver().equals(solver);
    NEVER.forEach(key -> json.remove(key.key()));
    if (!own) {
      ONLY_THE_JOBS_OWN.forEach(key -> json.remove(key.key()));
    }
    json.addProperty(JobKey.NAME.key(), "pilot " + solver);
    json.addProperty(JobKey.SOLVER.key(), solver);
    json.addProperty(JobKey.ROWS_MAY_LEAVE.key(), solver.equals(CENTRALIZED));
    if (!solver.equals(CENTRALIZED)) {
      json.remove(JobKey.SITE.key());
    }
    json.addProperty(JobKey.REFERENCE.key(), false);
    json.addProperty(JobKey.WAN.key(), "none");
    json.addProperty(JobKey.CHECKPOINT_EVERY.key(), "never");
    rows(json, job, sample);
    geography(json.getAsJsonObject("geography"));
    JsonArray given = new JsonArray();
    for (JsonElement key : json.getAsJsonArray("given")) {
      if (json.has(key.getAsString())) {
        given.add(key);
      }
    }
    json.add("given", given);
    return JobJson.read(json);
  }

  private static void rows(JsonObject json, Job job, Sample sample) {
    if (sample.every() > 1 && job.bound().target().isPresent()) {
      json.remove(JobKey.TARGET.key());
      json.addProperty(JobKey.TOLERANCE.key(), TOLERANCE);
    }
    if (job.data().generatedRows().isPresent()) {
      int rows = job.data().generatedRows().getAsInt() / sample.every();
      json.addProperty(JobKey.ROWS.key(), Math.max(1, rows));
      return;
    }
    if (sample.every() == 1) {
      return;
    }
    JsonArray files = new JsonArray();
    sample.files().forEach(file -> files.add(file.toString()));
    json.add(JobKey.DATA.key(), files);
    json.addProperty(JobKey.FORMAT.key(), "libsvm");
    json.remove(JobKey.LABEL.key());
    json.remove(JobKey.WEIGHT.key());
    json.remove(JobKey.WEIGHTS.key());
    json.addProperty(JobKey.FEATURES.key(), sample.features());
    sample.sites().ifPresent(file -> json.addProperty(JobKey.SITES.key(), file.toString()));
  }

  private static void geography(JsonObject geography) {
    for (JsonElement element : geography.getAsJsonArray("dcs")) {
      for (String key : List.of("data", "gateway", "bind", "certificate", "key", "authorities")) {
        element.getAsJsonObject().remove(key);
      }
    }
    for (JsonElement element : geography.getAsJsonArray("links")) {
      for (String key : List.of("delayNanos", "bitsPerSecond", "jitterNanos", "loss")) {
        element.getAsJsonObject().addProperty(key, 0);
      }
    }
  }
}
