package org.strait.engine.exchange;

import java.util.ArrayDeque;
import java.util.List;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.strait.engine.transport.Deadline;
import org.strait.memory.Doubles;
import org.strait.memory.Floats;
import org.strait.memory.HostMemory;

/// Rounds of one or several exchanges in the order in which they were submitted, made by a thread
/// of its own (strait-exchange), so that they travel while the caller computes. With no round ahead
/// the caller's thread makes them. One caller; all gateways submit the same rounds in the same
/// order.
public final class ExchangeQueue implements AutoCloseable {
  /// One round: what goes in, and after {@link #take} what came out.
  public static final class Round {
    private final Floats room;
    private final Doubles scalarRoom;
    private int stream;
    private Floats vector;
    private Doubles scalars;
    private double weight;
    private int parties;
    private double residualNorm;
    private RuntimeException failure;
    private Error error;

    private Round(long longest, int scalars, HostMemory memory) {
      room = memory.floats(longest);
      scalarRoom = memory.doubles(scalars);
    }

    /// In: this data centre's vector; out: the weighted mean.
    public Floats vector() {
      return vector;
    }

    /// In: this data centre's numbers; out: their sums.
    public Doubles scalars() {
      return scalars;
    }

    /// Weight of this data centre.
    public void weight(double ofThis) {
      weight = ofThis;
    }

    /// Data centres that counted.
    public int parties() {
      return parties;
    }

    /// Euclidean norm of what this data centre holds back after the round.
    public double residualNorm() {
      return residualNorm;
    }
  }

  private final List<Exchange> exchanges;
  private final long[] lengths;
  private final Deadline deadline;
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition moved = lock.newCondition();
  private final ArrayDeque<Round> free = new ArrayDeque<>();
  private final ArrayDeque<Round> waiting = new ArrayDeque<>();
  private final ArrayDeque<Round> done = new ArrayDeque<>();
  private final Thread thread;
  private boolean busy;
  private boolean closed;

  /// @param exchanges one for each part of the vector; closed with this
  /// @param lengths of their vectors, in floats
  /// @param most rounds that may be under way beside the one that is submitted
  /// @param scalars numbers of a round
  /// @param deadline of each round
  /// @param memory owner of the rounds' vectors
  public ExchangeQueue(
      List<Exchange> exchanges,
      long[] lengths,
      int most,
      int scalars,
      Deadline deadline,
      HostMemory memory) {
    this.exchanges = List.copyOf(exchanges);
    this.lengths = lengths.clone();
    this.deadline = deadline;
    long longest = 0;
    for (long length : lengths) {
      longest = Math.max(longest, length);
    }
    for (int i = 0; i <= most; i++) {
      free.add(new Round(longest, scalars, memory));
    }
    thread =
        most == 0
            ? null
            : Thread.ofPlatform().daemon().name("strait-exchange").unstarted(this::makeRounds);
    if (thread != null) {
      thread.start();
    }
  }

  /// A round to fill and {@link #submit}. There must be one, see {@code most}.
  ///
  /// @param stream number of the exchange
  /// @param withVector false for a round of scalars only
  public Round next(int stream, boolean withVector) {
    Round round = free.remove();
    round.stream = stream;
    round.vector = round.room.slice(0, withVector ? lengths[stream] : 0);
    round.scalars = round.scalarRoom;
    round.failure = null;
    round.error = null;
    return round;
  }

  /// Begins a round.
  public void submit(Round round) {
    if (thread == null) {
      make(round);
      done.add(round);
      return;
    }
    lock.lock();
    try {
      waiting.add(round);
      moved.signalAll();
    } finally {
      lock.unlock();
    }
  }

  /// Whether the oldest round that was submitted is through.
  public boolean ready() {
    lock.lock();
    try {
      return !done.isEmpty();
    } finally {
      lock.unlock();
    }
  }

  /// Waits for the oldest round that was submitted. Give it back with {@link #release}.
  ///
  /// @throws ExchangeException and the other failures of {@link Exchange#average}
  public Round take() {
    Round round = oldest();
    if (round.error != null) {
      throw round.error;
    }
    if (round.failure != null) {
      throw round.failure;
    }
    return round;
  }

  private Round oldest() {
    lock.lock();
    try {
      while (done.isEmpty()) {
        if (closed) {
          throw new IllegalStateException("the queue of rounds is closed");
        }
        // The exchange has its own deadlines: every round comes to an end.
        moved.awaitUninterruptibly();
      }
      return done.remove();
    } finally {
      lock.unlock();
    }
  }

  /// The round's vectors may be filled anew.
  public void release(Round round) {
    free.add(round);
  }

  /// Bytes posted by all exchanges.
  public List<LinkBytes> links() {
    return exchanges.stream().map(Exchange::links).toList();
  }

  /// What the exchanges hold back of this data centre's own, see {@link Exchange#memories}. No
  /// round may be under way.
  public List<Floats> memories() {
    return exchanges.stream().flatMap(exchange -> exchange.memories().stream()).toList();
  }

  /// What all hold alike, see {@link Exchange#sharedMemories}. No round may be under way.
  public List<Floats> sharedMemories() {
    return exchanges.stream().flatMap(exchange -> exchange.sharedMemories().stream()).toList();
  }

  /// Memories were filled from outside.
  public void restored() {
    exchanges.forEach(Exchange::restored);
  }

  /// Name of the exchanges as written in the run record.
  public String name() {
    return exchanges.getFirst().name();
  }

  /// Who takes part; null if there is only one data centre.
  public Membership members() {
    return exchanges.getFirst().members();
  }

  private void makeRounds() {
    for (Round round = begun(); round != null; round = begun()) {
      make(round);
      lock.lock();
      try {
        busy = false;
        done.add(round);
        moved.signalAll();
      } finally {
        lock.unlock();
      }
    }
  }

  private Round begun() {
    lock.lock();
    try {
      while (waiting.isEmpty() && !closed) {
        moved.awaitUninterruptibly();
      }
      busy = !closed;
      return closed ? null : waiting.remove();
    } finally {
      lock.unlock();
    }
  }

  private void make(Round round) {
    try {
      RoundReport report =
          exchanges.get(round.stream).average(round.vector, round.weight, round.scalars, deadline);
      round.parties = report.parties();
      round.residualNorm = report.residualNorm();
    } catch (RuntimeException e) {
      round.failure = e;
    } catch (Error e) {
      round.error = e;
    }
  }

  /// Ends the thread. One that is in the middle of a round (the caller failed) ends with the
  /// session's connections; the exchanges' buffers are then left to their owner.
  @Override
  public void close() {
    boolean idle;
    lock.lock();
    try {
      closed = true;
      idle = !busy;
      moved.signalAll();
    } finally {
      lock.unlock();
    }
    if (idle) {
      exchanges.forEach(Exchange::close);
    }
  }
}
