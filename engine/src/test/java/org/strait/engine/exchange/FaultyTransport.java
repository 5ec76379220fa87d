package org.strait.engine.exchange;

import java.lang.foreign.MemorySegment;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.strait.engine.topology.Group;
import org.strait.engine.transport.Deadline;
import org.strait.engine.transport.Traffic;
import org.strait.engine.transport.Transport;

/// A transport whose rank fails at a given call, or when a test says so: the process dies, its
/// connections are reset, it is stopped, or what it sends and gets vanishes.
final class FaultyTransport implements Transport {
  enum Fault {
    KILL,
    RESET,
    STOP,
    BLACK_HOLE
  }

  /// What is called.
  enum Call {
    POST,
    RECEIVE,
    FLUSH
  }

  /// Thrown in the rank that failed.
  static final class Failed extends RuntimeException {
    private static final long serialVersionUID = 1L;

    Failed(Fault fault) {
      super(fault.toString());
    }
  }

  private final Transport inner;
  private final Fault fault;
  private final int atCall;
  private final CountDownLatch over;
  private final AtomicInteger calls = new AtomicInteger();
  private volatile boolean failed;
  private volatile Call awaited;
  private volatile Thread thread;
  private int awaitedCalls;

  /// @param atCall number of the call of post, receive or flush, from 0, at which it happens
  /// @param over opened when the others are done
  FaultyTransport(Transport inner, Fault fault, int atCall, CountDownLatch over) {
    this.inner = inner;
    this.fault = fault;
    this.atCall = atCall;
    this.over = over;
  }

  /// Fails when the test says so.
  FaultyTransport(Transport inner, Fault fault, CountDownLatch over) {
    this(inner, fault, Integer.MAX_VALUE, over);
  }

  /// It fails at the n-th call of a kind from now on, by the thread that says this.
  void failAt(Call call, int n) {
    awaitedCalls = n;
    awaited = call;
    thread = Thread.currentThread();
  }

  /// It fails now, between two calls. A black hole alone goes on.
  void failNow() {
    failed = true;
    if (fault != Fault.BLACK_HOLE) {
      vanishes(Call.RECEIVE);
    }
  }

  /// True if the call is to vanish.
  private boolean vanishes(Call call) {
    if (!failed && calls.getAndIncrement() >= atCall) {
      failed = true;
    }
    if (!failed && call == awaited && Thread.currentThread() == thread && --awaitedCalls == 0) {
      failed = true;
    }
    if (!failed) {
      return false;
    }
    boolean waits = call == Call.RECEIVE;
    if (fault == Fault.KILL || fault == Fault.RESET) {
      for (int i = 0; i < group().size(); i++) {
        if (i != group().me()) {
          inner.drop(i);
        }
      }
      throw new Failed(fault);
    }
    if (fault == Fault.STOP || waits) {
      try {
        over.await();
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
      if (Thread.currentThread().isDaemon()) {
        return true; // beats: nobody is there any more to be told
      }
      throw new Failed(fault);
    }
    return true;
  }

  @Override
  public void post(int to, MemorySegment data, long offset, long bytes) {
    if (!vanishes(Call.POST)) {
      inner.post(to, data, offset, bytes);
    }
  }

  @Override
  public void receive(int from, MemorySegment into, long offset, long bytes, Deadline deadline) {
    if (!vanishes(Call.RECEIVE)) {
      inner.receive(from, into, offset, bytes, deadline);
    }
  }

  @Override
  public void flush(int to, Deadline deadline) {
    if (!vanishes(Call.FLUSH)) {
      inner.flush(to, deadline);
    }
  }

  @Override
  public void flush(Deadline deadline) {
    if (!vanishes(Call.FLUSH)) {
      inner.flush(deadline);
    }
  }

  @Override
  public void drop(int member) {
    inner.drop(member);
  }

  @Override
  public Group group() {
    return inner.group();
  }

  @Override
  public Traffic traffic() {
    return inner.traffic();
  }

  @Override
  public void close() {
    inner.close();
  }
}
