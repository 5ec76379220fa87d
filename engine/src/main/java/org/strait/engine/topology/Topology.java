package org.strait.engine.topology;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/// All data centres of a job in a fixed order, and the links between them. Ranks are numbered
/// through: the ranks of the first DC, then those of the second, and so on; the first rank of a DC
/// is its gateway. Where a DC has several gateways they are its first ranks, and the vectors that
/// travel are cut into as many shards: the first gateway is still *the* gateway, which speaks for
/// its DC in everything else.
public final class Topology {
  private final List<DataCenter> dcs;
  private final List<Link> links;
  private final Map<String, Link> linkByPair = new HashMap<>();
  private final int[] firstRank;
  private final int gateways;

  /// @throws IllegalArgumentException if a DC is named twice, a link names an unknown DC, or a link
  ///     is given twice
  public Topology(List<DataCenter> dcs, List<Link> links) {
    this(dcs, links, 1);
  }

  private Topology(List<DataCenter> dcs, List<Link> links, int gateways) {
    for (DataCenter dc : dcs) {
      if (gateways < 1 || dc.ranks() < gateways) {
        throw new IllegalArgumentException(
            gateways
                + " gateways in every data centre, but "
                + dc.name()
                + " has "
                + dc.ranks()
                + (dc.ranks() == 1 ? " rank" : " ranks"));
      }
    }
    this.gateways = gateways;
    if (dcs.isEmpty()) {
      throw new IllegalArgumentException("a topology needs at least one data centre");
    }
    this.dcs = List.copyOf(dcs);
    this.links = List.copyOf(links);
    Set<String> names = new HashSet<>();
    firstRank = new int[dcs.size() + 1];
    for (int i = 0; i < dcs.size(); i++) {
      if (!names.add(dcs.get(i).name())) {
        throw new IllegalArgumentException(
            "data centre \"" + dcs.get(i).name() + "\" is named twice");
      }
      firstRank[i + 1] = Math.addExact(firstRank[i], dcs.get(i).ranks());
    }
    for (Link link : links) {
      for (String end : List.of(link.from(), link.to())) {
        if (!names.contains(end)) {
          throw new IllegalArgumentException(
              "link "
                  + link.from()
                  + " -> "
                  + link.to()
                  + ": no data centre \""
                  + end
                  + "\"; known: "
                  + dcs.stream().map(DataCenter::name).toList());
        }
      }
      if (linkByPair.put(pair(link.from(), link.to()), link) != null) {
        throw new IllegalArgumentException(
            "link " + link.from() + " -> " + link.to() + " is given twice");
      }
    }
  }

  /// DCs dc1 … dcN of equal size, without links.
  public static Topology uniform(int dcs, int ranksPerDc) {
    List<DataCenter> list = new ArrayList<>();
    for (int i = 1; i <= dcs; i++) {
      list.add(new DataCenter("dc" + i, ranksPerDc));
    }
    return new Topology(list, List.of());
  }

  /// The DCs in order.
  public List<DataCenter> dcs() {
    return dcs;
  }

  /// The links that were described.
  public List<Link> links() {
    return links;
  }

  /// The link from one DC to another; one without delay, limit and price if it was not described.
  public Link link(int fromDc, int toDc) {
    String from = dcs.get(fromDc).name();
    String to = dcs.get(toDc).name();
    Link link = linkByPair.get(pair(from, to));
    return link != null ? link : new Link(from, to, 0, 0, 0);
  }

  /// Connections between the gateways of two DCs: what either link between them asks for; 0 if
  /// nobody says.
  public int streams(int oneDc, int otherDc) {
    return Math.max(link(oneDc, otherDc).streams(), link(otherDc, oneDc).streams());
  }

  /// The same with several gateways in every DC.
  ///
  /// @throws IllegalArgumentException if a DC has fewer ranks
  public Topology withGateways(int count) {
    return new Topology(dcs, links, count);
  }

  /// The same with links as one of several gateways finds them: each has its part of the bandwidth.
  public Topology ofOneGateway() {
    List<Link> parts =
        links.stream()
            .map(
                link ->
                    new Link(
                        link.from(),
                        link.to(),
                        link.delayNanos(),
                        Math.ceilDiv(link.bitsPerSecond(), gateways),
                        link.pricePerGigabyte(),
                        link.jitterNanos(),
                        link.loss(),
                        link.streams()))
            .toList();
    return new Topology(dcs, parts, gateways);
  }

  /// Gateways of every DC.
  public int gateways() {
    return gateways;
  }

  /// Which shard of the vectors a rank exchanges, from 0; -1 if it speaks to no other DC.
  public int shardOf(int rank) {
    int local = rank - firstRank[dcOf(rank)];
    return local < gateways ? local : -1;
  }

  /// First element of a shard of a vector of n elements; of shard number {@link #gateways}, n. Long
  /// shards begin at whole blocks of 4096 elements, or of 256, so that compressors that work in
  /// blocks see the same ones.
  public long shardBegin(long n, int shard) {
    long unit = n >= 4L * 4096 * gateways ? 4096 : n >= 4L * 256 * gateways ? 256 : 1;
    return shard == gateways ? n : n * shard / gateways / unit * unit;
  }

  /// Name of what a gateway keeps: its DC's, and for all but the first its number.
  public String gatewayName(int rank) {
    String dc = dcs.get(dcOf(rank)).name();
    return shardOf(rank) > 0 ? dc + "~gateway" + (shardOf(rank) + 1) : dc;
  }

  /// Number of ranks of all DCs.
  public int size() {
    return firstRank[dcs.size()];
  }

  /// Index of the DC that a rank belongs to.
  public int dcOf(int rank) {
    for (int i = 0; i < dcs.size(); i++) {
      if (rank >= 0 && rank < firstRank[i + 1]) {
        return i;
      }
    }
    throw new IllegalArgumentException("rank " + rank + " is not in 0.." + (size() - 1));
  }

  /// The gateway of a DC: its first rank.
  public int gatewayOf(int dc) {
    return firstRank[dc];
  }

  /// Whether a rank is the first gateway of its DC, which speaks for it.
  public boolean isGateway(int rank) {
    return firstRank[dcOf(rank)] == rank;
  }

  /// The ranks of one DC, seen by one of them.
  public Group intraGroup(int rank) {
    int dc = dcOf(rank);
    List<Member> members = new ArrayList<>();
    for (int r = firstRank[dc]; r < firstRank[dc + 1]; r++) {
      members.add(new Member(r, dcs.get(dc).name()));
    }
    return new Group("dc-" + dcs.get(dc).name(), members, rank - firstRank[dc]);
  }

  /// The gateways of one shard, of all DCs in DC order, seen by one of them.
  public Group gatewayGroup(int rank) {
    int shard = shardOf(rank);
    if (shard < 0) {
      throw new IllegalArgumentException("rank " + rank + " is not a gateway");
    }
    List<Member> members = new ArrayList<>();
    for (int dc = 0; dc < dcs.size(); dc++) {
      members.add(new Member(firstRank[dc] + shard, dcs.get(dc).name()));
    }
    return new Group(shard == 0 ? "wan" : "wan~" + (shard + 1), members, dcOf(rank));
  }

  private static String pair(String from, String to) {
    return from + " " + to;
  }
}
