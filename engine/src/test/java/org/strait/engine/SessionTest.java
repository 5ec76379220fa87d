package org.strait.engine;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.util.List;
import java.util.concurrent.Callable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.strait.engine.rendezvous.MemoryStore;
import org.strait.engine.rendezvous.Store;
import org.strait.engine.topology.DataCenter;
import org.strait.engine.topology.Topology;
import org.strait.engine.transport.ConnectOptions;
import org.strait.engine.transport.LoopbackNetwork;
import org.strait.memory.Floats;
import org.strait.memory.HostMemory;

/// What a foreign trainer relies on.
@Timeout(60)
class SessionTest {
  private static final int N = 1000;

  @ParameterizedTest
  @CsvSource({
    "loopback,1,1",
    "loopback,1,3",
    "loopback,4,1",
    "loopback,3,2",
    "shared-memory,1,3",
    "auto,1,2",
    "auto,2,3",
    "tcp+shared-memory,2,2",
    "tcp,1,2",
    "tcp,3,2",
    "tcp,2,3"
  })
  void averagesByWeightOverAllRanks(String transport, int dcs, int ranks) throws Exception {
    Topology topology = Topology.uniform(dcs, ranks);
    int size = topology.size();
    SessionSettings settings = settings(transport);
    try (MemoryStore store = new MemoryStore()) {
      List<float[]> means =
          Ranks.run(
              size, rank -> (Callable<float[]>) () -> average(topology, rank, store, settings));
      // Rank r has weight r + 1 and the vector (r + 1)·(i + 1): the mean is Σ(r+1)² / Σ(r+1) · (i +
      // 1).
      double squares = 0;
      double weights = 0;
      for (int r = 1; r <= size; r++) {
        squares += r * r;
        weights += r;
      }
      for (float[] mean : means) {
        assertArrayEquals(means.get(0), mean);
        for (int i = 0; i < N; i++) {
          double expected = squares / weights * (i + 1);
          assertEquals(expected, mean[i], 1e-5 * expected);
        }
      }
    }
  }

  @Test
  void dataCentresMayHaveDifferentNumbersOfRanks() throws Exception {
    Topology topology =
        new Topology(
            List.of(
                new DataCenter("eu-west", 1),
                new DataCenter("us-east", 3),
                new DataCenter("clinic-a", 2)),
            List.of());
    SessionSettings settings = settings("loopback");
    try (MemoryStore store = new MemoryStore()) {
      List<float[]> means =
          Ranks.run(6, rank -> (Callable<float[]>) () -> average(topology, rank, store, settings));
      assertEquals(91.0 / 21, means.get(0)[0], 1e-5);
      for (float[] mean : means) {
        assertArrayEquals(means.get(0), mean);
      }
    }
  }

  @Test
  void gatewaysMayListenAtFixedAddresses() throws Exception {
    Topology topology = Topology.uniform(2, 2);
    List<InetSocketAddress> addresses = List.of(freeAddress(), freeAddress());
    SessionSettings settings = settings("tcp").withGateways(addresses);
    try (MemoryStore store = new MemoryStore()) {
      List<float[]> means =
          Ranks.run(4, rank -> (Callable<float[]>) () -> average(topology, rank, store, settings));
      assertEquals(3.0, means.get(0)[0], 1e-5);
      for (float[] mean : means) {
        assertArrayEquals(means.get(0), mean);
      }
    }
  }

  private static InetSocketAddress freeAddress() throws IOException {
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return InetSocketAddress.createUnresolved("127.0.0.1", socket.getLocalPort());
    }
  }

  @Test
  void twoSessionsInOneJvmDoNotKnowOfEachOther() throws Exception {
    Topology topology = Topology.uniform(2, 1);
    SessionSettings settings = settings("tcp");
    try (MemoryStore first = new MemoryStore();
        MemoryStore second = new MemoryStore()) {
      List<float[]> means =
          Ranks.run(
              4,
              thread ->
                  (Callable<float[]>)
                      () -> average(topology, thread % 2, thread < 2 ? first : second, settings));
      assertArrayEquals(means.get(0), means.get(1));
      assertArrayEquals(means.get(0), means.get(2));
      assertArrayEquals(means.get(0), means.get(3));
    }
  }

  @Test
  void nativeMemoryIsAveragedInPlace() throws Exception {
    Topology topology = Topology.uniform(2, 1);
    SessionSettings settings = settings("loopback");
    try (MemoryStore store = new MemoryStore()) {
      List<Float> firsts =
          Ranks.run(
              2,
              rank ->
                  (Callable<Float>)
                      () -> {
                        try (HostMemory memory = HostMemory.unlimited("trainer");
                            Session session = Session.open(topology, rank, store, settings);
                            Averager averager = session.averager(3, "dense")) {
                          Floats gradient = memory.floats(3);
                          gradient.fill(rank);
                          averager.average(gradient, 1);
                          return gradient.get(2);
                        }
                      });
      assertEquals(List.of(0.5f, 0.5f), firsts);
    }
  }

  @Test
  void aSessionsThreadsBearItsRankAndEndWithIt() throws Exception {
    try (MemoryStore store = new MemoryStore()) {
      Session session =
          Session.open(Topology.uniform(1, 1), 0, store, settings("loopback").withThreads(3));
      assertEquals(List.of("strait-rank0-1", "strait-rank0-2"), threadsOfRank0());
      session.close();
      assertEquals(List.of(), threadsOfRank0());
      // A session that cannot join leaves none behind.
      SessionSettings unknown = settings("carrier-pigeon").withThreads(3);
      message(() -> Session.open(Topology.uniform(1, 1), 0, store, unknown));
      assertEquals(List.of(), threadsOfRank0());
    }
  }

  private static List<String> threadsOfRank0() {
    return Thread.getAllStackTraces().keySet().stream()
        .map(Thread::getName)
        .filter(name -> name.startsWith("strait-rank0-"))
        .sorted()
        .toList();
  }

  @Test
  void wrongUseIsSaidAtTheDoor() throws Exception {
    Topology topology = Topology.uniform(1, 1);
    try (MemoryStore store = new MemoryStore();
        Session session = Session.open(topology, 0, store, settings("loopback"));
        Averager averager = session.averager(3, "dense")) {
      assertTrue(message(() -> averager.average(new float[4], 1)).contains("4"));
      assertTrue(message(() -> averager.average(new float[3], -1)).contains("weight is -1"));
    }
    try (MemoryStore store = new MemoryStore()) {
      SessionSettings unknown = settings("carrier-pigeon");
      assertTrue(
          message(() -> Session.open(topology, 0, store, unknown)).contains("known: auto, tcp"));
    }
  }

  private static String message(org.junit.jupiter.api.function.Executable call) {
    return assertThrows(IllegalArgumentException.class, call).getMessage();
  }

  private static float[] average(Topology topology, int rank, Store store, SessionSettings settings)
      throws Exception {
    float[] gradient = new float[N];
    for (int i = 0; i < N; i++) {
      gradient[i] = (rank + 1) * (i + 1);
    }
    try (Session session = Session.open(topology, rank, store, settings);
        Averager averager = session.averager(N, "dense")) {
      averager.average(gradient, rank + 1);
    }
    return gradient;
  }

  private static SessionSettings settings(String transport) {
    return SessionSettings.defaults()
        .withTransport(transport)
        .withConnect(
            ConnectOptions.defaults()
                .withNetwork(new LoopbackNetwork(HostMemory.unlimited("loopback"))));
  }
}
