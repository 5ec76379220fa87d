package org.strait.engine;

import java.util.ArrayList;
import java.util.List;
import java.util.StringJoiner;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import org.strait.engine.checkpoint.CheckpointException;
import org.strait.engine.checkpoint.CheckpointFolder;
import org.strait.engine.topology.Topology;
import org.strait.memory.Doubles;
import org.strait.memory.Floats;
import org.strait.memory.HostMemory;

/// Saves the state of a training now and then, and goes on from a saved one. Every gateway writes a
/// file of its own, all after the same rounds: whether one is due travels with the sums of a step.
/// Every rank has one of these.
public final class Checkpoints {
  /// How often.
  ///
  /// @param rounds after every so many rounds; 0 if only time counts
  /// @param seconds after so many seconds; 0 if only rounds count
  public record Every(long rounds, double seconds) {
    /// Never.
    public static final Every NEVER = new Every(0, 0);

    /// Whether one is due after a round.
    ///
    /// @param sinceNanos since the last one
    boolean due(long round, long sinceNanos) {
      return (rounds > 0 && round % rounds == 0)
          || (seconds > 0 && sinceNanos >= (long) (seconds * 1e9));
    }
  }

  private final TrainingState state;
  private final CheckpointFolder folder;
  private final Every every;
  private final LongSupplier nanoTime;
  private long savedNanos;
  private long savedRound;

  /// @param folder where this DC's checkpoints are
  public Checkpoints(
      TrainingState state, CheckpointFolder folder, Every every, LongSupplier nanoTime) {
    this.state = state;
    this.folder = folder;
    this.every = every;
    this.nanoTime = nanoTime;
    savedNanos = nanoTime.getAsLong();
  }

  TrainingState state() {
    return state;
  }

  /// Whether this rank wants a checkpoint after this round; one of all ranks is enough.
  boolean due(long round) {
    return every.due(round, nanoTime.getAsLong() - savedNanos);
  }

  /// Saves the state after a round.
  void save(long round, long rowsOfDc) {
    if (state.session().keepsState()) {
      folder.write(state.checkpoint(round, rowsOfDc, true));
    }
    savedNanos = nanoTime.getAsLong();
    savedRound = round;
  }

  /// Round of the last checkpoint; 0 if none was saved.
  long savedRound() {
    return savedRound;
  }

  /// Saves the state before the round that just failed.
  void saveBefore(long round, long rowsOfDc) {
    if (state.session().keepsState() && round > 1 && !every.equals(Every.NEVER)) {
      state.backToBatch();
      folder.write(state.checkpoint(round - 1, rowsOfDc, true));
    }
  }

  /// Goes on from the last round of which all DCs have a whole checkpoint. All ranks call it before
  /// the first step.
  ///
  /// @param from where they are
  /// @param notes takes a line about each that is not whole
  /// @return the rounds that were done
  /// @throws CheckpointException if there is none, or it is not one of this training
  public long resume(CheckpointFolder from, Consumer<String> notes) {
    List<Long> mine = state.session().keepsState() ? whole(from, notes) : List.of();
    long round = common(state.session(), state.averager(), mine, from);
    if (state.session().keepsState()) {
      from.read(round, state.settings(), state.target(true));
    }
    state.share();
    return round;
  }

  /// Rounds of the whole files in a folder, the last first.
  static List<Long> whole(CheckpointFolder from, Consumer<String> notes) {
    List<Long> whole = new ArrayList<>();
    for (long round : from.rounds().reversed()) {
      try {
        from.verify(round);
        whole.add(round);
      } catch (CheckpointException e) {
        notes.accept(e.getMessage() + "; looking for an earlier one");
      }
    }
    return whole;
  }

  /// The last round that is in every gateway's list. Each gateway puts its last ones, plus 1, where
  /// the others have 0, so that the sums are the lists.
  static long common(Session session, Averager averager, List<Long> mine, CheckpointFolder from) {
    try (HostMemory memory = HostMemory.unlimited("resume")) {
      Floats none = memory.floats(0);
      return common(session, sums -> averager.averageSums(none, sums), mine, from);
    }
  }

  /// The same with other sums.
  ///
  /// @param sum replaces numbers by their sums over all ranks of all DCs
  static long common(
      Session session, Consumer<Doubles> sum, List<Long> mine, CheckpointFolder from) {
    Topology topology = session.topology();
    int dcs = topology.dcs().size();
    int shards = dcs == 1 ? 1 : topology.gateways();
    int shard = Math.max(0, topology.shardOf(session.rank()));
    int mineAt = session.dc() * shards + Math.min(shard, shards - 1);
    int kept = CheckpointFolder.KEPT;
    List<List<Long>> lists = new ArrayList<>();
    try (HostMemory memory = HostMemory.unlimited("resume")) {
      Doubles sums = memory.doubles(1 + (long) dcs * shards * kept);
      for (int i = 0; i < Math.min(kept, mine.size()); i++) {
        sums.set(1 + (long) mineAt * kept + i, (double) (mine.get(i) + 1));
      }
      sum.accept(sums);
      for (int list = 0; list < dcs * shards; list++) {
        List<Long> rounds = new ArrayList<>();
        for (int i = 0; i < kept; i++) {
          double value = sums.get(1 + (long) list * kept + i);
          if (value > 0) {
            rounds.add((long) value - 1);
          }
        }
        lists.add(rounds);
      }
    }
    for (long round : lists.getFirst()) {
      if (lists.stream().allMatch(list -> list.contains(round))) {
        return round;
      }
    }
    StringJoiner having = new StringJoiner(", ");
    for (int list = 0; list < dcs * shards; list++) {
      String name = topology.gatewayName(topology.gatewayOf(list / shards) + list % shards);
      having.add(name + " has " + (lists.get(list).isEmpty() ? "none" : lists.get(list)));
    }
    throw new CheckpointException(
        "there is no round of which all data centres have a whole checkpoint: "
            + having
            + ", in "
            + from.file(0).getParent()
            + "; bring the checkpoints of all of them there, or begin a new run without --resume");
  }
}
