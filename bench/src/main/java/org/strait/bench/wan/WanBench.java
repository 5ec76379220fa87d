package org.strait.bench.wan;

import com.google.gson.JsonArray;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import org.strait.bench.CasePattern;
import org.strait.bench.run.Row;
import org.strait.bench.run.Table;
import org.strait.bench.run.Timing;
import org.strait.bench.run.Work;
import org.strait.engine.transport.LinkShape;
import org.strait.engine.transport.tls.TlsFiles;
import org.strait.engine.transport.tls.TlsIdentity;
import org.strait.launcher.bench.BenchRequest;
import org.strait.launcher.bench.BenchResult;
import org.strait.launcher.cert.Authority;

/// Sends a message over one link, plain and over TLS, by one connection and by sixteen, in turns; a
/// call ends when the receiver's answer is back. Both ends are threads of this JVM. The limit of
/// the loopback case is a socket without Strait, that of the other its bandwidth.
public final class WanBench {
  private static final int[] STREAMS = {1, 16};
  private static final LinkShape AS_IT_IS = LinkShape.NONE;
  private static final LinkShape OCEAN = new LinkShape(80_000_000L, 100_000_000L, 0, 0);

  private record Case(String name, LinkShape shape, long bytes, int runs) {}

  private WanBench() {}

  /// Measures.
  public static BenchResult run(BenchRequest request) throws IOException {
    boolean quick = request.quick();
    List<Case> cases =
        CasePattern.choose(
            List.of(
                new Case(
                    "loopback " + (quick ? 1 : 256) + " MiB",
                    AS_IT_IS,
                    quick ? 1 << 20 : 256 << 20,
                    quick ? 1 : 7),
                new Case(
                    "100 Mbit/s, 80 ms one way, " + (quick ? "64 KiB" : "32 MiB"),
                    OCEAN,
                    quick ? 64 << 10 : 32 << 20,
                    quick ? 1 : 3)),
            Case::name,
            request.only());
    Path pki = Files.createTempDirectory(request.folder(), "pki-");
    Authority authority = Authority.init(pki, "strait bench", 2, InstantSource.system());
    List<TlsIdentity> identities = new ArrayList<>();
    for (String dc : WanLink.NAMES) {
      authority.issue(dc, 1, false, InstantSource.system());
      identities.add(identity(pki, dc));
    }
    List<Row> rows = new ArrayList<>();
    for (Case one : cases) {
      rows.addAll(measure(one, identities, request));
    }
    JsonArray json = new JsonArray();
    rows.forEach(row -> json.add(row.json()));
    return new BenchResult(json, Table.of(rows));
  }

  private static TlsIdentity identity(Path pki, String dc) {
    TlsFiles files =
        new TlsFiles(pki.resolve(dc + ".crt"), pki.resolve(dc + ".key"), pki.resolve("ca.crt"));
    return TlsIdentity.load(files, dc, InstantSource.system());
  }

  private static List<Row> measure(Case one, List<TlsIdentity> identities, BenchRequest request) {
    Map<String, Sender> senders = new LinkedHashMap<>();
    try {
      for (int streams : STREAMS) {
        String count = streams == 1 ? "1 stream" : streams + " streams";
        senders.put(
            "strait plain, " + count, WanLink.open(List.of(), streams, one.shape, one.bytes));
        senders.put(
            "strait TLS 1.3, " + count, WanLink.open(identities, streams, one.shape, one.bytes));
      }
      if (!one.shape.shaped()) {
        senders.put("socket (limit)", BareSocket.open(one.bytes));
      }
      Map<String, double[]> seconds = new LinkedHashMap<>();
      senders.keySet().forEach(who -> seconds.put(who, new double[one.runs]));
      List<String> order = new ArrayList<>(senders.keySet());
      if (!request.quick() && !one.shape.shaped()) {
        order.forEach(who -> senders.get(who).send()); // compiled, and windows open
      }
      for (int run = 0; run < one.runs; run++) {
        for (int i = 0; i < order.size(); i++) {
          String who = order.get((run + i) % order.size());
          seconds.get(who)[run] = senders.get(who).send();
        }
      }
      return rows(one, seconds, request);
    } finally {
      senders.values().forEach(Sender::close);
    }
  }

  private static List<Row> rows(Case one, Map<String, double[]> seconds, BenchRequest request) {
    double limit =
        one.shape.shaped()
            ? one.shape.bitsPerSecond() / 8.0
            : one.bytes / Timing.of(seconds.get("socket (limit)")).median();
    List<Row> rows = new ArrayList<>();
    for (Map.Entry<String, double[]> entry : seconds.entrySet()) {
      Timing timing = Timing.of(entry.getValue());
      Row row =
          new Row(
              "wan",
              one.name,
              entry.getKey(),
              entry.getKey().startsWith("socket"),
              1,
              Work.moves(one.bytes),
              timing,
              OptionalDouble.empty(),
              OptionalDouble.of(one.bytes / timing.median() / limit));
      rows.add(row);
      request
          .progress()
          .accept(one.name + ", " + entry.getKey() + ": " + Table.time(timing.median()));
    }
    return rows;
  }
}
