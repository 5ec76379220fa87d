package org.strait.engine.exchange;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.strait.engine.topology.DataCenter;
import org.strait.engine.topology.Link;
import org.strait.engine.topology.LinkMatrix;
import org.strait.engine.topology.Topology;
import org.strait.engine.transport.Deadline;
import org.strait.engine.transport.LoopbackNetwork;
import org.strait.engine.transport.PeerLostException;
import org.strait.engine.transport.ShapedTransport;
import org.strait.engine.transport.Transport;

/// Links that are measured before anything is sent: nothing is faster than it is shaped to be, and
/// all gateways have the same figures.
@Timeout(120)
class LinkProbeTest {
  private static Topology topology(int dcs, List<Link> links) {
    List<DataCenter> list = new ArrayList<>();
    for (int i = 1; i <= dcs; i++) {
      list.add(new DataCenter("dc" + i, 1));
    }
    return new Topology(list, links);
  }

  private static List<LinkMatrix> measure(Topology topology, int leaves) throws Exception {
    List<FutureTask<LinkMatrix>> tasks = new ArrayList<>();
    List<LinkMatrix> all = new ArrayList<>();
    try (LoopbackNetwork network = new LoopbackNetwork()) {
      List<Transport> transports = new ArrayList<>();
      for (int dc = 0; dc < topology.dcs().size(); dc++) {
        transports.add(ShapedTransport.over(network.join(topology.gatewayGroup(dc)), topology));
      }
      try {
        for (int dc = 0; dc < transports.size(); dc++) {
          Transport mine = transports.get(dc);
          if (dc == leaves) {
            mine.close();
            continue;
          }
          FutureTask<LinkMatrix> task =
              new FutureTask<>(
                  () -> LinkProbe.measure(mine, Deadline.seconds("probe", 30), System::nanoTime));
          tasks.add(task);
          Thread.ofPlatform().daemon().start(task);
        }
        for (FutureTask<LinkMatrix> task : tasks) {
          all.add(task.get(60, TimeUnit.SECONDS));
        }
      } finally {
        transports.forEach(Transport::close);
      }
    }
    return all;
  }

  @ParameterizedTest
  @ValueSource(ints = {2, 3, 4, 5, 8})
  void allHaveTheSameFiguresOfAllLinks(int dcs) throws Exception {
    List<LinkMatrix> all = measure(topology(dcs, List.of()), -1);
    for (LinkMatrix one : all) {
      assertEquals(all.getFirst().text(), one.text());
      assertEquals(one.text(), LinkMatrix.parse(one.text()).text());
    }
    for (int from = 0; from < dcs; from++) {
      for (int to = 0; to < dcs; to++) {
        boolean link = from != to;
        assertEquals(link, all.getFirst().delaySeconds(from, to) > 0, from + " to " + to);
        assertEquals(link, all.getFirst().seconds(from, to, 1e9) > 0, from + " to " + to);
      }
    }
  }

  @Test
  void noLinkIsFasterThanItIs() throws Exception {
    Topology topology =
        topology(
            3,
            List.of(
                new Link("dc1", "dc2", 20_000_000, 8_000_000, 0),
                new Link("dc2", "dc1", 40_000_000, 80_000_000, 0)));
    LinkMatrix links = measure(topology, -1).getFirst();
    for (int[] pair : new int[][] {{0, 1}, {1, 0}}) {
      assertTrue(
          links.delaySeconds(pair[0], pair[1]) >= 0.03,
          "half of there and back: " + links.delaySeconds(pair[0], pair[1]));
    }
    double megabyte = links.seconds(0, 1, 1e6) - links.seconds(0, 1, 0);
    assertTrue(megabyte > 0.9, "1 MB at 1 MB/s takes " + megabyte);
  }

  @Test
  void oneThatIsLostIsSaidSo() {
    ExecutionException e =
        assertThrows(ExecutionException.class, () -> measure(topology(3, List.of()), 1));
    assertTrue(e.getCause() instanceof PeerLostException, e.getCause().toString());
  }
}
