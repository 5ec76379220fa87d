package org.strait.launcher.worker;

import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Function;
import org.strait.engine.Averager;
import org.strait.engine.Session;
import org.strait.engine.exchange.LinkBytes;
import org.strait.engine.topology.Topology;

/// Bytes that left this data centre in one training, by link and kind. Totals are the socket's own
/// count; kinds are what the exchanges posted and what connecting took; the two must agree to the
/// byte, so that nothing can leave unseen.
final class LinkCount {
  private final Session session;
  private final long[] bytesBefore;
  private final long[] postsBefore;
  private final long[] tlsBefore;
  private final long[] tls;
  private final long[] bytes;
  private final long[] posts;
  private final long[] agreed;
  private final boolean[] broken;
  private final List<Map<String, Long>> kinds = new ArrayList<>();
  private final DcAgreement agreement;
  private final boolean first;
  private long rowsSent;

  /// Starts to count; the first training also gets what connecting and agreeing before it cost.
  LinkCount(Session session, DcAgreement agreement, boolean first) {
    this.session = session;
    this.agreement = agreement;
    int dcs = session.topology().dcs().size();
    bytesBefore = new long[dcs];
    postsBefore = new long[dcs];
    tlsBefore = new long[dcs];
    tls = new long[dcs];
    bytes = new long[dcs];
    posts = new long[dcs];
    agreed = new long[dcs];
    broken = new boolean[dcs];
    this.first = first;
    for (int dc = 0; dc < dcs; dc++) {
      agreed[dc] = first ? agreement.sentBytes(dc) : 0;
      bytesBefore[dc] = first ? 0 : session.wanBytesSent(dc);
      tlsBefore[dc] = first ? 0 : session.wanTlsBytes(dc);
      postsBefore[dc] = first ? 0 : session.wanMessages(dc);
      kinds.add(new LinkedHashMap<>());
    }
    count(session.wanLinks(), LinkBytes.Kind::name, -1);
  }

  /// Takes the counts of this training, when all its averagers were added. Call it while nothing is
  /// posted and everything posted is on the wire.
  void end() {
    count(session.wanLinks(), LinkBytes.Kind::name, 1);
    for (int dc = 0; dc < bytes.length; dc++) {
      bytes[dc] = session.wanBytesSent(dc) - bytesBefore[dc];
      tls[dc] = session.wanTlsBytes(dc) - tlsBefore[dc];
      posts[dc] = session.wanMessages(dc) - postsBefore[dc];
      agreed[dc] = first ? agreement.sentBytes(dc) : 0;
      broken[dc] = session.wanBroke(dc);
      kinds.get(dc).values().removeIf(count -> count == 0);
    }
  }

  /// Bytes that encryption added on the way to a data centre; known after {@link #end}.
  long tlsBytes(int dc) {
    return tls[dc];
  }

  /// What the session's count of bytes must be reduced by to be that of this training. Negative if
  /// bytes of this training went past the session.
  long bytesBefore() {
    long sum = 0;
    for (int dc = 0; dc < bytesBefore.length; dc++) {
      sum += bytesBefore[dc] - agreementBytes(dc);
    }
    return sum;
  }

  /// Takes over an averager's counts, its vectors under the given kind. Call before it is closed.
  void add(String vectorKind, Averager averager) {
    count(averager.links(), kind -> kind == LinkBytes.Kind.PAYLOAD ? vectorKind : kind.name(), 1);
  }

  /// Takes over the counts of other messages under the given kind; null adds nothing.
  void add(String messageKind, LinkBytes links) {
    count(links, kind -> kind == LinkBytes.Kind.PAYLOAD ? messageKind : kind.name(), 1);
  }

  /// @param sign -1 to begin with what was there before
  private void count(LinkBytes links, Function<LinkBytes.Kind, String> names, int sign) {
    if (links == null) {
      return;
    }
    for (int dc = 0; dc < links.dcs(); dc++) {
      for (LinkBytes.Kind kind : LinkBytes.Kind.values()) {
        long count = links.bytesTo(dc, kind);
        // What came before the first training belongs to it.
        if (count > 0 && (sign > 0 || !first)) {
          kinds.get(dc).merge(names.apply(kind).toLowerCase(Locale.ROOT), sign * count, Long::sum);
        }
      }
    }
  }

  /// Rows left this data centre, in messages of a kind of their own.
  void rowsSent(long rows) {
    rowsSent = rows;
  }

  /// Rows that left this data centre: 0 unless they were shipped, because no other kind of message
  /// carries rows and every byte at the sockets belongs to a kind.
  ///
  /// @throws IllegalStateException if a byte is not accounted for
  long rowsSent() {
    for (int dc = 0; dc < bytesBefore.length; dc++) {
      long known = connectBytes(dc) + tls[dc];
      for (long count : kinds.get(dc).values()) {
        known += count;
      }
      long counted = bytes[dc];
      // What was posted to a data centre that was lost may never have left.
      if (broken[dc] ? counted > known : counted != known) {
        throw new IllegalStateException(
            counted + " bytes left for data centre " + dc + ", but messages account for " + known);
      }
    }
    return rowsSent;
  }

  private long connectBytes(int dc) {
    return first ? session.wanConnectBytes(dc) : 0;
  }

  private long agreementBytes(int dc) {
    return agreed[dc];
  }

  /// One object per link that starts here.
  JsonArray json(Topology topology) {
    JsonArray array = new JsonArray();
    for (int dc = 0; dc < bytesBefore.length; dc++) {
      if (dc == session.dc()) {
        continue;
      }
      long all = bytes[dc] + agreementBytes(dc);
      JsonObject byKind = new JsonObject();
      for (Map.Entry<String, Long> kind : kinds.get(dc).entrySet()) {
        byKind.addProperty(kind.getKey(), kind.getValue());
      }
      if (connectBytes(dc) > 0) {
        long later = byKind.has("connect") ? byKind.get("connect").getAsLong() : 0;
        byKind.addProperty("connect", connectBytes(dc) + later);
      }
      if (tls[dc] > 0) {
        byKind.addProperty("tls", tls[dc]);
      }
      long messages = posts[dc];
      if (agreementBytes(dc) > 0) {
        byKind.addProperty("agreement", agreementBytes(dc));
        messages++;
      }
      JsonObject link = new JsonObject();
      link.addProperty("to", topology.dcs().get(dc).name());
      link.addProperty("bytes", all);
      link.addProperty("messages", messages);
      link.add("byKind", byKind);
      if (broken[dc]) {
        link.addProperty("broken", true);
      }
      array.add(link);
    }
    return array;
  }
}
