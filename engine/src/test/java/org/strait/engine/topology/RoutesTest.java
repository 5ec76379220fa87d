package org.strait.engine.topology;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RoutesTest {
  private static final double MEGABYTE = 1e6;

  @Test
  void aMeshCostsOneDelayAndAHubTwo() {
    LinkMatrix links = uniform(4, 0.1, 1e7);
    Routes.Prediction mesh = Routes.predict(Route.mesh(), links, MEGABYTE);
    assertEquals(0.2, mesh.seconds(), 1e-12);
    assertEquals(12 * MEGABYTE, mesh.bytes());
    Routes.Prediction hub = Routes.predict(Route.hub(4, 2), links, MEGABYTE);
    assertEquals(0.5, hub.seconds(), 1e-12); // up, down, and all confirm
    assertEquals(6 * MEGABYTE, hub.bytes());
    assertEquals(hub.bytes() * 2e-11, hub.price(), 1e-18);
  }

  @Test
  void theHubIsTheOneInTheMiddle() {
    // Places on a line: 0, 1, 2, 10.
    LinkMatrix links = line(0, 1, 2, 10);
    List<String> names = names(4);
    assertEquals("hub dc3", Routes.choose("hub", links, names, 1).route().describe(names));
    assertEquals("hub dc1", Routes.choose("hub:dc1", links, names, 1).route().describe(names));
    assertTrue(Routes.choose("auto:time", links, names, 1).route().isMesh());
    assertEquals("hub", Routes.choose("auto:bytes", links, names, 1).route().name());
  }

  @Test
  void regionsSendThroughTheirHeadsWhereTrafficBetweenThemIsDear() {
    // Two regions of three; a byte between regions costs ten times one inside.
    int dcs = 6;
    double[][] delay = new double[dcs][dcs];
    double[][] rate = new double[dcs][dcs];
    double[][] price = new double[dcs][dcs];
    for (int a = 0; a < dcs; a++) {
      for (int b = 0; b < dcs; b++) {
        boolean near = a / 3 == b / 3;
        delay[a][b] = a == b ? 0 : near ? 0.001 : 0.1;
        rate[a][b] = near ? 1e9 : 1e6;
        price[a][b] = a == b ? 0 : near ? 1e-12 : 1e-11;
      }
    }
    LinkMatrix links = new LinkMatrix(delay, rate, price);
    List<String> names = names(dcs);
    Route route = Routes.choose("auto:bytes", links, names, MEGABYTE).route();
    assertEquals("tree", route.name());
    int crossings = 0;
    for (int dc = 0; dc < dcs; dc++) {
      if (dc != route.root() && dc / 3 != route.parent(dc) / 3) {
        crossings++;
      }
    }
    assertEquals(1, crossings, route.describe(names));
    assertEquals(2, route.depth());
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3, 7, 16, 32})
  void everyChoiceReachesEverybodyAndNoneIsBetterThanTheBest(int dcs) {
    SplittableRandom random = new SplittableRandom(dcs);
    double[][] delay = new double[dcs][dcs];
    double[][] rate = new double[dcs][dcs];
    double[][] price = new double[dcs][dcs];
    for (int a = 0; a < dcs; a++) {
      for (int b = 0; b < dcs; b++) {
        delay[a][b] = random.nextDouble(0.2);
        rate[a][b] = random.nextDouble(1e6, 1e8);
        price[a][b] = random.nextDouble(1e-10);
      }
    }
    LinkMatrix links = new LinkMatrix(delay, rate, price);
    List<String> names = names(dcs);
    Routes.Prediction fastest = Routes.choose("auto:time", links, names, MEGABYTE);
    Routes.Prediction cheapest = Routes.choose("auto:bytes", links, names, MEGABYTE);
    for (String wanted : List.of("mesh", "hub", "tree", "auto:time", "auto:bytes")) {
      Routes.Prediction choice = Routes.choose(wanted, links, names, MEGABYTE);
      assertTrue(choice.seconds() >= fastest.seconds(), wanted);
      assertTrue(choice.price() >= cheapest.price(), wanted);
      if (!choice.route().isMesh()) {
        assertReached(choice.route(), dcs);
      }
    }
  }

  @Test
  void mistakesAreNamed() {
    LinkMatrix links = uniform(2, 0, 0);
    List<String> names = names(2);
    assertEquals(
        "unknown route \"ring\"; known: mesh, hub, tree, auto:time, auto:bytes, hub:NAME",
        assertThrows(IllegalArgumentException.class, () -> Routes.choose("ring", links, names, 1))
            .getMessage());
    assertEquals(
        "route \"hub:dc9\": no data centre \"dc9\"; known: [dc1, dc2]",
        assertThrows(
                IllegalArgumentException.class, () -> Routes.choose("hub:dc9", links, names, 1))
            .getMessage());
    assertThrows(IllegalArgumentException.class, () -> Route.tree(1, 0));
    assertThrows(IllegalArgumentException.class, () -> Route.tree(-1, -1));
    assertThrows(IllegalArgumentException.class, () -> Route.tree(-1, 7));
  }

  @Test
  void whereOneIsMissingItsFirstChildTakesItsPlace() {
    Route hub = Route.hub(4, 1);
    Route left = hub.among(new boolean[] {false, false, true, true});
    assertEquals(2, left.root());
    assertEquals(2, left.parent(3));
    assertEquals(1, hub.among(new boolean[] {false, true, true, true}).root());
    // 0 <- 1 <- {2, 3}, 0 <- 4 <- 5
    Route tree = Route.tree(-1, 0, 1, 1, 0, 4);
    Route inner = tree.among(new boolean[] {true, false, true, true, true, true});
    assertEquals(0, inner.parent(2));
    assertEquals(2, inner.parent(3));
    assertEquals(4, inner.parent(5));
    Route rootless = tree.among(new boolean[] {false, true, true, true, true, false});
    assertEquals(1, rootless.root());
    assertEquals(1, rootless.parent(4));
    assertEquals(1, rootless.depth());
    Route leaves = tree.among(new boolean[] {false, false, false, true, false, true});
    assertEquals(3, leaves.root());
    assertEquals(3, leaves.parent(5));
    Route all = tree.among(new boolean[] {true, true, true, true, true, true});
    assertEquals(tree.describe(names(6)), all.describe(names(6)));
  }

  @Test
  void nothingKnownMakesEvenRegions() {
    Route route = Routes.choose("tree", LinkMatrix.unknown(9), names(9), 1).route();
    assertEquals(
        "tree dc2>dc1, dc3>dc1, dc4>dc1, dc5>dc4, dc6>dc4, dc7>dc1, dc8>dc7, dc9>dc7",
        route.describe(names(9)));
    assertTrue(
        Routes.choose("auto:time", LinkMatrix.unknown(9), names(9), 1).route().isMesh(),
        "what is not known is no reason to send by two hops");
  }

  private static void assertReached(Route route, int dcs) {
    int seen = 0;
    List<Integer> open = new ArrayList<>(List.of(route.root()));
    while (!open.isEmpty()) {
      int dc = open.removeLast();
      seen++;
      for (int child : route.children(dc)) {
        assertEquals(dc, route.parent(child));
        open.add(child);
      }
    }
    assertEquals(dcs, seen);
  }

  private static LinkMatrix uniform(int dcs, double delaySeconds, double bytesPerSecond) {
    double[][] delay = new double[dcs][dcs];
    double[][] rate = new double[dcs][dcs];
    double[][] price = new double[dcs][dcs];
    for (int a = 0; a < dcs; a++) {
      for (int b = 0; b < dcs; b++) {
        delay[a][b] = delaySeconds;
        rate[a][b] = bytesPerSecond;
        price[a][b] = 2e-11;
      }
    }
    return new LinkMatrix(delay, rate, price);
  }

  private static LinkMatrix line(double... places) {
    int dcs = places.length;
    double[][] delay = new double[dcs][dcs];
    for (int a = 0; a < dcs; a++) {
      for (int b = 0; b < dcs; b++) {
        delay[a][b] = Math.abs(places[a] - places[b]);
      }
    }
    return new LinkMatrix(delay, new double[dcs][dcs], new double[dcs][dcs]);
  }

  private static List<String> names(int dcs) {
    return Topology.uniform(dcs, 1).dcs().stream().map(DataCenter::name).toList();
  }
}
