package org.strait.launcher.report;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonPrimitive;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/// The job's settings; those the user set are marked, all others stand at their default.
final class ConfigTable {
  private final JsonObject config;

  ConfigTable(JsonObject record) {
    config = record.getAsJsonObject("config");
  }

  /// The section.
  String section() {
    JsonArray given = config.has("given") ? config.getAsJsonArray("given") : new JsonArray();
    StringBuilder html = new StringBuilder("<h2>Configuration</h2><div class=\"card\"><table>");
    for (Map.Entry<String, JsonElement> entry : config.entrySet()) {
      if (entry.getValue().isJsonObject() || entry.getKey().equals("given")) {
        continue;
      }
      boolean set = given.contains(new JsonPrimitive(entry.getKey()));
      html.append("<tr><td class=\"key\">")
          .append(Html.text(entry.getKey()))
          .append("</td><td class=\"val\">")
          .append(Html.text(value(entry.getValue())))
          .append("</td><td class=\"num\"><span class=\"tag")
          .append(set ? " set\">set" : "\">default")
          .append("</span></td></tr>");
    }
    return html.append("</table></div>\n").toString();
  }

  private static String value(JsonElement value) {
    if (value.isJsonArray()) {
      List<String> items = new ArrayList<>();
      value.getAsJsonArray().forEach(item -> items.add(item.getAsString()));
      return String.join(", ", items);
    }
    return value.isJsonNull() ? "" : value.getAsString();
  }
}
