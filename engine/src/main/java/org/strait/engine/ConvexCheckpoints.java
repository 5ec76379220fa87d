package org.strait.engine;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.SequencedMap;
import java.util.function.Consumer;
import java.util.function.LongConsumer;
import java.util.function.LongSupplier;
import org.strait.engine.checkpoint.Checkpoint;
import org.strait.engine.checkpoint.CheckpointFolder;
import org.strait.engine.exchange.LinkBytes;
import org.strait.memory.Doubles;
import org.strait.memory.Floats;

/// Saves the weights of a solver that holds the loop, in float64, and goes on from them. Every
/// gateway writes a file of its own, all after the same rounds. What a solver remembers of the
/// curvature is not kept: it begins anew at the saved point and ends at the same minimum, since
/// that is the problem's and not the way's. Every rank has one of these.
public final class ConvexCheckpoints {
  private static final String TRAINING = "solver";
  private static final String WEIGHTS = "weights, float64";

  private final Session session;
  private final CheckpointFolder folder;
  private final Checkpoints.Every every;
  private final String settings;
  private final LongSupplier nanoTime;
  private CheckpointFolder from;
  private Consumer<String> notes = note -> {};
  private LongConsumer goesOn = after -> {};
  private LinkBytes links;
  private long savedNanos;
  private long resumed;

  /// @param folder where this DC's checkpoints are
  /// @param settings what a state must have in common with this training to go on from it
  public ConvexCheckpoints(
      Session session,
      CheckpointFolder folder,
      Checkpoints.Every every,
      String settings,
      LongSupplier nanoTime) {
    this.session = session;
    this.folder = folder;
    this.every = every;
    this.settings = settings;
    this.nanoTime = nanoTime;
    savedNanos = nanoTime.getAsLong();
  }

  /// The training goes on from the last round of which all DCs have a whole checkpoint.
  ///
  /// @param where they are
  /// @param note takes a line about each that is not whole
  /// @param told how many rounds are done, on every rank, before the first step
  public void resume(CheckpointFolder where, Consumer<String> note, LongConsumer told) {
    from = where;
    notes = note;
    goesOn = told;
  }

  /// Agrees on where to go on; all ranks of all DCs call it first.
  ///
  /// @return rounds that are done; 0 for a new training
  /// @throws org.strait.engine.checkpoint.CheckpointException if there is no such round
  long begin() {
    resumed = 0;
    if (from != null) {
      List<Long> mine = session.isGateway() ? Checkpoints.whole(from, notes) : List.of();
      try (ExactSums lists = session.exactSums(1)) {
        links = lists.links();
        resumed = Checkpoints.common(session, lists::scalars, mine, from);
      }
      goesOn.accept(resumed);
    }
    return resumed;
  }

  /// Fills the weights of this DC, in all its ranks, if the training goes on.
  void fill(Doubles weights) {
    if (resumed > 0) {
      if (session.isGateway()) {
        from.read(resumed, settings, new Filling(weights));
      }
      session.fromGateway(weights.segment());
    }
  }

  /// Whether one is wanted after this round. Gateways decide, and agree: with the sums of
  /// gradients, or because one decides for all.
  boolean due(long round) {
    return every.due(round, nanoTime.getAsLong() - savedNanos);
  }

  /// Saves the weights after a round; only the gateway writes.
  void save(long round, Doubles weights) {
    savedNanos = nanoTime.getAsLong();
    if (session.isGateway() && !every.equals(Checkpoints.Every.NEVER)) {
      SequencedMap<String, double[]> numbers = new LinkedHashMap<>();
      numbers.put(TRAINING, new double[] {(double) round});
      SequencedMap<String, Floats> vectors = new LinkedHashMap<>();
      vectors.put(WEIGHTS, halves(weights));
      folder.write(new Checkpoint(settings, round, numbers, vectors));
    }
  }

  /// Bytes that it took to agree on where to go on; null if nothing had to be agreed on.
  public LinkBytes links() {
    return links;
  }

  /// The same memory as twice as many float32: a checkpoint's vectors are copied bit by bit.
  private static Floats halves(Doubles weights) {
    return Floats.over(weights.segment());
  }

  private static final class Filling implements Checkpoint.Target {
    private final Doubles weights;
    private final List<String> got = new ArrayList<>();

    Filling(Doubles weights) {
      this.weights = weights;
    }

    @Override
    public void numbers(String name, double[] values) {
      if (!name.equals(TRAINING) || values.length != 1) {
        throw new IllegalArgumentException("unexpected numbers \"" + name + "\"");
      }
      got.add(name);
    }

    @Override
    public Floats vector(String name) {
      got.add(name);
      return name.equals(WEIGHTS) ? halves(weights) : null;
    }

    @Override
    public void complete() {
      if (!got.equals(List.of(TRAINING, WEIGHTS))) {
        throw new IllegalArgumentException(
            "its parts are " + got + ", expected " + List.of(TRAINING, WEIGHTS));
      }
      for (long j = 0; j < weights.length(); j++) {
        if (!Double.isFinite(weights.get(j))) {
          throw new IllegalArgumentException("weight " + j + " is " + weights.get(j));
        }
      }
    }
  }
}
