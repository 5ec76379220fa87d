package org.strait.engine;

import java.util.ArrayDeque;
import java.util.List;
import org.strait.kernels.DenseOps;
import org.strait.kernels.UpdateOps;
import org.strait.memory.Floats;
import org.strait.memory.HostMemory;

/// The weights that all data centres have in common, in fragments, beside those that this one
/// changes by steps of its own. Progress d of a fragment since it last travelled, and the progress
/// of rounds under way, are kept apart: weights = anchor - Σ (rounds under way) + d. So whatever
/// the timing, each piece of progress counts once, first as this data centre's own and then as its
/// part in the mean.
final class Anchor {
  private final Floats weights;
  private final Floats anchor;
  private final Floats base; // anchor less the rounds under way: what progress is measured from
  private final Floats velocity;
  private final Floats kept;
  private final Floats progress;
  private final int fragments;
  private final LocalSteps steps;
  private final DenseOps dense;
  private final UpdateOps update;
  private final ArrayDeque<Step> free = new ArrayDeque<>();
  private final ArrayDeque<Step> underWay = new ArrayDeque<>();

  /// What this data centre told of one fragment: base - weights, a descent.
  private static final class Step {
    private final Floats room;
    private Floats vector;
    private int fragment;

    private Step(long longest, HostMemory memory) {
      room = memory.floats(longest);
    }
  }

  /// @param weights the replica's, changed by local steps and by {@link #take}
  Anchor(Floats weights, LocalSteps steps, DenseOps dense, UpdateOps update, HostMemory memory) {
    this.weights = weights;
    this.steps = steps;
    this.dense = dense;
    this.update = update;
    fragments = steps.fragments();
    long n = weights.length();
    anchor = memory.floats(n);
    base = memory.floats(n);
    velocity = memory.floats(n);
    kept = memory.floats(n);
    long longest = 0;
    for (int f = 0; f < fragments; f++) {
      longest = Math.max(longest, length(f));
    }
    progress = memory.floats(longest);
    for (int i = 0; i <= steps.timing().ahead(); i++) {
      free.add(new Step(longest, memory));
    }
    anchor.copyFrom(weights);
    base.copyFrom(weights);
  }

  /// Floats of a fragment; they differ by one at most.
  long length(int fragment) {
    return from(fragment + 1) - from(fragment);
  }

  private long from(int fragment) {
    return weights.length() * fragment / fragments;
  }

  private Floats part(Floats of, int fragment) {
    return of.slice(from(fragment), length(fragment));
  }

  /// Rounds whose result has not been taken.
  int underWay() {
    return underWay.size();
  }

  /// The progress of a fragment since it last travelled, as a descent; counts as under way from now
  /// on.
  Floats tell(int fragment) {
    Step step = free.remove();
    step.fragment = fragment;
    step.vector = step.room.slice(0, length(fragment));
    Floats from = part(base, fragment);
    Floats to = part(weights, fragment);
    step.vector.copyFrom(from);
    dense.axpy(-1, to, step.vector);
    from.copyFrom(to);
    underWay.add(step);
    return step.vector;
  }

  /// Fragment of the oldest round under way.
  int oldest() {
    return underWay.getFirst().fragment;
  }

  /// Takes the oldest round's mean over all data centres over into anchor and weights.
  void take(Floats mean) {
    Step step = underWay.remove();
    int f = step.fragment;
    free.add(step);
    Floats w = part(weights, f);
    Floats from = part(base, f);
    Floats common = part(anchor, f);
    Floats own = progress.slice(0, length(f));
    own.copyFrom(w);
    dense.axpy(-1, from, own);
    float rate = (float) steps.outerRate();
    if (steps.outerMomentum() == 0) {
      update.sgd(rate, mean, common);
    } else {
      update.momentum(rate, (float) steps.outerMomentum(), true, mean, part(velocity, f), common);
    }
    from.copyFrom(common);
    for (Step later : underWay) {
      if (later.fragment == f) {
        dense.axpy(-1, later.vector, from);
      }
    }
    w.copyFrom(from);
    dense.axpy(1, own, w);
  }

  /// The common weights.
  Floats common() {
    return anchor;
  }

  /// Those of a fragment, as a view.
  Floats common(int fragment) {
    return part(anchor, fragment);
  }

  /// State between two rounds when nothing is under way: own weights, common ones, velocity.
  List<Floats> memories() {
    return List.of(weights, anchor, velocity);
  }

  /// The vectors of {@link #memories} were filled, and nothing is under way.
  void restored() {
    base.copyFrom(anchor);
  }

  /// Puts the common weights in the place of this data centre's own, until {@link #putBack}.
  void show() {
    kept.copyFrom(weights);
    weights.copyFrom(anchor);
  }

  /// Undoes {@link #show}.
  void putBack() {
    weights.copyFrom(kept);
  }
}
