package org.strait.engine;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.SequencedMap;
import org.strait.engine.checkpoint.Checkpoint;
import org.strait.engine.data.Shard;
import org.strait.engine.model.Replica;
import org.strait.engine.optim.Metric;
import org.strait.engine.optim.Optimizer;
import org.strait.memory.Doubles;
import org.strait.memory.Floats;
import org.strait.memory.HostMemory;

/// Everything that one rank's training goes on from, between two rounds: weights, optimiser,
/// metric, place in the data, and, in gateways, what the exchange remembers. All of it is alike in
/// all ranks but for what a DC's compressor holds back.
public final class TrainingState {
  private static final String TRAINING = "training";
  private static final String OPTIMIZER = "optimizer";
  private static final String WEIGHTS = "weights";
  private static final int NUMBERS = 3;

  private final Session session;
  private final String settings;
  private final Replica replica;
  private final Shard shard;
  private final Optimizer optimizer;
  private final Metric metric;
  private final Averager averager;
  private long round;
  private long rowsOfDc;

  /// @param settings what a state must have in common with this training to go on from it
  /// @param metric null if the optimiser has none
  public TrainingState(
      Session session,
      String settings,
      Replica replica,
      Shard shard,
      Optimizer optimizer,
      Metric metric,
      Averager averager) {
    this.session = session;
    this.settings = settings;
    this.replica = replica;
    this.shard = shard;
    this.optimizer = optimizer;
    this.metric = metric;
    this.averager = averager;
  }

  /// Rounds that were done before.
  long round() {
    return round;
  }

  /// Rows that this DC had processed before.
  long rowsOfDc() {
    return rowsOfDc;
  }

  Session session() {
    return session;
  }

  Averager averager() {
    return averager;
  }

  String settings() {
    return settings;
  }

  /// The state after a round.
  ///
  /// @param own with what only this DC has
  Checkpoint checkpoint(long doneRounds, long rows, boolean own) {
    SequencedMap<String, double[]> numbers = new LinkedHashMap<>();
    numbers.put(TRAINING, new double[] {doneRounds, shard.position(), rows});
    numbers.put(OPTIMIZER, optimizer.numbers());
    return new Checkpoint(settings, doneRounds, numbers, vectors(own));
  }

  private SequencedMap<String, Floats> vectors(boolean own) {
    SequencedMap<String, Floats> vectors = new LinkedHashMap<>();
    vectors.put(WEIGHTS, replica.weights());
    put(vectors, "metric", metric == null ? List.of() : metric.memories());
    put(vectors, OPTIMIZER, optimizer.memories());
    put(vectors, "exchange", averager.sharedMemories());
    if (own) {
      put(vectors, "compressor", averager.memories());
    }
    return vectors;
  }

  private static void put(SequencedMap<String, Floats> vectors, String name, List<Floats> list) {
    for (int i = 0; i < list.size(); i++) {
      vectors.put(name + "/" + i, list.get(i));
    }
  }

  /// What fills this state.
  ///
  /// @param own whether what only this DC has is to be filled too
  Checkpoint.Target target(boolean own) {
    return new Filling(own);
  }

  /// Called in all ranks of the DC when the gateway's state was filled: the others get it.
  void share() {
    try (HostMemory memory = HostMemory.unlimited("state")) {
      double[] solver = session.isGateway() ? optimizer.numbers() : new double[0];
      Doubles head = memory.doubles(NUMBERS + 1);
      head.set(0, round);
      head.set(1, shard.position());
      head.set(2, rowsOfDc);
      head.set(NUMBERS, solver.length);
      session.fromGateway(head.segment());
      Doubles numbers = memory.doubles((long) head.get(NUMBERS));
      for (int i = 0; i < solver.length; i++) {
        numbers.set(i, solver[i]);
      }
      session.fromGateway(numbers.segment());
      if (!session.isGateway()) {
        training(new double[] {head.get(0), head.get(1), head.get(2)});
        optimizer.restore(numbers.toArray());
      }
    }
    List<Floats> alike = new ArrayList<>(List.of(replica.weights()));
    alike.addAll(metric == null ? List.of() : metric.memories());
    alike.addAll(optimizer.memories());
    for (Floats vector : alike) {
      session.fromGateway(vector.segment());
    }
  }

  private void training(double[] values) {
    Optimizer.check(TRAINING, values, NUMBERS);
    round = (long) values[0];
    shard.seek((long) values[1]);
    rowsOfDc = (long) values[2];
  }

  private final class Filling implements Checkpoint.Target {
    private final boolean own;
    private final List<String> got = new ArrayList<>();

    Filling(boolean own) {
      this.own = own;
    }

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
      return vectors(own).get(name);
    }

    @Override
    public void complete() {
      List<String> expected = new ArrayList<>(List.of(TRAINING, OPTIMIZER));
      expected.addAll(vectors(own).keySet());
      if (!got.equals(expected)) {
        throw new IllegalArgumentException("its parts are " + got + ", expected " + expected);
      }
      averager.restored();
    }
  }
}
