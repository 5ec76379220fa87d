package org.strait.launcher.worker;

import com.google.gson.JsonObject;
import java.util.List;
import java.util.StringJoiner;
import org.strait.engine.topology.DataCenter;
import org.strait.engine.topology.Link;
import org.strait.launcher.config.Job;
import org.strait.launcher.config.JobJson;
import org.strait.launcher.config.JobKey;

/// The part of a job that launches of different data centres must have in common. Rows, threads,
/// backend and the like are each one's own affair.
final class JobWords {
  private static final List<JobKey> COMMON =
      List.of(
          JobKey.LABELS,
          JobKey.FEATURES,
          JobKey.MODEL,
          JobKey.L2,
          JobKey.L1,
          JobKey.INTERCEPT,
          JobKey.SOLVER,
          JobKey.SITE,
          JobKey.RATE,
          JobKey.BATCH,
          JobKey.EXCHANGE,
          JobKey.DENSITY,
          JobKey.ROUTE,
          JobKey.ADAPT,
          JobKey.DENSITY_BOUNDS,
          JobKey.BITS_BOUNDS,
          JobKey.GUARD,
          JobKey.LOCAL_STEPS,
          JobKey.TIMING,
          JobKey.FRAGMENTS,
          JobKey.OUTER,
          JobKey.SUPPORT,
          JobKey.TARGET,
          JobKey.TOLERANCE,
          JobKey.ROUNDS,
          JobKey.EPOCHS,
          JobKey.SEED,
          JobKey.CHECKPOINT_EVERY,
          JobKey.QUORUM,
          JobKey.GATEWAYS,
          JobKey.REFERENCE);

  private JobWords() {}

  /// By key of the job, and the data centres with their ranks and gateways.
  static JsonObject of(Job job) {
    JsonObject all = JobJson.write(job);
    JsonObject words = new JsonObject();
    for (JobKey key : COMMON) {
      if (all.has(key.key())) {
        words.addProperty(key.key(), all.get(key.key()).getAsString());
      }
    }
    StringJoiner dcs = new StringJoiner(", ");
    for (DataCenter dc : job.geography().topology().dcs()) {
      dcs.add(
          dc.name()
              + " ("
              + dc.ranks()
              + " ranks, gateway "
              + job.geography().gateways().get(dc.name())
              + ")");
    }
    words.addProperty("dcs", dcs.toString());
    StringJoiner streams = new StringJoiner(", ");
    for (Link link : job.geography().topology().links()) {
      streams.add(link.from() + "-" + link.to() + " " + link.streams());
    }
    words.addProperty("streams", streams.toString());
    words.addProperty("rows with weights", job.data().weighted() ? "yes" : "no");
    words.addProperty("tls", job.geography().tls().isEmpty() ? "off" : "on");
    return words;
  }
}
