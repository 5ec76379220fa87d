package org.strait.engine;

import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.channels.ByteChannel;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.SequencedMap;
import org.strait.engine.checkpoint.Checkpoint;
import org.strait.engine.checkpoint.CheckpointLayout;
import org.strait.engine.data.Shard;
import org.strait.engine.exchange.Membership;
import org.strait.engine.model.Replica;
import org.strait.engine.optim.Metric;
import org.strait.engine.optim.Optimizer;
import org.strait.memory.Bytes;
import org.strait.memory.Floats;
import org.strait.memory.HostMemory;

/// Everything that one rank's training goes on from, between two rounds: weights, optimiser,
/// metric, place in the data, and, in gateways, what the exchange remembers. All of it is alike in
/// all ranks but for what a DC's compressor holds back.
public final class TrainingState {
  private static final String TRAINING = "training";
  private static final String OPTIMIZER = "optimizer";
  private static final String WEIGHTS = "weights";
  private static final String MEMBERS = "members";
  private static final String ADAPTATION = "adaptation";
  private static final int NUMBERS = 5;
  private static final long UNKNOWN = -1;

  private final Session session;
  private final String settings;
  private final Replica replica;
  private final Shard shard;
  private final Optimizer optimizer;
  private final Metric metric;
  private final Averager averager;
  private long round;
  private long rowsOfDc;
  private double changes = UNKNOWN;
  private double ranks = UNKNOWN;
  private long shared = -1;

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

  /// Only the first coordinates are alike in all DCs: no others are sent to one that comes back.
  public TrainingState sharing(long coordinates) {
    shared = coordinates;
    return this;
  }

  /// Rounds that were done before.
  long round() {
    return round;
  }

  /// Rows that this DC had processed before.
  long rowsOfDc() {
    return rowsOfDc;
  }

  /// How often the DCs that count had changed, and how many ranks counted, in the last step; -1 if
  /// nobody knows.
  double changes() {
    return changes;
  }

  double ranks() {
    return ranks;
  }

  /// The last step saw this.
  void saw(double newChanges, double newRanks) {
    changes = newChanges;
    ranks = newRanks;
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
    // Changes are counted by session: in another one they begin anew.
    numbers.put(
        TRAINING,
        new double[] {doneRounds, shard.position(), rows, own ? UNKNOWN : changes, ranks});
    if (!own) {
      numbers.put(MEMBERS, averager.members().numbers());
    }
    numbers.put(OPTIMIZER, optimizer.numbers());
    if (averager.adaptation() != null) {
      numbers.put(ADAPTATION, averager.adaptation().numbers());
    }
    return new Checkpoint(settings, doneRounds, numbers, vectors(own));
  }

  private SequencedMap<String, Floats> vectors(boolean own) {
    SequencedMap<String, Floats> vectors = new LinkedHashMap<>();
    List<Floats> local = new ArrayList<>(List.of(replica.weights()));
    local.addAll(metric == null ? List.of() : metric.memories());
    local.addAll(optimizer.memories());
    if (!own && shared >= 0) {
      local.replaceAll(vector -> vector.slice(0, shared));
    }
    int metrics = metric == null ? 1 : 1 + metric.memories().size();
    vectors.put(WEIGHTS, local.getFirst());
    put(vectors, "metric", local.subList(1, metrics));
    put(vectors, OPTIMIZER, local.subList(metrics, local.size()));
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

  /// The batch of the step that failed comes again.
  void backToBatch() {
    shard.seek(shard.position() - 1);
  }

  /// What fills this state.
  ///
  /// @param own whether what only this DC has is to be filled too
  Checkpoint.Target target(boolean own) {
    return new Filling(own);
  }

  /// Called in all ranks of the DC when the gateway's state was filled: the others get it.
  void share() {
    boolean gateway = session.isGateway();
    double[] training =
        session.fromGateway(
            new double[] {
              (double) round, (double) shard.position(), (double) rowsOfDc, changes, ranks
            });
    double[] solver = session.fromGateway(gateway ? optimizer.numbers() : new double[0]);
    if (!gateway) {
      training(training);
      optimizer.restore(solver);
    }
    List<Floats> alike = new ArrayList<>(List.of(replica.weights()));
    alike.addAll(metric == null ? List.of() : metric.memories());
    alike.addAll(optimizer.memories());
    for (Floats vector : alike) {
      session.fromGateway(vector.segment());
    }
  }

  /// Sends the state after a round to the DC that was just let in; the lowest-numbered DC does.
  void sendToAdmitted(long doneRounds) {
    Membership members = averager.members();
    if (members == null || members.admitted() < 0 || members.lowest() != members.me()) {
      return;
    }
    // All do so in the next step; done now, there is less to send. Not where sums travel whose
    // number follows from what is remembered: it must be the same in all.
    if (shared < 0) {
      optimizer.restart();
    }
    try (HostMemory memory = HostMemory.unlimited("snapshot")) {
      Checkpoint checkpoint = checkpoint(doneRounds, 0, false);
      Bytes bytes = memory.bytes(CheckpointLayout.bytes(checkpoint));
      CheckpointLayout.write(checkpoint, new Segments(bytes.segment()));
      members.sendSnapshot(bytes.segment());
    } catch (IOException e) {
      throw new IllegalStateException("memory does not fail", e);
    }
  }

  /// Takes the state from the others, in a DC that comes back; all its ranks call it before the
  /// first step.
  ///
  /// @return the rounds that were done
  public long comeBack() {
    if (session.isGateway()) {
      long vectors = 0;
      for (Floats vector : vectors(false).values()) {
        vectors += vector.length() * Floats.BYTES;
      }
      // Pairs of a quasi-Newton optimiser may come on top; small models are mostly names.
      long most = 64 * vectors + (1 << 20);
      try (HostMemory memory = HostMemory.unlimited("snapshot")) {
        MemorySegment bytes = averager.members().awaitSnapshot(most, memory);
        CheckpointLayout.read(
            new Segments(bytes), "the state that was sent", settings, target(false));
      } catch (IOException e) {
        throw new IllegalStateException("memory does not fail", e);
      }
      averager.resumeAt(averager.members().round());
    }
    share();
    return round;
  }

  /// A stretch of memory as a channel.
  private static final class Segments implements ByteChannel {
    private final MemorySegment segment;
    private long at;

    Segments(MemorySegment segment) {
      this.segment = segment;
    }

    @Override
    public int read(ByteBuffer into) {
      int count = (int) Math.min(into.remaining(), segment.byteSize() - at);
      if (count == 0) {
        return into.hasRemaining() ? -1 : 0;
      }
      MemorySegment.ofBuffer(into).asSlice(0, count).copyFrom(segment.asSlice(at, count));
      into.position(into.position() + count);
      at += count;
      return count;
    }

    @Override
    public int write(ByteBuffer from) {
      int count = from.remaining();
      segment.asSlice(at, count).copyFrom(MemorySegment.ofBuffer(from));
      from.position(from.limit());
      at += count;
      return count;
    }

    @Override
    public boolean isOpen() {
      return true;
    }

    @Override
    public void close() {
      // nothing is held
    }
  }

  private void training(double[] values) {
    Optimizer.check(TRAINING, values, NUMBERS);
    round = (long) values[0];
    shard.seek((long) values[1]);
    rowsOfDc = (long) values[2];
    changes = values[3];
    ranks = values[4];
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
        case MEMBERS -> {
          if (own) {
            throw new IllegalArgumentException("it is the state of a moment, no checkpoint");
          }
          averager.members().restore(values);
        }
        case OPTIMIZER -> optimizer.restore(values);
        case ADAPTATION -> {
          if (averager.adaptation() == null) {
            throw new IllegalArgumentException("it is of a run with --adapt");
          }
          averager.adaptation().restore(values, own);
        }
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
      List<String> expected =
          new ArrayList<>(
              own ? List.of(TRAINING, OPTIMIZER) : List.of(TRAINING, MEMBERS, OPTIMIZER));
      if (averager.adaptation() != null) {
        expected.add(ADAPTATION);
      }
      expected.addAll(vectors(own).keySet());
      if (!got.equals(expected)) {
        throw new IllegalArgumentException("its parts are " + got + ", expected " + expected);
      }
      averager.restored();
    }
  }
}
