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
/// count; kinds are what the exchanges posted and what connecting took; the two must agree to the
/// byte, so that nothing can leave unseen.
final class LinkCount {
  private final Session session;
  private final long[] bytesBefore;
  private final long[] postsBefore;
  private final long[] tlsBefore;
  private final List<Map<String, Long>> kinds = new ArrayList<>();
  private final DcAgreement agreement;
  private final boolean first;

  /// Starts to count; the first training also gets what connecting and agreeing before it cost.
  LinkCount(Session session, DcAgreement agreement) {
    this.session = session;
    this.agreement = agreement;
    int dcs = session.topology().dcs().size();
    bytesBefore = new long[dcs];
    postsBefore = new long[dcs];
    tlsBefore = new long[dcs];
    boolean onlyConnected = true;
    for (int dc = 0; dc < dcs; dc++) {
      onlyConnected &= session.wanBytesSent(dc) == session.wanConnectBytes(dc);
    }
    first = onlyConnected;
    for (int dc = 0; dc < dcs; dc++) {
      bytesBefore[dc] = first ? 0 : session.wanBytesSent(dc);
      tlsBefore[dc] = first ? 0 : session.wanTlsBytes(dc);
      postsBefore[dc] = first ? 0 : session.wanMessages(dc);
      kinds.add(new LinkedHashMap<>());
    }
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

  /// Rows that left this data centre: 0, because no kind of message carries rows and every byte at
  /// the sockets belongs to a kind.
  ///
  /// @throws IllegalStateException if a byte is not accounted for
  long rowsSent() {
    for (int dc = 0; dc < bytesBefore.length; dc++) {
      long known = connectBytes(dc) + tlsBytes(dc);
      for (long bytes : kinds.get(dc).values()) {
        known += bytes;
      }
      long counted = session.wanBytesSent(dc) - bytesBefore[dc];
      if (counted != known) {
        throw new IllegalStateException(
            counted + " bytes left for data centre " + dc + ", but messages account for " + known);
      }
    }
    return 0;
  }

  private long connectBytes(int dc) {
    return first ? session.wanConnectBytes(dc) : 0;
  }

  private long tlsBytes(int dc) {
    return session.wanTlsBytes(dc) - tlsBefore[dc];
  }

  private long agreementBytes(int dc) {
    return first ? agreement.sentBytes(dc) : 0;
  }

  /// One object per link that starts here.
  JsonArray json(Topology topology) {
    JsonArray array = new JsonArray();
    for (int dc = 0; dc < bytesBefore.length; dc++) {
      if (dc == session.dc()) {
        continue;
      }
      long bytes = session.wanBytesSent(dc) - bytesBefore[dc] + agreementBytes(dc);
      JsonObject byKind = new JsonObject();
      for (Map.Entry<String, Long> kind : kinds.get(dc).entrySet()) {
        byKind.addProperty(kind.getKey(), kind.getValue());
      }
      if (connectBytes(dc) > 0) {
        byKind.addProperty("connect", connectBytes(dc));
      }
      if (tlsBytes(dc) > 0) {
        byKind.addProperty("tls", tlsBytes(dc));
      }
      long messages = session.wanMessages(dc) - postsBefore[dc];
      if (agreementBytes(dc) > 0) {
        byKind.addProperty("agreement", agreementBytes(dc));
        messages++;
      }
      JsonObject link = new JsonObject();
      link.addProperty("to", topology.dcs().get(dc).name());
      link.addProperty("bytes", bytes);
      link.addProperty("messages", messages);
      link.add("byKind", byKind);
      array.add(link);
    }
    return array;
  }
}
