package org.strait.launcher.record;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.strait.engine.topology.DataCenter;
import org.strait.engine.topology.Link;
import org.strait.engine.topology.Topology;

/// Bytes between data centres, as the gateways counted them at their sockets: by link and by kind
/// of message.
final class WanCount {
  /// What went over one link.
  private static final class Flow {
    private long bytes;
    private long messages;
    private boolean broken;
    private final Map<String, Long> byKind = new TreeMap<>();
  }

  private final Topology topology;
  private final Map<List<String>, Flow> flows = new LinkedHashMap<>();

  /// Adds up the `links` of `done` events.
  WanCount(Topology topology, List<JsonObject> done) {
    this.topology = topology;
    for (JsonObject event : done) {
      if (!event.has("links")) {
        continue;
      }
      String from = event.get("dc").getAsString();
      for (JsonElement element : event.getAsJsonArray("links")) {
        JsonObject link = element.getAsJsonObject();
        Flow flow =
            flows.computeIfAbsent(List.of(from, link.get("to").getAsString()), k -> new Flow());
        flow.bytes += link.get("bytes").getAsLong();
        flow.messages += link.get("messages").getAsLong();
        flow.broken |= link.has("broken");
        if (link.has("byKind")) {
          link.getAsJsonObject("byKind")
              .asMap()
              .forEach((kind, n) -> flow.byKind.merge(kind, n.getAsLong(), Long::sum));
        }
      }
    }
  }

  long bytes() {
    return flows.values().stream().mapToLong(f -> f.bytes).sum();
  }

  /// Bytes of one kind, without framing.
  long bytes(String kind) {
    return flows.values().stream().mapToLong(f -> f.byKind.getOrDefault(kind, 0L)).sum();
  }

  long messages() {
    return flows.values().stream().mapToLong(f -> f.messages).sum();
  }

  /// What the bytes cost at the links' prices.
  double cost() {
    double sum = 0;
    for (Map.Entry<List<String>, Flow> entry : flows.entrySet()) {
      sum +=
          price(topology, entry.getKey().getFirst(), entry.getKey().getLast())
              * entry.getValue().bytes
              / 1e9;
    }
    return sum;
  }

  JsonArray byLink() {
    JsonArray links = new JsonArray();
    flows.forEach(
        (ends, flow) -> {
          JsonObject link = new JsonObject();
          link.addProperty("from", ends.getFirst());
          link.addProperty("to", ends.getLast());
          link.addProperty("bytes", flow.bytes);
          link.addProperty("messages", flow.messages);
          if (flow.broken) {
            link.addProperty("broken", true);
          }
          JsonObject kinds = new JsonObject();
          flow.byKind.forEach(kinds::addProperty);
          link.add("byKind", kinds);
          links.add(link);
        });
    return links;
  }

  /// Price of 10^9 bytes from one data centre to another.
  static double price(Topology topology, String from, String to) {
    List<String> names = topology.dcs().stream().map(DataCenter::name).toList();
    Link link = topology.link(names.indexOf(from), names.indexOf(to));
    return link.pricePerGigabyte();
  }
}
