package org.strait.engine.transport.shared;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.VarHandle;
import org.strait.engine.transport.Bell;
import org.strait.engine.transport.Pipes;
import org.strait.engine.transport.RingPipes;

/// A bell in memory that processes share: a count of rings to sleep on, and a count of sleepers. A
/// sleeper that dies leaves its count behind, which costs only needless wake-ups.
final class FutexBell implements Bell {
  /// Bytes a bell takes.
  static final long BYTES = 128;

  private static final VarHandle NUMBER = ValueLayout.JAVA_INT.varHandle();
  private static final long RINGS = 0;
  private static final long SLEEPERS = 64;

  private final MemorySegment memory;

  FutexBell(MemorySegment memory) {
    this.memory = memory;
  }

  @Override
  public void ring() {
    if ((int) NUMBER.getVolatile(memory, SLEEPERS) > 0) {
      int _ = (int) NUMBER.getAndAdd(memory, RINGS, 1);
      Futex.wake(memory, RINGS);
    }
  }

  @Override
  public void await(RingPipes pipes, int from, int to, Pipes.Pending pending, long nanos)
      throws InterruptedException {
    if (Thread.interrupted()) {
      throw new InterruptedException();
    }
    int _ = (int) NUMBER.getAndAdd(memory, SLEEPERS, 1);
    try {
      int rings = (int) NUMBER.getVolatile(memory, RINGS);
      if (!pipes.ready(from, to, pending)) {
        Futex.await(memory, RINGS, rings);
      }
    } finally {
      int _ = (int) NUMBER.getAndAdd(memory, SLEEPERS, -1);
    }
  }
}
