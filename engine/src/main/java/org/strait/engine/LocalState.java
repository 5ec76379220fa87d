package org.strait.engine;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.SequencedMap;
import org.strait.engine.checkpoint.Checkpoint;
import org.strait.engine.data.Shard;
import org.strait.engine.exchange.ExchangeQueue;
import org.strait.engine.optim.Optimizer;
import org.strait.memory.Floats;

/// What one rank's training by local steps goes on from, between two rounds when nothing is under
/// way: common weights and their velocity, its data centre's own weights, the optimiser of the
/// local steps, the place in the data, and, in gateways, what the exchanges remember.
final class LocalState {
  private static final String TRAINING = "local training";
  private static final String OPTIMIZER = "optimizer";
  private static final int NUMBERS = 4;

  private final Session session;
  private final String settings;
  private final Shard shard;
  private final Optimizer optimizer;
  private final Anchor anchor;
  private final List<Floats> own;
  private final ExchangeQueue queue;
  private long round;
  private long rowsOfDc;
  private double objective = Double.NaN;

  /// @param settings what a state must have in common with this training to go on from it
  /// @param own weights of this data centre alone; may be none
  /// @param queue null where there is no exchange
  LocalState(
      Session session,
      String settings,
      Shard shard,
      Optimizer optimizer,
      Anchor anchor,
      Floats own,
      ExchangeQueue queue) {
    this.session = session;
    this.settings = settings;
    this.shard = shard;
    this.optimizer = optimizer;
    this.anchor = anchor;
    this.own = own.length() == 0 ? List.of() : List.of(own);
    this.queue = queue;
  }

  String settings() {
    return settings;
  }

  /// Rounds that were done before.
  long round() {
    return round;
  }

  long rowsOfDc() {
    return rowsOfDc;
  }

  double objective() {
    return objective;
  }

  /// The state after a round; nothing may be under way.
  Checkpoint checkpoint(long doneRounds, long rows, double lastObjective) {
    SequencedMap<String, double[]> numbers = new LinkedHashMap<>();
    numbers.put(TRAINING, new double[] {doneRounds, shard.position(), rows, lastObjective});
    numbers.put(OPTIMIZER, optimizer.numbers());
    return new Checkpoint(settings, doneRounds, numbers, vectors());
  }

  private SequencedMap<String, Floats> vectors() {
    SequencedMap<String, Floats> vectors = new LinkedHashMap<>();
    put(vectors, "weights", anchor.memories());
    put(vectors, "own weights", own);
    put(vectors, OPTIMIZER, optimizer.memories());
    if (queue != null) {
      put(vectors, "exchange", queue.sharedMemories());
      put(vectors, "compressor", queue.memories());
    }
    return vectors;
  }

  private static void put(SequencedMap<String, Floats> vectors, String name, List<Floats> list) {
    for (int i = 0; i < list.size(); i++) {
      vectors.put(name + "/" + i, list.get(i));
    }
  }

  /// What fills this state.
  Checkpoint.Target target() {
    return new Filling();
  }

  /// Called in all ranks of the data centre when the gateway's state was filled: the others get it.
  void share() {
    boolean gateway = session.isGateway();
    double[] training =
        session.fromGateway(
            new double[] {(double) round, (double) shard.position(), (double) rowsOfDc, objective});
    double[] solver = session.fromGateway(gateway ? optimizer.numbers() : new double[0]);
    if (!gateway) {
      training(training);
      optimizer.restore(solver);
    }
    for (Floats vector : anchor.memories()) {
      session.fromGateway(vector.segment());
    }
    for (Floats vector : own) {
      session.fromGateway(vector.segment());
    }
    for (Floats vector : optimizer.memories()) {
      session.fromGateway(vector.segment());
    }
    anchor.restored();
  }

  private void training(double[] values) {
    Optimizer.check(TRAINING, values, NUMBERS);
    round = (long) values[0];
    shard.seek((long) values[1]);
    rowsOfDc = (long) values[2];
    objective = values[3];
  }

  private final class Filling implements Checkpoint.Target {
    private final List<String> got = new ArrayList<>();

    @Override
    public void numbers(String name, double[] values) {
      switch (name) {
        case TRAINING -> training(values);
        case OPTIMIZER -> optimizer.restore(values);
        default -> throw new IllegalArgumentException("unexpected numbers \"" + name + "\"");
      }
      got.add(name);
    }

    @Override
    public Floats vector(String name) {
      got.add(name);
      return vectors().get(name);
    }

    @Override
    public void complete() {
      List<String> expected = new ArrayList<>(List.of(TRAINING, OPTIMIZER));
      expected.addAll(vectors().keySet());
      if (!got.equals(expected)) {
        throw new IllegalArgumentException("its parts are " + got + ", expected " + expected);
      }
      if (queue != null) {
        queue.restored();
      }
    }
  }
}
