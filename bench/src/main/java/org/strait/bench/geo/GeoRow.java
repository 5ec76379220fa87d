package org.strait.bench.geo;

import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import java.util.List;

/// How one training went.
///
/// @param rows of all data centres
/// @param optimum of the objective
/// @param objective at the end
/// @param reached whether the gap was reached
/// @param reason why it ended
/// @param rounds steps of the solver
/// @param bytes handed to all sockets between data centres
/// @param seconds of the slowest data centre
/// @param rowsSent that left their data centre
/// @param history where it stood after each step
record GeoRow(
    String set,
    String partition,
    int dcs,
    String solver,
    int rows,
    int features,
    double l2,
    double optimum,
    double objective,
    boolean reached,
    String reason,
    long rounds,
    long bytes,
    double seconds,
    long rowsSent,
    List<Point> history) {
  /// A step.
  ///
  /// @param bytes of all data centres until then
  record Point(long bytes, double seconds, double objective) {}

  /// Relative distance to the optimum.
  double gap() {
    return gap(objective);
  }

  double gap(double value) {
    return value / optimum - 1;
  }

  /// Bytes in vectors of float32 on all links but one to each data centre.
  double vectors() {
    return bytes / (4.0 * features * (dcs - 1));
  }

  String name() {
    return set + ", " + partition + ", " + dcs + " data centres";
  }

  JsonObject json() {
    JsonObject json = new JsonObject();
    json.addProperty("bench", "geo");
    json.addProperty("case", name());
    json.addProperty("who", solver);
    json.addProperty("peer", false);
    json.addProperty("set", set);
    json.addProperty("partition", partition);
    json.addProperty("dcs", dcs);
    json.addProperty("rows", rows);
    json.addProperty("features", features);
    json.addProperty("l2", l2);
    json.addProperty("optimum", optimum);
    json.addProperty("objective", objective);
    json.addProperty("gap", gap());
    json.addProperty("reached", reached);
    json.addProperty("reason", reason);
    json.addProperty("rounds", rounds);
    json.addProperty("bytes", bytes);
    json.addProperty("vectors", vectors());
    json.addProperty("seconds", seconds);
    json.addProperty("rowsSent", rowsSent);
    JsonArray points = new JsonArray();
    for (Point point : history) {
      JsonArray one = new JsonArray();
      one.add(point.bytes());
      one.add(point.seconds());
      one.add(gap(point.objective()));
      points.add(one);
    }
    json.add("history", points);
    return json;
  }
}
