package org.strait.launcher.report;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.strait.launcher.progress.Figures;
import org.strait.launcher.record.JsonFiles;

/// Writes a run record as one self-contained page: verdict, figures, charts, links, configuration,
/// privacy statement and the record itself. Sections without data are left out.
public final class HtmlReport {
  private final JsonObject record;
  private final StringBuilder html = new StringBuilder();

  private HtmlReport(JsonObject record) {
    this.record = record;
  }

  /// The page.
  public static String render(JsonObject record) {
    HtmlReport report = new HtmlReport(record);
    report.head();
    report.banner();
    report.tiles();
    report.charts();
    report.links();
    report.comparison();
    report.modelAndMetrics();
    report.membership();
    report.html.append(new ConfigTable(record).section());
    report.environment();
    report.forecast();
    report.privacy();
    report.raw();
    return report.html.append("</main></body></html>\n").toString();
  }

  /// The style sheet of all pages.
  static String css() {
    try (InputStream in = HtmlReport.class.getResourceAsStream("report.css")) {
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private void head() {
    String run = record.getAsJsonObject("config").get("name").getAsString();
    String name = text("command").equals(run) ? run : text("command") + " " + run;
    html.append("<!doctype html><html lang=\"en\"><head><meta charset=\"utf-8\">")
        .append("<meta name=\"viewport\" content=\"width=device-width,initial-scale=1\">")
        .append("<meta name=\"color-scheme\" content=\"light dark\"><title>strait ")
        .append(Html.text(name))
        .append("</title><style>")
        .append(css())
        .append("</style></head><body><main><h1>strait ")
        .append(Html.text(name))
        .append("</h1><p class=\"sub\">")
        .append(Html.text(subtitle()))
        .append("</p>\n");
  }

  private String subtitle() {
    List<String> parts = new ArrayList<>();
    if (record.has("startedAt")) {
      parts.add(text("startedAt").replace('T', ' '));
    }
    parts.add(text("dcs") + " data centres, " + text("ranks") + " ranks");
    parts.add(text("model"));
    if (record.has("rows")) {
      parts.add(String.format(Locale.ROOT, "%,d rows", record.get("rows").getAsLong()));
    }
    if (record.has("features")) {
      parts.add(String.format(Locale.ROOT, "%,d features", record.get("features").getAsLong()));
    }
    return String.join(" · ", parts);
  }

  private void banner() {
    int status = record.has("exitStatus") ? record.get("exitStatus").getAsInt() : 0;
    boolean converged = record.get("converged").getAsBoolean();
    String style = status != 0 && status != 3 ? "bad" : converged ? "ok" : "mid";
    String headline =
        switch (style) {
          case "bad" -> "Failed: " + text("reason");
          case "ok" -> "Converged: " + text("reason");
          default -> "Ended: " + text("reason");
        };
    List<String> notes = new ArrayList<>();
    long hashes = hashes().values().stream().map(JsonElement::getAsString).distinct().count();
    if (hashes == 1) {
      notes.add("model identical in " + hashes().size() + " of " + text("dcs") + " data centres");
    } else if (hashes > 1) {
      notes.add("MODELS DIFFER between data centres");
    }
    notes.add(text("rowsSent") + " rows left a data centre");
    html.append("<div class=\"banner ")
        .append(style)
        .append("\">")
        .append(Html.text(headline))
        .append("<small>")
        .append(Html.text(String.join(" · ", notes)))
        .append("</small></div>\n");
  }

  private Map<String, JsonElement> hashes() {
    return record.getAsJsonObject("modelHash").asMap();
  }

  private void tiles() {
    html.append("<div class=\"tiles\">");
    JsonObject reference = record.has("reference") ? record.getAsJsonObject("reference") : null;
    if (known(record, "objective")) {
      double objective = record.get("objective").getAsDouble();
      String beside = "";
      if (reference != null && known(reference, "objective")) {
        double other = reference.get("objective").getAsDouble();
        beside =
            String.format(
                Locale.ROOT, "%+.3f %% against uncompressed", 100 * (objective - other) / other);
      }
      tile("Objective", Figures.loss(objective), beside);
    }
    double bytes = record.getAsJsonObject("wan").get("bytes").getAsDouble();
    JsonObject wan = record.getAsJsonObject("wan");
    tile(
        "WAN bytes, both ways",
        Figures.bytes(bytes),
        wan.has("vectors")
            ? String.format(Locale.ROOT, "%.1f dense vectors", wan.get("vectors").getAsDouble())
            : "");
    if (reference != null && bytes > 0) {
      double other = reference.get("wanBytes").getAsDouble();
      tile("against uncompressed", times(other, bytes), Figures.bytes(other));
    }
    if (record.has("centralise") && bytes > 0) {
      double rows = record.getAsJsonObject("centralise").get("bytes").getAsDouble();
      tile("against moving the rows", times(rows, bytes), Figures.bytes(rows) + " compressed");
    }
    if (record.has("seconds")) {
      tile(
          "Time",
          Figures.seconds(record.get("seconds").getAsDouble()),
          record.has("rounds") ? text("rounds") + " rounds" : "");
    }
    tile(
        "Rows sent",
        text("rowsSent"),
        record.has("rows")
            ? String.format(Locale.ROOT, "of %,d", record.get("rows").getAsLong())
            : "");
    html.append("</div>\n");
  }

  private static String times(double other, double ours) {
    double ratio = other >= ours ? other / ours : ours / other;
    return String.format(Locale.ROOT, ratio < 10 ? "%.1f× " : "%.0f× ", ratio)
        + (other >= ours ? "less" : "more");
  }

  private void tile(String label, String value, String beside) {
    html.append("<div class=\"tile\"><span>")
        .append(Html.text(label))
        .append("</span><b>")
        .append(Html.text(value))
        .append("</b><em>")
        .append(Html.text(beside))
        .append("</em></div>");
  }

  private void charts() {
    LossCharts losses = new LossCharts(record);
    LinkBars bars = bars();
    if (losses.isEmpty() && bars.kinds().isEmpty()) {
      return;
    }
    html.append("<h2>Progress</h2><div class=\"charts\">");
    if (!losses.isEmpty()) {
      html.append(losses.figures());
    }
    if (!bars.kinds().isEmpty()) {
      html.append(bars.figure());
    }
    html.append("</div>\n");
  }

  private LinkBars bars() {
    return new LinkBars(record.getAsJsonObject("wan").getAsJsonArray("byLink"));
  }

  private void links() {
    if (!bars().kinds().isEmpty()) {
      html.append(new LinkTable(record, bars().kinds()).section());
    }
  }

  private void comparison() {
    JsonObject cost = record.has("cost") ? record.getAsJsonObject("cost") : null;
    if (cost == null || !cost.has("strait")) {
      return;
    }
    html.append("<h2>What it costs</h2><div class=\"card\"><table><tr><th>way</th>")
        .append("<th class=\"num\">bytes</th><th class=\"num\">cost</th><th>how counted</th></tr>");
    costRow(
        "strait",
        record.getAsJsonObject("wan").get("bytes"),
        cost,
        "strait",
        "counted at the sockets, framing and handshakes included");
    if (record.has("reference")) {
      costRow(
          "uncompressed exchange",
          record.getAsJsonObject("reference").get("wanBytes"),
          cost,
          "uncompressed",
          "counted at the sockets of a second run");
    }
    if (record.has("centralise")) {
      JsonObject centralise = record.getAsJsonObject("centralise");
      costRow(
          "moving the rows",
          centralise.get("bytes"),
          cost,
          "centralise",
          centralise.get("how").getAsString());
    }
    html.append("</table></div><p class=\"sub\">Prices: ")
        .append(Html.text(cost.get("note").getAsString()))
        .append("</p>\n");
  }

  private void costRow(String way, JsonElement bytes, JsonObject cost, String key, String how) {
    String money =
        cost.has(key)
            ? Figures.money(cost.get(key).getAsDouble(), cost.get("currency").getAsString())
            : "";
    html.append("<tr><td>")
        .append(Html.text(way))
        .append("</td><td class=\"num\">")
        .append(Figures.bytes(bytes.getAsDouble()))
        .append("</td><td class=\"num\">")
        .append(Html.text(money))
        .append("</td><td class=\"val\">")
        .append(Html.text(how))
        .append("</td></tr>");
  }

  private void modelAndMetrics() {
    html.append("<h2>Model</h2><div class=\"two\"><div class=\"card\"><table>");
    pair("model", text("model"));
    pair("solver", text("solver"));
    pair("exchange", text("exchange"));
    if (record.has("support") && record.getAsJsonObject("support").has("shared")) {
      JsonObject support = record.getAsJsonObject("support");
      pair(
          "features that travelled",
          String.format(
              Locale.ROOT,
              "%,d, of two or more data centres; %,d of one, %,d of none; %,d bytes to agree, %,d of"
                  + " final weights",
              support.get("shared").getAsLong(),
              support.get("own").getAsLong(),
              support.get("absent").getAsLong(),
              support.get("dictionaryBytes").getAsLong(),
              support.get("weightBytes").getAsLong()));
    }
    hashes().forEach((dc, hash) -> pair("sha256 in " + dc, hash.getAsString()));
    html.append("</table></div>");
    if (record.has("metrics") && record.get("metrics").isJsonObject()) {
      html.append("<div class=\"card\">");
      metricsTable();
      html.append("</div>");
    }
    html.append("</div>\n");
  }

  private void metricsTable() {
    JsonObject all = record.getAsJsonObject("metrics");
    JsonObject byDc =
        record.has("metricsByDc") ? record.getAsJsonObject("metricsByDc") : new JsonObject();
    html.append("<table><tr><th>on the test rows</th><th class=\"num\">all</th>");
    byDc.keySet()
        .forEach(dc -> html.append("<th class=\"num\">").append(Html.text(dc)).append("</th>"));
    html.append("</tr>");
    for (String metric : all.keySet()) {
      if (!all.get(metric).isJsonPrimitive()) {
        continue;
      }
      html.append("<tr><td class=\"key\">").append(Html.text(metric)).append("</td>");
      metricCell(all.get(metric));
      byDc.asMap().values().forEach(dc -> metricCell(dc.getAsJsonObject().get(metric)));
      html.append("</tr>");
    }
    html.append("</table>");
    if (all.has("confusion")) {
      confusion(all.getAsJsonArray("classes"), all.getAsJsonArray("confusion"));
    }
  }

  /// Rows of each class by the class that they were taken for.
  private void confusion(JsonArray classes, JsonArray rows) {
    html.append("<table><tr><th>is \\ taken for</th>");
    classes.forEach(
        name ->
            html.append("<th class=\"num\">")
                .append(Html.text(name.getAsString()))
                .append("</th>"));
    html.append("</tr>");
    for (int is = 0; is < rows.size(); is++) {
      html.append("<tr><td class=\"key\">").append(Html.text(classes.get(is).getAsString()));
      for (JsonElement count : rows.get(is).getAsJsonArray()) {
        html.append("</td><td class=\"num\">").append(count.getAsLong());
      }
      html.append("</td></tr>");
    }
    html.append("</table>");
  }

  private void metricCell(JsonElement value) {
    boolean number = value != null && value.isJsonPrimitive();
    html.append("<td class=\"num\">")
        .append(number ? String.format(Locale.ROOT, "%.5g", value.getAsDouble()) : "–")
        .append("</td>");
  }

  private void membership() {
    if (!record.has("membership") || record.getAsJsonArray("membership").isEmpty()) {
      return;
    }
    html.append("<h2>Membership</h2><div class=\"card\"><table><tr><th class=\"num\">round</th>")
        .append("<th>data centre</th><th>event</th><th>why</th></tr>");
    for (JsonElement element : record.getAsJsonArray("membership")) {
      JsonObject event = element.getAsJsonObject();
      html.append("<tr><td class=\"num\">").append(Html.text(event.get("round").getAsString()));
      for (String key : List.of("dc", "event", "why")) {
        html.append("</td><td>").append(Html.text(event.get(key).getAsString()));
      }
      html.append("</td></tr>");
    }
    html.append("</table></div>\n");
  }

  private void environment() {
    html.append("<h2>Environment</h2><div class=\"card\"><table>");
    pair("strait", text("version"));
    for (String key : List.of("backendLine", "backend", "transport", "seed")) {
      if (record.has(key)) {
        pair(key.equals("backendLine") ? "kernels" : key, text(key));
      }
    }
    if (record.has("environment")) {
      record
          .getAsJsonObject("environment")
          .asMap()
          .forEach((key, value) -> pair(key, value.getAsString()));
    }
    html.append("<tr><td class=\"key\">reproduce</td><td class=\"val\"><code>")
        .append(Html.text(record.has("commandLine") ? text("commandLine") : ""))
        .append("</code></td></tr></table></div>\n");
  }

  private void pair(String key, String value) {
    html.append("<tr><td class=\"key\">")
        .append(Html.text(key))
        .append("</td><td class=\"val\">")
        .append(Html.text(value))
        .append("</td></tr>");
  }

  /// What a plan said, beside what became of it.
  private void forecast() {
    if (!record.has("forecast")) {
      return;
    }
    html.append("<h2>Forecast</h2><div class=\"card\"><table>");
    for (Map.Entry<String, JsonElement> entry :
        record.getAsJsonObject("forecast").asMap().entrySet()) {
      if (entry.getValue().isJsonObject()) {
        JsonObject one = entry.getValue().getAsJsonObject();
        pair(
            entry.getKey(),
            String.format(
                Locale.ROOT,
                "%.4g forecast, %.4g in this run%s",
                one.get("forecast").getAsDouble(),
                one.get("was").getAsDouble(),
                known(one, "times")
                    ? String.format(Locale.ROOT, ": %.2f times", one.get("times").getAsDouble())
                    : ""));
      }
    }
    html.append("</table></div>\n");
  }

  private void privacy() {
    html.append("<h2>Privacy</h2><div class=\"card pad\"><p>")
        .append(Html.text(text("rowsSent")))
        .append(" rows were sent between data centres. What ")
        .append(text("rowsSent").equals("0") ? "" : "else ")
        .append("left them were model updates and ")
        .append("control messages, counted above by link and kind.</p><p><strong>This is not a ")
        .append("mathematical privacy guarantee.</strong> Updates can leak information about the ")
        .append("rows that they were computed from. Differential privacy: off. Secure ")
        .append("aggregation: off.</p></div>\n");
  }

  private void raw() {
    html.append("<h2>Run record</h2><div class=\"card\"><details><summary>run.json</summary>")
        .append("<pre id=\"record\">")
        .append(Html.text(JsonFiles.pretty(record)))
        .append("</pre></details></div>")
        .append("<footer>One file, no scripts, nothing fetched. Written by strait ")
        .append(Html.text(text("version")))
        .append(".</footer>");
  }

  private static boolean known(JsonObject json, String key) {
    return json.has(key) && !json.get(key).isJsonNull();
  }

  private String text(String key) {
    return known(record, key) ? record.get(key).getAsString() : "";
  }
}
