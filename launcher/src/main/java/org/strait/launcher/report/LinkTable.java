package org.strait.launcher.report;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import java.util.List;
import org.strait.launcher.progress.Figures;

/// Bytes, messages and cost of every link, by kind of message.
final class LinkTable {
  private final JsonObject record;
  private final List<String> kinds;

  LinkTable(JsonObject record, List<String> kinds) {
    this.record = record;
    this.kinds = kinds;
  }

  /// The section.
  String section() {
    StringBuilder html = new StringBuilder("<h2>Links</h2><div class=\"card\"><table><tr>");
    html.append("<th>link</th><th class=\"num\">delay, bandwidth</th>")
        .append("<th class=\"num\">messages</th>");
    kinds.forEach(
        kind -> html.append("<th class=\"num\">").append(Html.text(kind)).append("</th>"));
    html.append("<th class=\"num\">bytes</th><th class=\"num\">cost</th></tr>");
    String currency =
        record.has("cost") ? record.getAsJsonObject("cost").get("currency").getAsString() : "";
    for (JsonElement element : record.getAsJsonObject("wan").getAsJsonArray("byLink")) {
      row(html, element.getAsJsonObject(), currency);
    }
    return html.append("</table></div>\n").toString();
  }

  private void row(StringBuilder html, JsonObject link, String currency) {
    JsonObject described = described(link);
    html.append("<tr><td class=\"one\">").append(Html.text(LinkBars.ends(link))).append("</td>");
    cell(html, described == null ? "–" : shape(described));
    cell(html, link.has("messages") ? link.get("messages").getAsString() : "–");
    JsonObject byKind = link.getAsJsonObject("byKind");
    for (String kind : kinds) {
      cell(html, byKind.has(kind) ? Figures.bytes(byKind.get(kind).getAsDouble()) : "–");
    }
    double bytes = link.get("bytes").getAsDouble();
    cell(html, Figures.bytes(bytes));
    cell(
        html,
        described == null
            ? "–"
            : Figures.money(bytes * described.get("pricePerGB").getAsDouble() / 1e9, currency));
    html.append("</tr>");
  }

  private static void cell(StringBuilder html, String text) {
    html.append("<td class=\"num\">").append(Html.text(text)).append("</td>");
  }

  private static String shape(JsonObject link) {
    double delay = link.get("delayNanos").getAsDouble() / 1e9;
    double bits = link.get("bitsPerSecond").getAsDouble();
    if (delay == 0 && bits == 0) {
      return "as is";
    }
    return Figures.seconds(delay) + (bits == 0 ? "" : ", " + Figures.megabits(bits));
  }

  private JsonObject described(JsonObject link) {
    JsonObject config = record.getAsJsonObject("config");
    if (config == null || !config.has("geography")) {
      return null;
    }
    for (JsonElement element : config.getAsJsonObject("geography").getAsJsonArray("links")) {
      JsonObject one = element.getAsJsonObject();
      if (one.get("from").equals(link.get("from")) && one.get("to").equals(link.get("to"))) {
        return one;
      }
    }
    return null;
  }
}
