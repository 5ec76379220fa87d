package org.strait.engine;

import java.util.ArrayDeque;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import org.strait.engine.checkpoint.CheckpointFolder;
import org.strait.engine.exchange.LinkBytes;

/// Saves the state of a training by local steps now and then, and goes on from a saved one. A
/// gateway's wish travels with a round; all data centres take that round's result at latest when
/// they have done as many rounds more as may be ahead, and save then, after all that is under way
/// was taken: so all save after the same round, whoever runs ahead. Without rounds ahead saving
/// changes no bit; else a run's bits depend on when it saves.
final class LocalCheckpoints {
  private final LocalState state;
  private final CheckpointFolder folder;
  private final Checkpoints.Every every;
  private final int ahead;
  private final LongSupplier nanoTime;
  private final ArrayDeque<Long> due = new ArrayDeque<>();
  private long savedNanos;
  private long savedRound;

  /// @param ahead rounds that a data centre may be ahead of the slowest
  LocalCheckpoints(
      LocalState state,
      CheckpointFolder folder,
      Checkpoints.Every every,
      int ahead,
      LongSupplier nanoTime) {
    this.state = state;
    this.folder = folder;
    this.every = every;
    this.ahead = ahead;
    this.nanoTime = nanoTime;
    savedNanos = nanoTime.getAsLong();
  }

  /// Whether this gateway wants a checkpoint when the result of this round is there; by time, once.
  boolean wants(long round) {
    long now = nanoTime.getAsLong();
    boolean wants = every.due(round, now - savedNanos);
    savedNanos = wants ? now : savedNanos;
    return wants;
  }

  /// A round's result was taken: some gateway wanted one in it.
  void wanted(long round) {
    due.add(round + ahead);
  }

  /// Whether to save after this round.
  boolean dueAfter(long round) {
    boolean is = false;
    while (!due.isEmpty() && due.getFirst() <= round) {
      is |= due.remove() == round;
    }
    return is;
  }

  /// Saves the state after a round; nothing is under way.
  void save(long round, long rowsOfDc, double objective, boolean gateway) {
    if (gateway) {
      folder.write(state.checkpoint(round, rowsOfDc, objective));
    }
    savedNanos = nanoTime.getAsLong();
    savedRound = round;
  }

  /// Round of the last checkpoint; 0 if none was saved.
  long savedRound() {
    return savedRound;
  }

  /// Goes on from the last round of which all data centres have a whole checkpoint.
  ///
  /// @return bytes that it took to agree on it; null on ranks that are not gateways
  static LinkBytes resume(
      Session session, LocalState state, CheckpointFolder from, Consumer<String> notes) {
    List<Long> mine = session.isGateway() ? Checkpoints.whole(from, notes) : List.of();
    LinkBytes links;
    try (Averager lists = session.averager(1, "dense")) {
      links = lists.links();
      long round = Checkpoints.common(session, lists, mine, from);
      if (session.isGateway()) {
        from.read(round, state.settings(), state.target());
      }
    }
    state.share();
    return links;
  }
}
