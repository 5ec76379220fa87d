package org.strait.engine.collective;

import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.strait.engine.transport.Deadline;
import org.strait.memory.Floats;

/// Sums a vector in buckets, each as soon as it is computed, while the caller computes the next one
/// (Li et al. 2020, "PyTorch Distributed", section 3.2). Gradients of layers are computed from the
/// last to the first, so the buckets begin at the vector's end. A round:
///
/// ```java
/// buckets.begin(deadline);
/// for (layer = last; layer >= 0; layer--) {
///   … // computes the elements from start(layer) on
///   buckets.ready(start(layer));
/// }
/// buckets.finish(); // now the vector is the sum over all members
/// ```
///
/// The same buckets are summed in the same order with and without overlap, so the bits are the
/// same. Between begin and finish the collectives are the buckets'; one thread at a time otherwise.
/// A round allocates nothing.
public final class Buckets implements AutoCloseable {
  private final Collectives collectives;
  private final Floats[] buckets;
  private final long[] starts;
  private final Thread worker;
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition changed = lock.newCondition();
  private Deadline deadline;
  private int given;
  private int summed;
  private Throwable failure;
  private boolean closed;

  /// @param vector best from {@link Collectives#floats}
  /// @param bucketBytes length of a bucket but for the vector's first; at least 4
  /// @param overlap whether a thread of its own sums; otherwise finish does
  public Buckets(Collectives collectives, Floats vector, long bucketBytes, boolean overlap) {
    long most = bucketBytes / Floats.BYTES;
    if (most < 1) {
      throw new IllegalArgumentException("buckets of " + bucketBytes + " bytes, at least 4 needed");
    }
    this.collectives = collectives;
    int count = Math.toIntExact(Math.ceilDiv(vector.length(), most));
    buckets = new Floats[count];
    starts = new long[count];
    for (int i = 0; i < count; i++) {
      starts[i] = Math.max(0, vector.length() - (i + 1) * most);
      buckets[i] = vector.slice(starts[i], vector.length() - i * most - starts[i]);
    }
    given = count;
    summed = count;
    worker = overlap ? Thread.ofPlatform().name("strait-overlap").daemon().start(this::work) : null;
  }

  /// Begins a round; nothing is ready yet.
  ///
  /// @param newDeadline for each bucket's sum
  public void begin(Deadline newDeadline) {
    lock.lock();
    try {
      if (summed < buckets.length && failure == null) {
        throw new IllegalStateException("the round before has not finished");
      }
      rethrow();
      deadline = newDeadline;
      given = 0;
      summed = 0;
    } finally {
      lock.unlock();
    }
  }

  /// Says that all elements from here to the vector's end are computed and stay as they are until
  /// {@link #finish}.
  public void ready(long from) {
    lock.lock();
    try {
      while (given < buckets.length && starts[given] >= from) {
        given++;
      }
      changed.signalAll();
    } finally {
      lock.unlock();
    }
  }

  /// Buckets that are summed in this round so far.
  public int summed() {
    lock.lock();
    try {
      return summed;
    } finally {
      lock.unlock();
    }
  }

  /// Waits until the whole vector is summed.
  ///
  /// @throws org.strait.engine.transport.PeerLostException if a member is lost
  /// @throws IllegalStateException if not all of it was said to be ready
  public void finish() {
    if (worker == null) {
      checkAllGiven();
      while (summed < buckets.length) {
        collectives.sum(buckets[summed], deadline);
        summed++;
      }
      return;
    }
    lock.lock();
    try {
      checkAllGiven();
      while (summed < buckets.length && failure == null && !closed) {
        changed.awaitUninterruptibly();
      }
      rethrow();
    } finally {
      lock.unlock();
    }
  }

  private void checkAllGiven() {
    if (given < buckets.length) {
      throw new IllegalStateException(
          "only " + given + " of " + buckets.length + " buckets are ready");
    }
  }

  private void rethrow() {
    switch (failure) {
      case null -> {}
      case RuntimeException e -> throw e;
      case Error e -> throw e;
      default -> throw new IllegalStateException(failure);
    }
    if (closed) {
      throw new IllegalStateException("buckets are closed");
    }
  }

  private void work() {
    for (int next = awaitNext(); next >= 0; next = awaitNext()) {
      Throwable problem = null;
      try {
        collectives.sum(buckets[next], deadline);
      } catch (Throwable e) {
        problem = e; // whatever it is, it is the caller's, who waits
      }
      lock.lock();
      try {
        failure = problem;
        summed += problem == null ? 1 : 0;
        changed.signalAll();
      } finally {
        lock.unlock();
      }
    }
  }

  /// The bucket to sum next; -1 when there will be none.
  private int awaitNext() {
    lock.lock();
    try {
      while (summed == given && !closed) {
        changed.awaitUninterruptibly();
      }
      return closed || failure != null ? -1 : summed;
    } finally {
      lock.unlock();
    }
  }

  /// Ends the thread, when its sum under way has ended; the vector and the collectives stay.
  @Override
  public void close() {
    lock.lock();
    try {
      closed = true;
      changed.signalAll();
    } finally {
      lock.unlock();
    }
  }
}
