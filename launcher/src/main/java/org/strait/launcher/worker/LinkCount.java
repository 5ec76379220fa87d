package org.strait.launcher.worker;

import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.strait.engine.Averager;
import org.strait.engine.Session;
import org.strait.engine.exchange.LinkBytes;
import org.strait.engine.topology.Topology;

/// Bytes that left this data centre in one training, by link and kind. Totals are the socket's own
/// count; kinds are what the exchanges posted; the difference is connection set-up.
final class LinkCount {
  private final Session session;
  private final long[] bytesBefore;
  private final long[] postsBefore;
  private final List<Map<String, Long>> kinds = new ArrayList<>();

  /// Starts to count; the first training also gets what connecting cost.
  LinkCount(Session session) {
    this.session = session;
    int dcs = session.topology().dcs().size();
    bytesBefore = new long[dcs];
    postsBefore = new long[dcs];
    boolean first = session.claimSetUp();
    for (int dc = 0; dc < dcs; dc++) {
      bytesBefore[dc] = first ? 0 : session.wanBytesSent(dc);
      postsBefore[dc] = first ? 0 : session.wanMessages(dc);
      kinds.add(new LinkedHashMap<>());
    }
  }

  /// Bytes sent to other DCs before this training.
  long bytesBefore() {
    long sum = 0;
    for (long bytes : bytesBefore) {
      sum += bytes;
    }
    return sum;
  }

  /// Takes over an averager's counts, its vectors under the given kind. Call before it is closed.
  void add(String vectorKind, Averager averager) {
    LinkBytes links = averager.links();
    if (links == null) {
      return;
    }
    for (int dc = 0; dc < links.dcs(); dc++) {
      for (LinkBytes.Kind kind : LinkBytes.Kind.values()) {
        String name =
            kind == LinkBytes.Kind.PAYLOAD
                ? vectorKind
                : kind.name().toLowerCase(java.util.Locale.ROOT);
        long bytes = links.bytesTo(dc, kind);
        if (bytes > 0) {
          kinds.get(dc).merge(name, bytes, Long::sum);
        }
      }
    }
  }

  /// One object per link that starts here.
  JsonArray json(Topology topology) {
    JsonArray array = new JsonArray();
    for (int dc = 0; dc < bytesBefore.length; dc++) {
      if (dc == session.dc()) {
        continue;
      }
      long bytes = session.wanBytesSent(dc) - bytesBefore[dc];
      JsonObject byKind = new JsonObject();
      long known = 0;
      for (Map.Entry<String, Long> kind : kinds.get(dc).entrySet()) {
        byKind.addProperty(kind.getKey(), kind.getValue());
        known += kind.getValue();
      }
      if (bytes != known) {
        byKind.addProperty("connect", bytes - known);
      }
      JsonObject link = new JsonObject();
      link.addProperty("to", topology.dcs().get(dc).name());
      link.addProperty("bytes", bytes);
      link.addProperty("messages", session.wanMessages(dc) - postsBefore[dc]);
      link.add("byKind", byKind);
      array.add(link);
    }
    return array;
  }
}
