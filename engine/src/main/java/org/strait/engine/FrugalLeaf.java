package org.strait.engine;

import org.strait.engine.ledger.MessageKind;
import org.strait.engine.solver.Rounding;
import org.strait.engine.solver.SitePart;
import org.strait.memory.Doubles;
import org.strait.memory.HostMemory;
import org.strait.memory.Ints;

/// A leaf's side of a frugal training: it says where its gradient is and goes where the hub says.
/// All ranks of its DC run it in lockstep; the gateway speaks to the hub.
///
/// What it has sent of its gradient adds up, in the hub's memory and in its own, to the same: it
/// sends the difference to that, rounded, so that the error of one message is part of the next
/// one's difference and dies out (EF21: Richtárik, Sokolov, Fatkhullin 2021).
final class FrugalLeaf {
  private final FrugalRank rank;
  private final SitePart site;
  private final StarVectors letters;
  private final HostMemory memory;
  private final Doubles direction;
  private final Doubles sent;
  private final Doubles difference;
  private final Doubles share;
  private double errorThere;
  private double errorBefore;
  private double errorNorm;

  FrugalLeaf(FrugalRank rank, HostMemory memory) {
    this.rank = rank;
    this.memory = memory;
    site = rank.site();
    letters = rank.letters();
    direction = memory.doubles(rank.shared());
    sent = memory.doubles(letters == null ? 0 : rank.shared());
    difference = memory.doubles(letters == null ? 0 : rank.shared());
    share = memory.doubles(rank.shareLength());
  }

  FrugalEnd run() {
    double value = site.settle(rank.near());
    agreeOnMetric();
    Doubles words = rank.words();
    words.set(FrugalRank.PART, 0.2);
    while (true) {
      if (letters != null) {
        send(value, words.get(FrugalRank.PART));
        letters.await(letters.star().hub(), words);
      }
      rank.tell(words);
      int word = (int) words.get(FrugalRank.WORD);
      double alpha = words.get(FrugalRank.NUMBER);
      rank.tried(word != FrugalRank.BACK, words.get(FrugalRank.OBJECTIVE));
      if (word == FrugalRank.END) {
        return new WeightRounding(rank, memory).atLeaf();
      }
      if (word == FrugalRank.SAVE_AND_STEP) {
        rank.save();
      }
      if (word == FrugalRank.STEP || word == FrugalRank.SAVE_AND_STEP) {
        rank.setBase();
        take();
      }
      rank.move(alpha, direction);
      value = site.settle(rank.near());
    }
  }

  private void agreeOnMetric() {
    Doubles diagonal = memory.doubles(site.weights().length());
    site.rows().diagonal(diagonal);
    if (letters != null) {
      double trace = 0;
      for (long j = rank.shared(); j < diagonal.length(); j++) {
        trace += diagonal.get(j) + rank.config().l2();
      }
      Doubles scalars = memory.doubles(2);
      scalars.set(0, StarVectors.logs(diagonal, rank.shared(), rank.numbers()));
      scalars.set(1, trace);
      letters.toHub(MessageKind.STEP, scalars, rank.numbers(), rank.shared(), 1);
      Doubles scale = memory.doubles(1);
      letters.await(letters.star().hub(), scale);
      letters.read(letters.star().hub(), rank.numbers(), rank.shared());
      rank.setRoot(rank.numbers(), scale.get(0));
    }
    rank.tell(rank.root());
  }

  /// Sends the change of the gradient, rounded to {@code part} of its root mean square.
  private void send(double value, double part) {
    Doubles gradient = site.gradient();
    Doubles root = rank.root();
    Ints numbers = rank.numbers();
    long n = rank.shared();
    for (long j = 0; j < n; j++) {
      difference.set(j, (gradient.get(j) - sent.get(j)) / root.get(j));
    }
    double step = Rounding.round(difference, n, part, numbers);
    double squares = 0;
    errorThere = 0;
    for (long j = 0; j < n; j++) {
      double change = numbers.get(j) * step * root.get(j);
      sent.set(j, sent.get(j) + change);
      double error = gradient.get(j) - sent.get(j);
      squares += error * error;
      errorThere += error * direction.get(j);
    }
    errorNorm = Math.sqrt(squares) + Math.sqrt(site.ownSquares());
    share.set(FrugalRank.VALUE, value);
    share.set(FrugalRank.MORE, errorThere - errorBefore);
    share.set(FrugalRank.ERROR, errorNorm);
    if (share.length() > FrugalRank.SEPARATED) {
      share.set(FrugalRank.SEPARATED, site.rows().separated() ? 1 : 0);
    }
    letters.toHub(MessageKind.SHARE, share, numbers, n, step);
  }

  /// Takes a new direction. Its product with the error at the point where it begins is kept: the
  /// hub learns by it what the curvature along the step exactly is.
  private void take() {
    if (letters != null) {
      Ints numbers = rank.numbers();
      double step = letters.read(letters.star().hub(), numbers, rank.shared());
      errorBefore = 0;
      for (long j = 0; j < direction.length(); j++) {
        direction.set(j, numbers.get(j) * step / rank.root().get(j));
        double error = site.gradient().get(j) - sent.get(j);
        errorBefore += error * direction.get(j);
      }
    }
    rank.tell(direction);
  }
}
