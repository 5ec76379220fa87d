package org.strait.engine;

import java.util.Locale;
import org.strait.engine.ledger.MessageKind;
import org.strait.engine.solver.HubSearch;
import org.strait.engine.solver.SitePart;
import org.strait.memory.Doubles;
import org.strait.memory.HostMemory;
import org.strait.memory.Ints;

/// The hub's side of a frugal training; also the only one, if there is only one data centre. All
/// ranks of its DC run it in lockstep, with the same bits: the gateway speaks to the leaves and
/// tells the others what they said.
final class FrugalHub {
  /// Least part of the largest element that the metric has.
  private static final double FLOOR = 1e-12;

  /// So many tolerances may be what is proven of the gap, where the pace says that it is one.
  private static final double MOST_PROVEN = 10;

  /// What the pace says of the gap was up to a quarter too little, and weights are rounded.
  private static final double SAFETY = 0.5;

  /// A relative gap that is the minimum, where no step leads on.
  private static final double NEAR_ENOUGH = 1e-6;

  private static final int SCALE = 0;
  private static final int TRACE = 1;

  private final FrugalRank rank;
  private final SitePart site;
  private final StarVectors letters;
  private final HostMemory memory;
  private final double l2;
  private final Doubles others;
  private final Doubles diagonal;
  private final Doubles leaves;
  private final Doubles gradient;
  private final Doubles sums;
  private final Doubles said;
  private final Ints room;
  private double trace;
  private double proven = Double.POSITIVE_INFINITY;

  FrugalHub(FrugalRank rank, HostMemory memory) {
    this.rank = rank;
    this.memory = memory;
    site = rank.site();
    letters = rank.letters();
    l2 = rank.config().l2();
    int shared = rank.shared();
    others = memory.doubles(shared);
    leaves = memory.doubles(shared);
    gradient = memory.doubles(shared);
    diagonal = memory.doubles(site.weights().length());
    sums = memory.doubles(FrugalRank.SEPARATED + 1L);
    said = memory.doubles(rank.shareLength());
    room = memory.ints(letters == null ? 0 : shared);
  }

  FrugalEnd run() {
    double value = site.settle(rank.near());
    agreeOnMetric();
    boolean alone = rank.session().topology().dcs().size() == 1;
    HubSearch search = new HubSearch(site.rows(), others, rank.root(), l2, alone, memory);
    while (true) {
      gather();
      double f = value + sums.get(FrugalRank.VALUE) + rank.sharedPenalty();
      Doubles mine = site.gradient();
      Doubles weights = rank.sharedWeights();
      for (long j = 0; j < gradient.length(); j++) {
        double penalty = j < rank.penalised() ? l2 * weights.get(j) : 0;
        gradient.set(j, leaves.get(j) + mine.get(j) + penalty);
      }
      HubSearch.Word word = search.next(f, gradient, sums.get(FrugalRank.MORE));
      if (search.taken()) {
        prove(f);
      }
      rank.tried(search.taken(), search.objective());
      int end = end(search, word, f);
      if (end != 0) {
        return new WeightRounding(rank, memory)
            .atHub(end, search.objective(), trace, proven, hubName());
      }
      boolean step = word == HubSearch.Word.STEP;
      boolean save = step && search.taken() && rank.saves();
      if (save) {
        rank.save();
      }
      if (step) {
        rank.setBase();
      }
      if (letters != null) {
        Doubles words = rank.words();
        words.set(
            FrugalRank.WORD,
            step ? save ? FrugalRank.SAVE_AND_STEP : FrugalRank.STEP : FrugalRank.BACK);
        words.set(FrugalRank.NUMBER, search.alpha());
        words.set(FrugalRank.PART, search.part());
        words.set(FrugalRank.OBJECTIVE, search.objective());
        letters.toLeaves(
            MessageKind.STEP, words, step ? search.numbers() : null, step ? search.step() : 0);
      }
      rank.move(search.alpha(), search.direction());
      value = site.settle(rank.near());
    }
  }

  private String hubName() {
    return rank.session().topology().dcs().get(rank.session().dc()).name();
  }

  /// Why to stop, or 0.
  private int end(HubSearch search, HubSearch.Word word, double f) {
    if (!Double.isFinite(search.objective())) {
      return FrugalEnd.DIVERGED;
    }
    if (l2 == 0
        && search.taken()
        && sums.get(FrugalRank.SEPARATED) == leafCount()
        && site.rows().separated()) {
      return FrugalEnd.SEPARABLE;
    }
    TrainingConfig config = rank.config();
    if (search.taken() && f <= config.target()) {
      return FrugalEnd.TARGET;
    }
    if (search.taken() && near(search.gap(), config.tolerance())) {
      return FrugalEnd.TOLERANCE;
    }
    if (word == HubSearch.Word.END) {
      double enough = Math.max(NEAR_ENOUGH, MOST_PROVEN * config.tolerance());
      return l2 == 0 || proven <= enough ? FrugalEnd.PRECISION : FrugalEnd.STALLED;
    }
    return search.taken() && rank.rounds() >= config.maxRounds() ? FrugalEnd.ROUNDS : 0;
  }

  /// The pace of a search says little where it has stalled: what is proven must not be far.
  private boolean near(double gap, double tolerance) {
    return proven <= tolerance
        || (gap <= SAFETY * tolerance && (!strong() || proven <= MOST_PROVEN * tolerance));
  }

  /// Whether the penalty makes the objective strongly convex.
  private boolean strong() {
    return l2 > 0 && rank.penalised() == rank.shared();
  }

  private int leafCount() {
    return rank.session().topology().dcs().size() - 1;
  }

  /// Strong convexity: f - f* ≤ |gradient|²/(2·l2), and the gradient is at most what is known of it
  /// and all errors.
  private void prove(double f) {
    double squares = 0;
    for (long j = 0; j < gradient.length(); j++) {
      squares += gradient.get(j) * gradient.get(j);
    }
    double norm = Math.sqrt(squares) + sums.get(FrugalRank.ERROR) + Math.sqrt(site.ownSquares());
    proven = strong() ? norm * norm / (2 * l2) / Math.abs(f) : Double.POSITIVE_INFINITY;
  }

  /// Everybody's curvature at the start, rounded to half octaves.
  private void agreeOnMetric() {
    site.rows().diagonal(diagonal);
    sums.fill(0);
    if (letters != null) {
      Doubles scalars = memory.doubles(2);
      for (int p = 0; p < letters.star().dcs(); p++) {
        if (p != letters.star().me()) {
          letters.await(p, scalars);
          Ints map = rank.vocabulary().map(p);
          letters.read(p, room, map.length());
          for (long i = 0; i < map.length(); i++) {
            double power = StarVectors.power(room.get(i), scalars.get(SCALE));
            others.set(map.get(i), others.get(map.get(i)) + power);
          }
          sums.set(0, sums.get(0) + scalars.get(TRACE));
        }
      }
    }
    rank.tell(others);
    rank.tell(sums);
    trace = sums.get(0);
    Doubles total = memory.doubles(rank.shared());
    double largest = 0;
    for (long j = 0; j < diagonal.length(); j++) {
      double all = diagonal.get(j) + l2 + (j < total.length() ? others.get(j) : 0);
      trace += all;
      if (j < total.length()) {
        total.set(j, all);
        largest = Math.max(largest, all);
      }
    }
    for (long j = 0; j < total.length(); j++) {
      total.set(j, Math.max(total.get(j), largest > 0 ? FLOOR * largest : 1));
    }
    double scale = StarVectors.logs(total, total.length(), rank.numbers());
    rank.setRoot(rank.numbers(), scale);
    rank.tell(rank.root());
    if (letters != null) {
      Doubles scalars = memory.doubles(1);
      scalars.set(0, scale);
      letters.toLeaves(MessageKind.STEP, scalars, rank.numbers(), 1);
    }
  }

  /// sums ← sums of the leaves' scalars; adds the changes of their gradients.
  private void gather() {
    sums.fill(0);
    if (letters != null) {
      for (int p = 0; p < letters.star().dcs(); p++) {
        if (p != letters.star().me()) {
          letters.await(p, said);
          for (long i = 0; i < said.length(); i++) {
            sums.set(i, sums.get(i) + said.get(i));
          }
          Ints map = rank.vocabulary().map(p);
          double step = letters.read(p, room, map.length());
          for (long i = 0; i < map.length(); i++) {
            long j = map.get(i);
            double change = room.get(i) * step * rank.root().get(j);
            leaves.set(j, leaves.get(j) + change);
          }
        }
      }
    }
    if (leafCount() > 0) {
      rank.tell(sums);
      rank.tell(leaves);
    }
  }

  /// For messages.
  @Override
  public String toString() {
    return String.format(Locale.ROOT, "hub of %,d shared features", rank.shared());
  }
}
