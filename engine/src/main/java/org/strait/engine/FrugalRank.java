package org.strait.engine;

import org.strait.engine.model.Replica;
import org.strait.engine.solver.SitePart;
import org.strait.memory.Doubles;
import org.strait.memory.HostMemory;
import org.strait.memory.Ints;

/// What hub and leaves have in common: one rank's part of a frugal training.
///
/// Words of the hub are four numbers: the word, a number that belongs to it, the rounding of what
/// is sent next, and the objective so far.
final class FrugalRank {
  static final int WORD = 0;
  static final int NUMBER = 1;
  static final int PART = 2;
  static final int OBJECTIVE = 3;
  static final int WORDS = 4;

  static final int STEP = 1;
  static final int BACK = 2;
  static final int END = 3;

  /// A step, before which all save where they are.
  static final int SAVE_AND_STEP = 5;

  /// A leaf's share: its part of the objective, what step·change lacks, and how far its gradient is
  /// from what it has sent; without a penalty also whether its rows are all on their right side.
  static final int VALUE = 0;

  static final int MORE = 1;
  static final int ERROR = 2;
  static final int SEPARATED = 3;

  private static final double OF_CHANGE = 1e-3;
  private static final double FARTHEST = 1e-5;
  private static final double NEAREST = 1e-9;

  private final Session session;
  private final StarVectors letters;
  private final Vocabulary vocabulary;
  private final SitePart site;
  private final TrainingConfig config;
  private final Replica replica;
  private final Steps steps;
  private final Doubles words;
  private final Doubles base;
  private final Doubles root;
  private final Ints numbers;
  private ConvexCheckpoints checkpoints;
  private long rounds;
  private double near;
  private double last = Double.NaN;

  /// Who counts steps.
  interface Steps {
    void tried(boolean taken, double objective);
  }

  FrugalRank(
      Session session,
      StarVectors letters,
      Vocabulary vocabulary,
      SitePart site,
      TrainingConfig config,
      Replica replica,
      Steps steps,
      HostMemory memory) {
    this.session = session;
    this.letters = letters;
    this.vocabulary = vocabulary;
    this.site = site;
    this.config = config;
    this.replica = replica;
    this.steps = steps;
    // Without shared features there is no other step.
    near = vocabulary.shared() == 0 ? NEAREST : FARTHEST;
    words = memory.doubles(WORDS);
    base = memory.doubles(vocabulary.shared());
    root = memory.doubles(vocabulary.shared());
    numbers = memory.ints(site.weights().length());
  }

  /// Keeps checkpoints.
  ///
  /// @param kept null for none
  /// @param done rounds before
  void keep(ConvexCheckpoints kept, long done) {
    checkpoints = kept;
    rounds = done;
  }

  /// Whether a checkpoint is wanted now; the hub's gateway asks.
  boolean saves() {
    return checkpoints != null && checkpoints.due(rounds);
  }

  /// Saves where all are: the point that was just taken.
  void save() {
    if (checkpoints != null) {
      checkpoints.save(rounds, site.weights());
    }
  }

  Session session() {
    return session;
  }

  /// Null on ranks that are not gateways, and if there is only one DC.
  StarVectors letters() {
    return letters;
  }

  Vocabulary vocabulary() {
    return vocabulary;
  }

  SitePart site() {
    return site;
  }

  TrainingConfig config() {
    return config;
  }

  Replica replica() {
    return replica;
  }

  void tried(boolean taken, double objective) {
    rounds++;
    double change = Math.abs(last - objective) / Math.abs(objective);
    double wanted = taken && change > 0 ? OF_CHANGE * change : near / 10;
    near = taken && Double.isNaN(last) ? near : Math.max(NEAREST, Math.min(FARTHEST, wanted));
    last = objective;
    steps.tried(taken, objective);
  }

  /// How near to their best own weights have to be at the next point: a part of what the last step
  /// gained, nearer after one that failed.
  double near() {
    return near;
  }

  /// Points that were tried so far.
  long rounds() {
    return rounds;
  }

  /// The hub's last words.
  Doubles words() {
    return words;
  }

  /// Root of the metric, over the shared coordinates.
  Doubles root() {
    return root;
  }

  /// Room for as many numbers as there are local coordinates.
  Ints numbers() {
    return numbers;
  }

  int shared() {
    return vocabulary.shared();
  }

  Doubles sharedWeights() {
    return site.weights().slice(0, shared());
  }

  /// The next step begins where the weights are.
  void setBase() {
    base.copyFrom(sharedWeights());
  }

  /// shared weights ← base + alpha·direction, the same bits in all DCs.
  void move(double alpha, Doubles direction) {
    Doubles weights = sharedWeights();
    for (long j = 0; j < weights.length(); j++) {
      weights.set(j, base.get(j) + alpha * direction.get(j));
    }
  }

  /// How many shared coordinates, from the first on, the penalty is of: an intercept is the last.
  int penalised() {
    return shared() - (replica.model().intercept() ? 1 : 0);
  }

  /// l2/2·|w|² over the shared coordinates.
  double sharedPenalty() {
    Doubles weights = sharedWeights();
    double sum = 0;
    for (long j = 0; j < penalised(); j++) {
      sum += weights.get(j) * weights.get(j);
    }
    return config.l2() / 2 * sum;
  }

  /// How many scalars a share has.
  int shareLength() {
    return config.l2() == 0 ? SEPARATED + 1 : SEPARATED;
  }

  /// Gives what the gateway has to all ranks of this DC.
  void tell(Doubles data) {
    if (data.length() > 0) {
      session.fromGateway(data.segment());
    }
  }

  /// Root of the metric from its codes. Modified: the root.
  void setRoot(Ints codes, double scale) {
    for (long j = 0; j < root.length(); j++) {
      double m = StarVectors.power(codes.get(j), scale);
      root.set(j, m > 0 ? Math.sqrt(m) : Math.sqrt(Double.MIN_NORMAL));
    }
  }
}
