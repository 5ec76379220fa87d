package org.strait.launcher.summary;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.strait.launcher.progress.Figures;

/// The final lines of `train` and `demo`, from the run record. Figures are those counted at the
/// sockets; what was measured otherwise says so.
public final class RunSummary {
  private static final int LABEL_WIDTH = 15;

  private final JsonObject record;
  private final List<String> lines = new ArrayList<>();

  private RunSummary(JsonObject record) {
    this.record = record;
  }

  /// The lines.
  public static List<String> lines(JsonObject record) {
    RunSummary summary = new RunSummary(record);
    summary.verdict();
    summary.membership();
    summary.loss();
    summary.wan();
    summary.support();
    summary.adaptation();
    summary.cost();
    summary.model();
    summary.stragglers();
    summary.metrics();
    summary.paths();
    return List.copyOf(summary.lines);
  }

  private void verdict() {
    String mark = record.get("converged").getAsBoolean() ? "✔ converged: " : "• ";
    String rounds = record.has("rounds") ? ", " + record.get("rounds").getAsLong() + " rounds" : "";
    String seconds =
        record.has("seconds") ? ", " + Figures.seconds(record.get("seconds").getAsDouble()) : "";
    lines.add(mark + record.get("reason").getAsString() + rounds + seconds);
  }

  private void membership() {
    if (!record.has("membership")) {
      return;
    }
    for (JsonElement element : record.getAsJsonArray("membership")) {
      JsonObject change = element.getAsJsonObject();
      lines.add(
          "• "
              + change.get("dc").getAsString()
              + " "
              + change.get("event").getAsString()
              + " in round "
              + change.get("round").getAsLong()
              + ": "
              + change.get("why").getAsString());
    }
  }

  /// What was set as the run went.
  private void adaptation() {
    if (!record.has("adaptation")) {
      return;
    }
    JsonArray decisions = record.getAsJsonArray("adaptation");
    int poor = 0;
    for (JsonElement decision : decisions) {
      poor += decision.getAsJsonObject().get("poor").getAsBoolean() ? 1 : 0;
    }
    String last = decisions.get(decisions.size() - 1).getAsJsonObject().get("is").getAsString();
    String backed = poor == 0 ? "" : ", the guard backed off " + poor + " times";
    line("Exchange", decisions.size() + " samples" + backed + "; at the end " + last);
  }

  private void loss() {
    if (!has(record, "objective")) {
      return;
    }
    double objective = record.get("objective").getAsDouble();
    StringBuilder text = new StringBuilder(Figures.loss(objective));
    if (record.has("reference") && has(record.getAsJsonObject("reference"), "objective")) {
      double reference = record.getAsJsonObject("reference").get("objective").getAsDouble();
      double difference = objective - reference;
      text.append(
          String.format(
              Locale.ROOT,
              "   uncompressed reference %s, difference %+.1e (%+.3f %%)",
              Figures.loss(reference),
              difference,
              reference == 0 ? 0 : 100 * difference / Math.abs(reference)));
    }
    line("Objective", text.toString());
  }

  private static boolean has(JsonObject json, String key) {
    return json.has(key) && !json.get(key).isJsonNull();
  }

  private void wan() {
    double bytes = record.getAsJsonObject("wan").get("bytes").getAsDouble();
    line("WAN bytes", Figures.bytes(bytes) + "   counted at the sockets, " + counted());
    if (record.has("reference")) {
      double reference = record.getAsJsonObject("reference").get("wanBytes").getAsDouble();
      line(
          "",
          "against "
              + Figures.bytes(reference)
              + " for the uncompressed exchange"
              + ratio(reference, bytes));
    }
    if (record.has("centralise")) {
      JsonObject centralise = record.getAsJsonObject("centralise");
      double rows = centralise.get("bytes").getAsDouble();
      line(
          "",
          "against "
              + Figures.bytes(rows)
              + " for sending the compressed rows to "
              + centralise.get("to").getAsString()
              + ratio(rows, bytes)
              + "; measured by compressing, not sent");
    }
  }

  private void support() {
    if (record.has("support") && record.getAsJsonObject("support").has("shared")) {
      JsonObject support = record.getAsJsonObject("support");
      line(
          "Features",
          String.format(
              Locale.ROOT,
              "%,d travelled, of two or more data centres; %,d of one, %,d of none",
              support.get("shared").getAsLong(),
              support.get("own").getAsLong(),
              support.get("absent").getAsLong()));
    }
  }

  private String counted() {
    return record.has("dc") ? "sent by " + record.get("dc").getAsString() : "all links, both ways";
  }

  private static String ratio(double other, double ours) {
    if (ours <= 0 || other <= 0) {
      return "";
    }
    double ratio = other >= ours ? other / ours : ours / other;
    return String.format(
        Locale.ROOT,
        ratio < 10 ? " (%.1f× %s)" : " (%.0f× %s)",
        ratio,
        other >= ours ? "less" : "more");
  }

  private void cost() {
    JsonObject cost = record.getAsJsonObject("cost");
    if (cost == null || !cost.has("strait")) {
      return;
    }
    String currency = cost.get("currency").getAsString();
    StringBuilder text = new StringBuilder(money(cost, "strait", currency));
    if (cost.has("uncompressed")) {
      text.append("   uncompressed ").append(money(cost, "uncompressed", currency));
    }
    if (cost.has("centralise")) {
      text.append("   rows ").append(money(cost, "centralise", currency));
    }
    line("WAN cost", text.toString());
    line("", cost.get("note").getAsString());
  }

  private static String money(JsonObject cost, String key, String currency) {
    return Figures.money(cost.get(key).getAsDouble(), currency);
  }

  private void stragglers() {
    if (!record.has("stragglers")) {
      return;
    }
    for (JsonElement element : record.getAsJsonArray("stragglers")) {
      JsonObject straggler = element.getAsJsonObject();
      line(
          "Straggler",
          "rank "
              + straggler.get("rank").getAsInt()
              + " ("
              + straggler.get("dc").getAsString()
              + ") spent "
              + Figures.seconds(straggler.get("gradientSeconds").getAsDouble())
              + " on its rows, the median rank "
              + Figures.seconds(straggler.get("medianSeconds").getAsDouble()));
    }
  }

  private void model() {
    Map<String, JsonElement> hashes = record.getAsJsonObject("modelHash").asMap();
    List<String> different =
        hashes.values().stream().map(JsonElement::getAsString).distinct().toList();
    if (record.has("dc") && different.size() == 1) {
      line("Model", "sha256 " + different.getFirst() + "   in every launch");
    } else if (different.size() == 1) {
      line(
          "Model",
          "identical in "
              + hashes.size()
              + "/"
              + record.get("dcs").getAsInt()
              + " data centres, sha256 "
              + different.getFirst());
    } else if (different.size() > 1) {
      boolean first = true;
      for (Map.Entry<String, JsonElement> entry : hashes.entrySet()) {
        line(
            first ? "Model" : "",
            (first ? "DIFFERS: " : "         ")
                + entry.getKey()
                + " sha256 "
                + entry.getValue().getAsString());
        first = false;
      }
    }
    if (record.has("rows")) {
      line(
          "Rows sent",
          record.get("rowsSent").getAsLong()
              + " of "
              + String.format(Locale.ROOT, "%,d", record.get("rows").getAsLong()));
    }
  }

  private void metrics() {
    if (record.has("metrics") && record.get("metrics").isJsonObject()) {
      List<String> parts = new ArrayList<>();
      record
          .getAsJsonObject("metrics")
          .asMap()
          .forEach(
              (name, value) -> {
                if (value.isJsonPrimitive() && value.getAsJsonPrimitive().isNumber()) {
                  parts.add(name + " " + String.format(Locale.ROOT, "%.5g", value.getAsDouble()));
                }
              });
      if (!parts.isEmpty()) {
        line("Test", String.join("   ", parts));
      }
    }
  }

  private void paths() {
    JsonObject paths = record.getAsJsonObject("paths");
    if (paths.has("model")) {
      line("Model file", paths.get("model").getAsString());
    }
    line("Run record", paths.get("record").getAsString());
    line("Report", paths.get("report").getAsString());
  }

  private void line(String label, String text) {
    lines.add("  " + label + " ".repeat(LABEL_WIDTH - label.length()) + text);
  }
}
