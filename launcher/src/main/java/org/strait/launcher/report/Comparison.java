package org.strait.launcher.report;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/// Trainings of one job over other rows, judged on the same test rows.
///
/// @param name of the job
/// @param dcs data centres
/// @param runs in the order of the table
public record Comparison(String name, List<String> dcs, List<Run> runs) {
  /// Measures that are shown if the models have them, the first one also by data centre.
  private static final List<String> MEASURES =
      List.of("accuracy", "auc", "rmse", "mae", "logLoss", "r2");

  /// One training.
  ///
  /// @param what whose rows it had
  /// @param folder of the run
  /// @param record the run record
  public record Run(String what, Optional<Path> folder, JsonObject record) {
    private Optional<Double> measure(String measure) {
      return number(record.getAsJsonObject("metrics"), measure);
    }

    private Optional<Double> measure(String measure, String dc) {
      JsonObject byDc = record.getAsJsonObject("metricsByDc");
      return byDc == null ? Optional.empty() : number(byDc.getAsJsonObject(dc), measure);
    }

    private static Optional<Double> number(JsonObject json, String key) {
      return json == null || !json.has(key)
          ? Optional.empty()
          : Optional.of(json.get(key).getAsDouble());
    }

    private long wanBytes() {
      return record.getAsJsonObject("wan").get("bytes").getAsLong();
    }
  }

  /// Copies the lists.
  public Comparison {
    dcs = List.copyOf(dcs);
    runs = List.copyOf(runs);
  }

  /// The heads of the table's columns.
  List<String> heads() {
    List<String> heads = new ArrayList<>(List.of("trained on", "rows"));
    List<String> known = measures();
    heads.addAll(known);
    if (byDc()) {
      dcs.forEach(dc -> heads.add(known.getFirst() + " " + dc));
    }
    heads.add("WAN bytes");
    return heads;
  }

  private List<String> measures() {
    return MEASURES.stream()
        .filter(measure -> runs.stream().anyMatch(run -> run.measure(measure).isPresent()))
        .toList();
  }

  private boolean byDc() {
    return !measures().isEmpty()
        && runs.stream()
            .anyMatch(
                run ->
                    dcs.stream()
                        .anyMatch(dc -> run.measure(measures().getFirst(), dc).isPresent()));
  }

  /// The table's rows, a text for each head.
  List<List<String>> table() {
    List<List<String>> table = new ArrayList<>();
    for (Run run : runs) {
      List<String> row = new ArrayList<>();
      row.add(run.what());
      row.add(String.format(Locale.ROOT, "%,d", run.record().get("rows").getAsLong()));
      for (String measure : measures()) {
        row.add(text(run.measure(measure)));
      }
      for (String dc : byDc() ? dcs : List.<String>of()) {
        row.add(text(run.measure(measures().getFirst(), dc)));
      }
      row.add(String.format(Locale.ROOT, "%,d", run.wanBytes()));
      table.add(row);
    }
    return table;
  }

  private static String text(Optional<Double> number) {
    return number.map(x -> String.format(Locale.ROOT, "%.4f", x)).orElse("");
  }

  /// The table for a terminal.
  public List<String> lines() {
    List<List<String>> all = new ArrayList<>();
    all.add(heads());
    all.addAll(table());
    int[] widths = new int[heads().size()];
    for (List<String> row : all) {
      for (int c = 0; c < widths.length; c++) {
        widths[c] = Math.max(widths[c], row.get(c).length());
      }
    }
    List<String> lines = new ArrayList<>();
    for (List<String> row : all) {
      StringBuilder line = new StringBuilder();
      for (int c = 0; c < widths.length; c++) {
        String pad = " ".repeat(widths[c] - row.get(c).length());
        line.append(c == 0 ? row.get(c) + pad : "  " + pad + row.get(c));
      }
      lines.add(line.toString());
    }
    return lines;
  }

  /// The comparison as one value: of each run its name, rows, measures, bytes, rounds and seconds.
  public JsonObject json() {
    JsonObject json = new JsonObject();
    json.addProperty("command", "compare");
    json.addProperty("name", name);
    JsonArray list = new JsonArray();
    for (Run run : runs) {
      JsonObject one = new JsonObject();
      one.addProperty("trainedOn", run.what());
      run.folder().ifPresent(folder -> one.addProperty("folder", folder.toString()));
      Map<String, JsonElement> record = new TreeMap<>(run.record().asMap());
      for (String key : List.of("rows", "rounds", "seconds", "metrics", "metricsByDc")) {
        if (record.containsKey(key)) {
          one.add(key, record.get(key));
        }
      }
      one.addProperty("wanBytes", run.wanBytes());
      list.add(one);
    }
    json.add("runs", list);
    return json;
  }
}
