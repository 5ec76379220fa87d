package org.strait.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.strait.engine.data.ClickData;
import org.strait.engine.data.Dataset;
import org.strait.engine.data.RowArchive;
import org.strait.engine.data.Shard;
import org.strait.engine.ledger.Ledger;
import org.strait.engine.ledger.MessageKind;
import org.strait.engine.model.Models;
import org.strait.engine.model.Replica;
import org.strait.engine.rendezvous.MemoryStore;
import org.strait.engine.topology.DataCenter;
import org.strait.engine.topology.Topology;
import org.strait.engine.transport.LoopbackNetwork;
import org.strait.memory.HostMemory;

/// Rows that really travel: to one place, in one kind of message, and nowhere else.
@Timeout(120)
class CentralizedTest {
  private static final int[] ROWS = {300, 500, 200};
  private static final TrainingConfig CONFIG =
      new TrainingConfig(1e-2, 100, Double.NaN, 1e-10, 0.2, false);

  /// Bytes that a gateway noted, by receiver and kind.
  private static final class Notes implements Ledger {
    final List<Map<MessageKind, Long>> to = new ArrayList<>();

    Notes(int dcs) {
      for (int dc = 0; dc < dcs; dc++) {
        to.add(new EnumMap<>(MessageKind.class));
      }
    }

    @Override
    public synchronized void sent(int dc, MessageKind kind, long round, long bytes) {
      to.get(dc).merge(kind, bytes, Long::sum);
    }

    @Override
    public void phase(String name) {}

    @Override
    public void close() {}
  }

  private record Result(
      TrainingReport report, String hash, long sentRows, int trainedOn, int site, Notes notes) {}

  private static Dataset rows(Topology topology, int rank, HostMemory memory) {
    int dc = topology.dcOf(rank);
    int ranks = topology.dcs().get(dc).ranks();
    int member = rank - topology.gatewayOf(dc);
    int from = ROWS[dc] * member / ranks;
    int count = ROWS[dc] * (member + 1) / ranks - from;
    return new ClickData(3).rows(dc, from, count, memory);
  }

  private static Result one(Topology topology, int rank, int site, Session session, Notes notes) {
    try (HostMemory memory = HostMemory.unlimited("rank " + rank)) {
      Dataset own = rows(topology, rank, memory);
      RowShipment.Shipped shipped = RowShipment.ship(session, own, site, memory);
      try (Replica replica =
          Replica.of(
              Models.choose("logistic"),
              ClickData.FEATURES,
              shipped.rows().rows(),
              session.backend(),
              memory)) {
        TrainingReport report =
            new CentralizedTrainer(
                    session, shipped, replica, CONFIG, step -> {}, System::nanoTime, 0, 0)
                .run();
        int trained = shipped.rows().rows();
        return new Result(report, replica.hash(), shipped.sent(), trained, shipped.site(), notes);
      }
    }
  }

  private static List<Result> train(Topology topology, int site) throws Exception {
    int size = topology.size();
    try (MemoryStore store = new MemoryStore();
        ExecutorService pool = Executors.newFixedThreadPool(size)) {
      LoopbackNetwork network = new LoopbackNetwork(HostMemory.unlimited("loopback"));
      List<Future<Result>> futures = new ArrayList<>();
      for (int rank = 0; rank < size; rank++) {
        int me = rank;
        Callable<Result> body =
            () -> {
              Notes notes = new Notes(topology.dcs().size());
              SessionSettings settings =
                  SessionSettings.threadsOf(network)
                      .withBackend("scalar")
                      .withSurvival(new Survival("all", notes, change -> {}, 1));
              try (Session session = Session.open(topology, me, store, settings)) {
                return one(topology, me, site, session, notes);
              }
            };
        futures.add(pool.submit(body));
      }
      List<Result> results = new ArrayList<>();
      for (Future<Result> future : futures) {
        results.add(future.get(100, TimeUnit.SECONDS));
      }
      return results;
    }
  }

  /// The optimum of all rows in one place.
  private static double optimum(Topology topology) throws Exception {
    try (MemoryStore store = new MemoryStore();
        HostMemory memory = HostMemory.unlimited("all rows");
        Session session =
            Session.open(
                Topology.uniform(1, 1),
                0,
                store,
                SessionSettings.threadsOf(new LoopbackNetwork(HostMemory.unlimited("loopback")))
                    .withBackend("scalar"))) {
      double rows = 0;
      for (int count : ROWS) {
        rows += count;
      }
      try (var builder = new org.strait.engine.data.DatasetBuilder(memory)) {
        for (int rank = 0; rank < topology.size(); rank++) {
          Dataset part = rows(topology, rank, memory);
          for (int r = 0; r < part.rows(); r++) {
            for (long e = part.matrix().rowStart().get(r);
                e < part.matrix().rowStart().get(r + 1L);
                e++) {
              builder.entry(part.matrix().index().get(e), part.matrix().value().get(e));
            }
            builder.endRow(part.labels().get(r));
          }
        }
        Dataset all = builder.build("all rows", ClickData.FEATURES, memory);
        assertEquals(rows, all.rows());
        try (Replica replica =
                Replica.of(
                    Models.choose("logistic"),
                    ClickData.FEATURES,
                    all.rows(),
                    session.backend(),
                    memory);
            ExactSums sums = session.exactSums(ClickData.FEATURES)) {
          return new ConvexTrainer(
                  session,
                  Shard.full(all),
                  replica,
                  sums,
                  "tron",
                  0,
                  CONFIG,
                  step -> {},
                  System::nanoTime,
                  0)
              .run()
              .objective();
        }
      }
    }
  }

  @ParameterizedTest
  @CsvSource({"1, -1, 1", "2, -1, 1", "2, 2, 2"})
  void allRowsComeTogetherInOnePlaceAndTheModelGoesBack(int ranks, int asked, int site)
      throws Exception {
    Topology topology =
        new Topology(
            List.of(new DataCenter("a", 1), new DataCenter("b", ranks), new DataCenter("c", ranks)),
            List.of());
    double optimum = optimum(topology);
    List<Result> all = train(topology, asked);
    long trained = 0;
    long sent = 0;
    for (int rank = 0; rank < all.size(); rank++) {
      Result result = all.get(rank);
      int dc = topology.dcOf(rank);
      assertEquals(site, result.site());
      assertEquals(all.getFirst().hash(), result.hash());
      assertEquals(all.getFirst().report().objective(), result.report().objective());
      assertTrue(result.report().converged(), result.report().reason());
      assertEquals(0, result.report().objective() / optimum - 1, 1e-7);
      assertEquals(dc == site, result.trainedOn() > 0);
      trained += result.trainedOn();
      sent += result.sentRows();
      for (int to = 0; to < 3; to++) {
        long rowBytes = result.notes().to.get(to).getOrDefault(MessageKind.ROWS, 0L);
        if (to == site && dc != site && topology.isGateway(rank)) {
          assertTrue(rowBytes > archived(topology, dc), rowBytes + " bytes of rows");
          assertTrue(rowBytes < archived(topology, dc) + 500, rowBytes + " bytes of rows");
        } else {
          assertTrue(rowBytes <= 80, rowBytes + " bytes from " + dc + " to " + to);
        }
      }
    }
    assertEquals(ROWS[0] + ROWS[1] + ROWS[2], trained);
    assertEquals(trained - ROWS[site], sent);
  }

  private static long archived(Topology topology, int dc) {
    long bytes = 0;
    try (HostMemory memory = HostMemory.unlimited("archive")) {
      for (int member = 0; member < topology.dcs().get(dc).ranks(); member++) {
        Dataset rows = rows(topology, topology.gatewayOf(dc) + member, memory);
        bytes += RowArchive.columnsDeflate(rows).bytes();
      }
    }
    return bytes;
  }
}
