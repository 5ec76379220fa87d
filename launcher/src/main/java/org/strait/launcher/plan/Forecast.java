package org.strait.launcher.plan;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import java.util.List;
import java.util.Map;
import org.strait.engine.topology.DataCenter;
import org.strait.engine.topology.Link;
import org.strait.engine.topology.Topology;

/// What a way would take.
///
/// @param solver of the way, as `--solver` takes it
/// @param bytes between all data centres
/// @param seconds on the job's links
/// @param cost of the bytes at the links' prices
/// @param rounds steps of the solver
/// @param rowsSent that leave their data centre
record Forecast(
    String solver, double bytes, double seconds, double cost, long rounds, double rowsSent) {
  /// Bytes of a frame's header: every frame of a link has one, and a round waits for one of each.
  private static final double HEADER = 40;

  /// Visits to an entry and to an element of a vector in a pass over the rows, about.
  private static final double ENTRY_PASSES = 2;

  private static final double VECTOR_PASSES = 12;

  /// Kinds of messages that grow with the rows, and those that grow with the features that occur if
  /// vectors travel compressed.
  private static final String ROWS = "rows";

  private static final List<String> VECTORS = List.of("gradient", "metric", "features", "weights");

  /// Scales what a pilot took to the whole job.
  ///
  /// @param record of the pilot
  static Forecast of(String solver, JsonObject record, Sample sample, Topology topology) {
    boolean compressed =
        !record.get("exchange").getAsString().contains("dense")
            && !solver.equals(Pilot.CENTRALIZED);
    double bytes = 0;
    double cost = 0;
    double slowest = 0;
    for (JsonElement element : record.getAsJsonObject("wan").getAsJsonArray("byLink")) {
      JsonObject json = element.getAsJsonObject();
      Link link = link(topology, json.get("from").getAsString(), json.get("to").getAsString());
      double here = 0;
      double frames = 0;
      for (Map.Entry<String, JsonElement> kind :
          json.getAsJsonObject("byKind").asMap().entrySet()) {
        double count = kind.getValue().getAsDouble();
        if (kind.getKey().equals("framing")) {
          frames = count / HEADER;
        }
        here += count * factor(kind.getKey(), compressed, sample);
      }
      bytes += here;
      cost += here / 1e9 * link.pricePerGigabyte();
      double wire = link.bitsPerSecond() > 0 ? 8 * here / link.bitsPerSecond() : 0;
      slowest = Math.max(slowest, frames * link.delayNanos() * 1e-9 + wire);
    }
    double computing = record.get("seconds").getAsDouble() * work(sample, topology);
    return new Forecast(
        solver,
        bytes,
        computing + slowest,
        cost,
        record.get("rounds").getAsLong(),
        record.get("rowsSent").getAsDouble() * sample.every());
  }

  /// How many times more a rank has to do: entries, and elements of vectors, which stay.
  private static double work(Sample sample, Topology topology) {
    double entries = ENTRY_PASSES * (double) sample.entries() / topology.size();
    double vectors = VECTOR_PASSES * (double) sample.features();
    return (entries + vectors) / (entries / sample.every() + vectors);
  }

  private static double factor(String kind, boolean compressed, Sample sample) {
    if (kind.equals(ROWS)) {
      return sample.every();
    }
    // Features that are new in more rows are rare ones, of which little travels.
    return compressed && VECTORS.contains(kind) ? Math.sqrt(sample.occurring()) : 1;
  }

  private static Link link(Topology topology, String from, String to) {
    List<String> names = topology.dcs().stream().map(DataCenter::name).toList();
    return topology.link(names.indexOf(from), names.indexOf(to));
  }

  JsonObject json() {
    JsonObject json = new JsonObject();
    json.addProperty("solver", solver);
    json.addProperty("bytes", Math.round(bytes));
    json.addProperty("seconds", seconds);
    json.addProperty("cost", cost);
    json.addProperty("rounds", rounds);
    json.addProperty("rowsSent", Math.round(rowsSent));
    return json;
  }
}
