package org.strait.engine;

import java.util.List;
import java.util.stream.Stream;
import org.strait.engine.collective.Buckets;
import org.strait.engine.collective.Collectives;
import org.strait.engine.compress.Compressor;
import org.strait.engine.exchange.Exchange;
import org.strait.engine.exchange.LinkBytes;
import org.strait.engine.exchange.Membership;
import org.strait.engine.exchange.QuorumLostException;
import org.strait.engine.exchange.RoundReport;
import org.strait.engine.topology.Topology;
import org.strait.engine.transport.Deadline;
import org.strait.kernels.DenseOps;
import org.strait.memory.Doubles;
import org.strait.memory.Floats;
import org.strait.memory.HostMemory;

/// Averages one stream of equally long vectors over all ranks of all data centres: exactly inside a
/// DC, as its compressor says between DCs. Every rank calls it the same number of times and leaves
/// with the same bits. Made by {@link Session}; one thread at a time; allocates nothing per call.
public final class Averager implements AutoCloseable {
  /// Index of the number of rows in {@code sums}.
  static final int ROWS = 0;

  private static final int GATEWAY = 0;
  private static final RoundReport NO_EXCHANGE = new RoundReport();

  private final HostMemory memory;
  private final Floats vector;
  private final Doubles weightOnly;
  private final Topology topology;
  private final long begin;
  private final long travels;
  private final boolean leads;
  private final int shard;
  private final Collectives intra;
  private final Exchange exchange;
  private final Compressor compressor;
  private final boolean onlyDc;
  private final DenseOps dense;
  private final Deadline reduce;
  private final Deadline exchanging;
  private final Deadline broadcasting;
  private Floats scale;
  private Floats weights;
  private Floats travellingWeights;
  private OwnCoordinates own;
  private double weightOfDc;
  private Floats whole;
  private final Floats[] shards;
  private final Doubles none;
  private Adaptation adaptation;

  /// @param shard which part of the vectors this rank exchanges, -1 if none
  /// @param exchange of that part; null on ranks that have none
  /// @param compressor what the exchange sends, null on ranks that send nothing
  /// @param onlyDc whether this DC is the only one: then every rank has an exchange, and as the
  ///     sums
  ///     are the same everywhere, nobody needs to be told the means
  Averager(
      long n,
      Topology topology,
      int shard,
      Collectives intra,
      Exchange exchange,
      Compressor compressor,
      boolean onlyDc,
      DenseOps dense,
      double idleSeconds,
      HostMemory memory) {
    this.memory = memory;
    this.topology = topology;
    this.intra = intra;
    this.exchange = exchange;
    this.compressor = compressor;
    this.onlyDc = onlyDc;
    this.dense = dense;
    leads = onlyDc || shard == 0;
    this.shard = shard;
    begin = onlyDc || shard < 0 ? 0 : topology.shardBegin(n, shard);
    travels = onlyDc || shard < 0 ? n : topology.shardBegin(n, shard + 1) - begin;
    vector = memory.floats(n);
    weightOnly = memory.doubles(1);
    none = memory.doubles(0);
    shards = new Floats[topology.gateways()];
    reduce = Deadline.seconds("allreduce inside the data centre", idleSeconds);
    exchanging = Deadline.seconds("exchange between data centres", idleSeconds);
    broadcasting = Deadline.seconds("broadcast inside the data centre", idleSeconds);
  }

  /// Replaces {@code mean} by Σ weight·mean / Σ weight over all ranks of all DCs. Native memory,
  /// nothing is copied.
  ///
  /// @param mean this rank's vector, of the averager's length. Modified.
  /// @param weight this rank's weight, at least 0, usually the rows behind its vector; not all may
  ///     be 0
  /// @return what the round cost this DC, for gateways; zeros elsewhere; valid until the next call
  public RoundReport average(Floats mean, double weight) {
    if (!(weight >= 0) || Double.isInfinite(weight)) {
      throw new IllegalArgumentException("weight is " + weight + ", must be at least 0");
    }
    dense.scale((float) weight, mean);
    return averageRows(mean, weight);
  }

  /// The same for an array, which is copied in and out.
  public RoundReport average(float[] mean, double weight) {
    vector.copyFrom(mean);
    RoundReport report = average(vector, weight);
    vector.copyTo(mean);
    return report;
  }

  /// Lines 3 to 5 of a step. Takes this rank's sums over its rows and leaves the mean over all rows
  /// of all DCs in {@code gradient} and the sums over all ranks in {@code sums}, whose first
  /// element is the number of rows.
  RoundReport averageSums(Floats gradient, Doubles sums) {
    return averageSums(gradient, sums, sums);
  }

  /// The same where the last two sums stay in the DC and are overwritten: they become how often the
  /// DCs that count have changed, and the number of ranks that counted.
  ///
  /// @param travelling a view of the sums before them
  RoundReport averageSums(Floats gradient, Doubles sums, Doubles travelling) {
    if (own == null && gradient.length() != vector.length() && gradient.length() != 0) {
      throw new IllegalArgumentException(
          "vector has " + gradient.length() + " floats, expected " + vector.length());
    }
    intra.sum(gradient, reduce); // 3 exact, inside the DC
    return exchangeSums(gradient, sums, travelling);
  }

  /// Lines 4 and 5, of a gradient that is summed inside the DC.
  private RoundReport exchangeSums(Floats summed, Doubles sums, Doubles travelling) {
    RoundReport report = NO_EXCHANGE;
    intra.sum(sums, reduce);
    weightOfDc = sums.get(ROWS);
    boolean split = own != null && summed.length() > 0;
    Floats gradient = split ? own.commonGradient() : summed;
    if (split) {
      own.beforeTravel(exchange != null);
    }
    if (exchange != null && (leads || gradient.length() > 0)) {
      Floats part = part(gradient);
      dense.scale(weightOfDc == 0 ? 0 : (float) (1 / weightOfDc), part);
      toTravel(part);
      boolean adapts = adaptation != null && part.length() > 0;
      if (adapts) {
        beforeRound(part);
      }
      Doubles scalars = leads ? travelling : none;
      report = exchange.average(part, weightOfDc, scalars, exchanging); // 4 between DCs
      if (adapts) {
        adaptation.came(0, part);
        adaptation.ended();
      }
      divideByScale(part);
      if (leads && travelling.length() < sums.length()) {
        tellMembers(sums, travelling.length());
      }
    }
    if (!onlyDc) {
      broadcast(gradient); // 5
      intra.broadcast(sums.segment(), GATEWAY, broadcasting);
    }
    if (split) {
      own.afterTravel(sums.get(ROWS));
    }
    return report;
  }

  /// Every gateway gives the others of its DC the mean of its shard.
  private void broadcast(Floats gradient) {
    int gateways = topology.gateways();
    if (gateways == 1) {
      intra.broadcast(gradient.segment(), GATEWAY, broadcasting);
      return;
    }
    part(gradient);
    for (int root = 0; root < gateways && gradient.length() > 0; root++) {
      intra.broadcast(shards[root].segment(), root, broadcasting);
    }
  }

  /// The part that this rank exchanges; views are kept, since callers come with the same vector.
  private Floats part(Floats gradient) {
    if (onlyDc || topology.gateways() == 1 || gradient.length() == 0) {
      return gradient;
    }
    if (whole != gradient) {
      whole = gradient;
      for (int s = 0; s < shards.length; s++) {
        long from = topology.shardBegin(gradient.length(), s);
        shards[s] = gradient.slice(from, topology.shardBegin(gradient.length(), s + 1) - from);
      }
    }
    return shards[Math.max(0, shard)];
  }

  /// Length of the part of the vectors that this rank exchanges.
  long travels() {
    return travels;
  }

  private void beforeRound(Floats vector) {
    adaptation.computed();
    if (adaptation.due()) {
      adaptation.sample(weightOfDc);
    }
    adaptation.travels(0, vector);
  }

  /// From now on this sets how finely vectors travel; closed with the averager.
  void adapt(Adaptation made) {
    adaptation = made;
  }

  /// What sets how finely vectors travel; null where nothing does.
  Adaptation adaptation() {
    return adaptation;
  }

  /// Bytes of the samples by which that is decided; null if there are none.
  public LinkBytes sampleLinks() {
    return adaptation == null ? null : adaptation.links();
  }

  HostMemory memory() {
    return memory;
  }

  /// The compressor of the exchange; null on ranks that have none.
  Compressor compressor() {
    return compressor;
  }

  private void tellMembers(Doubles sums, long at) {
    Membership members = exchange.members();
    int ranks = 0;
    for (int dc = 0; dc < topology.dcs().size(); dc++) {
      ranks += members == null || members.counted(dc) ? topology.dcs().get(dc).ranks() : 0;
    }
    sums.set(at, members == null ? 0 : (double) members.changes());
    sums.set(at + 1, ranks);
  }

  /// Who takes part, in gateways of several DCs; else null.
  Membership members() {
    return exchange == null ? null : exchange.members();
  }

  /// Counts rounds from here, after the shared memories were filled from elsewhere.
  void resumeAt(long round) {
    if (exchange != null) {
      exchange.resumeAt(round);
    }
  }

  /// Stays until all others have finished the last round too, for they may need a frame that this
  /// DC holds. That too few are left to say so does not matter any more.
  void farewell() {
    Membership members = members();
    if (members != null && members.survives()) {
      try {
        exchange.average(vector.slice(0, 0), 0, weightOnly.slice(0, 0), exchanging);
      } catch (QuorumLostException e) {
        System.getLogger(Averager.class.getName()).log(System.Logger.Level.INFO, e.getMessage());
      }
    }
  }

  /// Lets vectors travel between DCs as v·scale, so that the compressor's idea of a large element
  /// is the caller's. The scale must be the same on all DCs, positive, and is read in every round.
  public void travelScaled(Floats travelScale) {
    scale = travelScale.slice(begin, travels);
  }

  /// Says which weights the vectors change, for compressors that compare the two ({@code
  /// significance}): read in every round, never modified. A gradient g that travels as g·s, s =
  /// 1/√D, is the step that a diagonal Newton method takes for w/s, so that is what it is compared
  /// with: |g/D| with |w|.
  ///
  /// @param newWeights at least as many as travel, which come first; must outlive it
  public void reference(Floats newWeights) {
    if (compressor == null || !compressor.reference(newWeights)) {
      return;
    }
    weights = newWeights.slice(begin, travels); // own coordinates do not travel
    travellingWeights = memory.floats(travels);
    compressor.reference(travellingWeights);
  }

  /// From now on only the first coordinates of the gradients travel, of the averager's length; the
  /// others are this DC's own.
  void split(OwnCoordinates newOwn) {
    own = newOwn;
  }

  /// Tells the compressor how large an error this round may have (Euclidean, in travelling
  /// coordinates); compressors with a fixed density ignore it.
  public void tolerate(double residualNorm) {
    if (exchange != null) {
      exchange.tolerate(residualNorm / Math.sqrt(onlyDc ? 1 : topology.gateways()));
    }
  }

  /// Weight of this whole DC in the last round: the sum over its ranks.
  public double weightOfDc() {
    return weightOfDc;
  }

  /// What the exchange of this gateway holds back; empty on other ranks.
  List<Floats> memories() {
    return both(
        exchange == null ? List.of() : exchange.memories(),
        adaptation == null ? List.of() : adaptation.memories());
  }

  /// What all gateways remember alike; empty on other ranks.
  List<Floats> sharedMemories() {
    return both(
        exchange == null ? List.of() : exchange.sharedMemories(),
        adaptation == null ? List.of() : adaptation.sharedMemories());
  }

  private static List<Floats> both(List<Floats> some, List<Floats> others) {
    return Stream.concat(some.stream(), others.stream()).toList();
  }

  /// Called after the shared memories were filled from elsewhere.
  void restored() {
    if (exchange != null) {
      exchange.restored();
    }
  }

  /// Name of the exchange as written in the run record; empty on ranks that are not gateways.
  public String name() {
    return exchange == null ? "" : exchange.name();
  }

  /// Bytes posted to each DC by purpose; null on ranks that are not gateways.
  public LinkBytes links() {
    return exchange == null ? null : exchange.links();
  }

  /// Sums over this rank's rows in, the mean over all rows of all DCs out, for callers without
  /// other sums. Modified: rowSums.
  public RoundReport averageRows(Floats rowSums, double rows) {
    weightOnly.set(ROWS, rows);
    return averageSums(rowSums, weightOnly);
  }

  /// The same for a vector whose sum inside the DC is under way in buckets, see {@link
  /// Session#buckets}: finishes that first.
  ///
  /// @param rowSums the vector that the buckets sum. Modified.
  public RoundReport averageRows(Buckets buckets, Floats rowSums, double rows) {
    buckets.finish();
    weightOnly.set(ROWS, rows);
    return exchangeSums(rowSums, weightOnly, weightOnly);
  }

  /// Releases buffers; the session's connections stay.
  @Override
  public void close() {
    if (adaptation != null) {
      adaptation.close();
    }
    if (exchange != null) {
      exchange.close();
    }
    memory.close();
  }

  private void toTravel(Floats gradient) {
    if (weights != null && gradient.length() > 0) {
      travellingWeights.copyFrom(weights);
      divideByScale(travellingWeights);
    }
    if (scale != null) {
      for (long i = 0; i < gradient.length(); i++) {
        gradient.set(i, gradient.get(i) * scale.get(i));
      }
    }
  }

  private void divideByScale(Floats x) {
    if (scale != null) {
      for (long i = 0; i < x.length(); i++) {
        x.set(i, x.get(i) / scale.get(i));
      }
    }
  }
}
