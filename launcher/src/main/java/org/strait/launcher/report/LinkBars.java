package org.strait.launcher.report;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.strait.launcher.progress.Figures;

/// Bytes of each link as stacked bars, one colour per kind of message.
final class LinkBars {
  private static final int COLORS = 6;

  private final JsonArray links;
  private final List<String> kinds = new ArrayList<>();

  /// @param links `wan.byLink` of the run record
  LinkBars(JsonArray links) {
    this.links = links;
    for (JsonElement link : links) {
      for (String kind : link.getAsJsonObject().getAsJsonObject("byKind").keySet()) {
        if (!kinds.contains(kind)) {
          kinds.add(kind);
        }
      }
    }
  }

  /// Kinds of message that occur, in the order of their colours.
  List<String> kinds() {
    return kinds;
  }

  /// The chart.
  String figure() {
    StringBuilder html = new StringBuilder("<figure><figcaption>Bytes per link</figcaption>");
    html.append("<div class=\"legend\">");
    for (int i = 0; i < kinds.size(); i++) {
      html.append("<span><i class=\"k box b")
          .append(i % COLORS + 1)
          .append("\"></i>")
          .append(Html.text(kinds.get(i)))
          .append("</span>");
    }
    html.append("</div><div class=\"bars\">");
    long largest = 1;
    for (JsonElement link : links) {
      largest = Math.max(largest, link.getAsJsonObject().get("bytes").getAsLong());
    }
    for (JsonElement element : links) {
      JsonObject link = element.getAsJsonObject();
      html.append("<span class=\"who\">")
          .append(Html.text(ends(link)))
          .append("</span>")
          .append("<span class=\"bar\">");
      JsonObject byKind = link.getAsJsonObject("byKind");
      for (int i = 0; i < kinds.size(); i++) {
        if (byKind.has(kinds.get(i))) {
          long bytes = byKind.get(kinds.get(i)).getAsLong();
          html.append(
              String.format(
                  Locale.ROOT,
                  "<i class=\"b%d\" style=\"width:%.2f%%\" title=\"%s %s\"></i>",
                  i % COLORS + 1,
                  100.0 * bytes / largest,
                  Html.text(kinds.get(i)),
                  Figures.bytes((double) bytes)));
        }
      }
      html.append("</span><span class=\"num\">")
          .append(Figures.bytes(link.get("bytes").getAsDouble()))
          .append("</span>");
    }
    return html.append("</div></figure>\n").toString();
  }

  /// `dc1 → dc2`.
  static String ends(JsonObject link) {
    return link.get("from").getAsString() + " → " + link.get("to").getAsString();
  }
}
