package org.strait.engine.topology;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.TreeSet;

/// The one choice of a route, and what a round costs on each: seconds from links that work side by
/// side, bytes of payloads. Along a tree the time up, the time down, and the longest delay between
/// any two, for all confirm to all that they hold the mean. A gateway's own uplink, if it is
/// narrower than its links together, is not in the figures.
public final class Routes {
  /// What a job can ask for, beside {@code hub:NAME}.
  public static final List<String> NAMES =
      List.of("mesh", "hub", "tree", "auto:time", "auto:bytes");

  private static final int ROOT = -1;

  private Routes() {}

  /// What a round is predicted to cost.
  ///
  /// @param route who sends to whom
  /// @param seconds until the last data centre has the mean
  /// @param bytes on all links together
  /// @param price in the topology's currency
  public record Prediction(Route route, double seconds, double bytes, double price) {}

  /// The route that a job asks for.
  ///
  /// @param wanted {@code mesh}; {@code hub:NAME}; {@code hub} or {@code tree}, the one with the
  ///     shortest round; {@code auto:time}, the shortest round of all; {@code auto:bytes}, the
  /// least
  ///     price, or the fewest bytes where links have none, and among equals the shortest round
  /// @param payloadBytes of one data centre in a round, about
  /// @throws IllegalArgumentException if it is none of these; the message names them
  public static Prediction choose(
      String wanted, LinkMatrix links, List<String> dcNames, double payloadBytes) {
    int dcs = links.dcs();
    Comparator<Prediction> faster = Comparator.comparingDouble(Prediction::seconds);
    Comparator<Prediction> cheaper =
        Comparator.comparingDouble(Prediction::price)
            .thenComparingDouble(Prediction::bytes)
            .thenComparingDouble(Prediction::seconds);
    boolean named = wanted.startsWith("hub:");
    if (!named && !NAMES.contains(wanted)) {
      throw unknown(wanted);
    }
    if (named) {
      String name = wanted.substring("hub:".length());
      int hub = dcNames.indexOf(name);
      if (hub < 0) {
        throw new IllegalArgumentException(
            "route \"" + wanted + "\": no data centre \"" + name + "\"; known: " + dcNames);
      }
      return predict(dcs < 2 ? Route.mesh() : Route.hub(dcs, hub), links, payloadBytes);
    }
    if (dcs < 2 || wanted.equals("mesh")) {
      return predict(Route.mesh(), links, payloadBytes);
    }
    List<Prediction> all = new ArrayList<>();
    for (Route route : candidates(links, payloadBytes)) {
      all.add(predict(route, links, payloadBytes));
    }
    return switch (wanted) {
      case "hub" -> best(all.stream().filter(p -> p.route().depth() == 1).toList(), faster);
      case "tree" -> {
        List<Prediction> trees = all.stream().filter(p -> p.route().depth() > 1).toList();
        yield trees.isEmpty() ? predict(even(dcs), links, payloadBytes) : best(trees, faster);
      }
      case "auto:time" ->
          best(all, faster.thenComparingInt(p -> p.route().depth()).thenComparing(cheaper));
      case "auto:bytes" -> best(all, cheaper);
      default -> throw unknown(wanted);
    };
  }

  private static IllegalArgumentException unknown(String wanted) {
    return new IllegalArgumentException(
        "unknown route \"" + wanted + "\"; known: " + String.join(", ", NAMES) + ", hub:NAME");
  }

  /// Where nothing tells data centres apart: about √P regions of neighbours in number, each led by
  /// its first.
  private static Route even(int dcs) {
    int size = Math.max(2, (int) Math.round(Math.sqrt(dcs)));
    int[] parents = new int[dcs];
    for (int dc = 0; dc < dcs; dc++) {
      parents[dc] = dc == 0 ? ROOT : dc % size == 0 ? 0 : dc - dc % size;
    }
    return Route.tree(parents);
  }

  /// What a round costs on a route, if every payload has so many bytes.
  public static Prediction predict(Route route, LinkMatrix links, double payloadBytes) {
    int dcs = links.dcs();
    double seconds = 0;
    double bytes = 0;
    double price = 0;
    for (int from = 0; from < dcs; from++) {
      for (int to = 0; to < dcs; to++) {
        boolean used =
            from != to && (route.isMesh() || route.parent(from) == to || route.parent(to) == from);
        if (used) {
          bytes += payloadBytes;
          price += links.price(from, to, payloadBytes);
          if (route.isMesh()) {
            seconds = Math.max(seconds, links.seconds(from, to, payloadBytes));
          }
        }
      }
    }
    if (!route.isMesh()) {
      seconds =
          up(route, route.root(), links, payloadBytes)
              + down(route, route.root(), links, payloadBytes)
              + longestDelay(links);
    }
    return new Prediction(route, seconds, bytes, price);
  }

  private static double longestDelay(LinkMatrix links) {
    double longest = 0;
    for (int from = 0; from < links.dcs(); from++) {
      for (int to = 0; to < links.dcs(); to++) {
        longest = from == to ? longest : Math.max(longest, links.delaySeconds(from, to));
      }
    }
    return longest;
  }

  private static double up(Route route, int dc, LinkMatrix links, double bytes) {
    double last = 0;
    for (int child : route.children(dc)) {
      double there = up(route, child, links, bytes) + links.seconds(child, dc, bytes);
      last = Math.max(last, there);
    }
    return last;
  }

  private static double down(Route route, int dc, LinkMatrix links, double bytes) {
    double last = 0;
    for (int child : route.children(dc)) {
      double there = links.seconds(dc, child, bytes) + down(route, child, links, bytes);
      last = Math.max(last, there);
    }
    return last;
  }

  private static Prediction best(List<Prediction> all, Comparator<Prediction> order) {
    return all.stream().min(order).orElseThrow();
  }

  /// The mesh, every hub, from every root the tree of shortest ways, and trees of regions: at every
  /// distance that separates some data centres, those nearer than it are a region.
  private static List<Route> candidates(LinkMatrix links, double bytes) {
    int dcs = links.dcs();
    List<Route> routes = new ArrayList<>();
    routes.add(Route.mesh());
    for (int root = 0; root < dcs; root++) {
      routes.add(Route.hub(dcs, root));
    }
    for (int root = 0; root < dcs; root++) {
      routes.add(Route.tree(shortestWays(root, links, bytes)));
    }
    TreeSet<Double> distances = new TreeSet<>();
    for (int a = 0; a < dcs; a++) {
      for (int b = a + 1; b < dcs; b++) {
        distances.add(distance(links, a, b, bytes));
      }
    }
    for (double distance : distances) {
      for (int root = 0; root < dcs; root++) {
        routes.add(Route.tree(regions(root, distance, links, bytes)));
      }
    }
    return routes;
  }

  private static double distance(LinkMatrix links, int a, int b, double bytes) {
    return links.seconds(a, b, bytes) + links.seconds(b, a, bytes);
  }

  /// Dijkstra's tree over the time both ways.
  private static int[] shortestWays(int root, LinkMatrix links, double bytes) {
    int dcs = links.dcs();
    int[] parents = new int[dcs];
    double[] far = new double[dcs];
    boolean[] done = new boolean[dcs];
    Arrays.fill(parents, root);
    Arrays.fill(far, Double.POSITIVE_INFINITY);
    parents[root] = ROOT;
    far[root] = 0;
    for (int step = 0; step < dcs; step++) {
      int next = -1;
      for (int dc = 0; dc < dcs; dc++) {
        if (!done[dc] && (next < 0 || far[dc] < far[next])) {
          next = dc;
        }
      }
      done[next] = true;
      for (int dc = 0; dc < dcs; dc++) {
        double through = far[next] + distance(links, next, dc, bytes);
        if (!done[dc] && through < far[dc]) {
          far[dc] = through;
          parents[dc] = next;
        }
      }
    }
    return parents;
  }

  /// Data centres nearer to each other than a distance, through others too, are a region; its head
  /// is the one with the shortest way to the root. Members send to their head, heads to the root.
  private static int[] regions(int root, double distance, LinkMatrix links, double bytes) {
    int dcs = links.dcs();
    int[] region = new int[dcs];
    Arrays.setAll(region, dc -> dc);
    for (int a = 0; a < dcs; a++) {
      for (int b = a + 1; b < dcs; b++) {
        if (distance(links, a, b, bytes) < distance && region[a] != region[b]) {
          int old = region[b];
          int now = region[a];
          Arrays.setAll(region, dc -> region[dc] == old ? now : region[dc]);
        }
      }
    }
    int[] head = new int[dcs];
    Arrays.fill(head, -1);
    head[region[root]] = root;
    for (int dc = 0; dc < dcs; dc++) {
      int rival = head[region[dc]];
      if (rival < 0
          || (rival != root
              && distance(links, dc, root, bytes) < distance(links, rival, root, bytes))) {
        head[region[dc]] = dc;
      }
    }
    int[] parents = new int[dcs];
    for (int dc = 0; dc < dcs; dc++) {
      int of = head[region[dc]];
      parents[dc] = dc == root ? ROOT : of == dc ? root : of;
    }
    return parents;
  }
}
