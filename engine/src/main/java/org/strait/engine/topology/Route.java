package org.strait.engine.topology;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/// Who sends to whom in a round between data centres: everybody to everybody (a mesh), or along a
/// tree whose root averages: payloads travel from the leaves to the root, the mean travels back. A
/// hub is a tree of depth one.
public final class Route {
  private static final int NOBODY = -1;
  private static final int ABSENT = -2;
  private static final int LONGEST_NAME = 400;

  private final String name;
  private final int[] parents;
  private final int[][] children;
  private final int root;

  private Route(String name, int[] parents, int root) {
    this.name = name;
    this.parents = parents;
    this.root = root;
    children = new int[parents.length][];
    for (int dc = 0; dc < parents.length; dc++) {
      children[dc] = childrenOf(dc);
    }
  }

  /// Everybody to everybody.
  public static Route mesh() {
    return new Route("mesh", new int[0], NOBODY);
  }

  /// Everybody through one data centre.
  ///
  /// @throws IllegalArgumentException if there is no such data centre
  public static Route hub(int dcs, int hub) {
    if (hub < 0 || hub >= dcs) {
      throw new IllegalArgumentException("hub " + hub + " of " + dcs + " data centres");
    }
    int[] parents = new int[dcs];
    Arrays.fill(parents, hub);
    parents[hub] = NOBODY;
    return new Route("hub", parents, hub);
  }

  /// Along a tree.
  ///
  /// @param parents per data centre the one it sends to; -1 for the root
  /// @throws IllegalArgumentException if there is not exactly one root, or a circle
  public static Route tree(int... parents) {
    int[] copy = parents.clone();
    int root = NOBODY;
    for (int dc = 0; dc < copy.length; dc++) {
      if (copy[dc] == NOBODY) {
        if (root != NOBODY) {
          throw new IllegalArgumentException("two roots, " + root + " and " + dc);
        }
        root = dc;
      } else if (copy[dc] < 0 || copy[dc] >= copy.length) {
        throw new IllegalArgumentException(
            "data centre " + dc + " sends to " + copy[dc] + " of " + copy.length);
      }
    }
    if (root == NOBODY) {
      throw new IllegalArgumentException("a tree without a root");
    }
    for (int dc = 0; dc < copy.length; dc++) {
      int hops = 0;
      for (int at = dc; at != root; at = copy[at]) {
        if (++hops > copy.length) {
          throw new IllegalArgumentException("data centre " + dc + " never reaches the root");
        }
      }
    }
    boolean star = true;
    for (int dc = 0; dc < copy.length; dc++) {
      star &= dc == root || copy[dc] == root;
    }
    return new Route(star ? "hub" : "tree", copy, root);
  }

  /// The same among fewer. Where one is missing, its first child takes its place, and its other
  /// children send to that one.
  ///
  /// @param there by data centre, as many as the route has; at least one is
  /// @throws IllegalArgumentException of a mesh, or if there are others
  public Route among(boolean[] there) {
    if (isMesh() || there.length != parents.length) {
      throw new IllegalArgumentException(
          name + " of " + parents.length + " data centres, not " + there.length);
    }
    int[] fewer = new int[parents.length];
    Arrays.fill(fewer, ABSENT);
    int head = head(root, there, fewer);
    if (head == NOBODY) {
      throw new IllegalArgumentException("no data centre is left");
    }
    fewer[head] = NOBODY;
    return new Route(name, fewer, head);
  }

  /// Who stands for a data centre: itself, or the first of those that stand for its children. Fills
  /// in the parents of all below.
  private int head(int dc, boolean[] there, int[] fewer) {
    int head = there[dc] ? dc : NOBODY;
    for (int child : children[dc]) {
      int below = head(child, there, fewer);
      if (head == NOBODY) {
        head = below;
      } else if (below != NOBODY) {
        fewer[below] = head;
      }
    }
    return head;
  }

  /// {@code mesh}, {@code hub} or {@code tree}.
  public String name() {
    return name;
  }

  /// Whether everybody sends to everybody.
  public boolean isMesh() {
    return root == NOBODY;
  }

  /// Who averages; -1 in a mesh.
  public int root() {
    return root;
  }

  /// Whom a data centre sends to; -1 for the root, less for one that is not there.
  public int parent(int dc) {
    return parents[dc];
  }

  /// Who sends to a data centre, in order. Not to be modified.
  public int[] children(int dc) {
    return children[dc];
  }

  /// Hops from a data centre to the root.
  public int depth(int dc) {
    int hops = 0;
    for (int at = dc; at >= 0 && at != root; at = parents[at]) {
      hops++;
    }
    return hops;
  }

  /// Most hops from a data centre to the root; 0 in a mesh.
  public int depth() {
    int most = 0;
    for (int dc = 0; dc < parents.length; dc++) {
      most = Math.max(most, depth(dc));
    }
    return most;
  }

  /// For messages and settings that must agree, for instance {@code hub dc2} or {@code tree
  /// dc1>dc2, dc3>dc2}; a long one is cut and ends with a number that tells it from others.
  public String describe(List<String> dcNames) {
    return switch (name) {
      case "hub" -> "hub " + dcNames.get(root);
      case "tree" -> {
        List<String> edges = new ArrayList<>();
        for (int dc = 0; dc < parents.length; dc++) {
          if (dc != root) {
            edges.add(dcNames.get(dc) + ">" + dcNames.get(parents[dc]));
          }
        }
        String whole = "tree " + String.join(", ", edges);
        yield whole.length() <= LONGEST_NAME
            ? whole
            : whole.substring(0, LONGEST_NAME) + " … #" + Integer.toHexString(whole.hashCode());
      }
      default -> name;
    };
  }

  private int[] childrenOf(int dc) {
    int count = 0;
    for (int parent : parents) {
      count += parent == dc ? 1 : 0;
    }
    int[] list = new int[count];
    int at = 0;
    for (int child = 0; child < parents.length; child++) {
      if (parents[child] == dc) {
        list[at++] = child;
      }
    }
    return list;
  }
}
