package org.strait.engine.transport.shared;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.VarHandle;
import org.strait.engine.topology.Group;
import org.strait.engine.topology.Member;
import org.strait.engine.transport.Deadline;
import org.strait.engine.transport.PeerLostException;

/// The roll of a group in shared memory: one line per member that says how many barriers it has
/// come to, what it brings, and who it saw die. One thread at a time.
final class Roll {
  /// Bytes of a member's line: two pairs of cache lines, the second for sleepers.
  static final long LINE_BYTES = 256;

  private static final VarHandle COUNT = ValueLayout.JAVA_INT.varHandle();
  private static final VarHandle NUMBER = ValueLayout.JAVA_LONG.varHandle();
  private static final long ARRIVED = 0;
  private static final long BRINGS = 8;
  private static final long SLEEPERS = 128;
  private static final long BLAMED = 192;
  private static final long FAR = 196;

  /// Looks at another's line before anything else where this group alone has a core for each rank:
  /// some 30 microseconds, since other groups may share the cores.
  private static final int SPINS = 1_000;

  /// Times to offer this one's core to whoever is waited for before sleeping: a sleep and a waking
  /// cost some 50 microseconds, an offer less than one.
  private static final int YIELDS = 500;

  private final Group group;
  private final MemorySegment memory;
  private final Pulse pulse;
  private final boolean coreForEach;
  private int arrived;

  /// @param memory a line for each member
  /// @param pulse tells who lives
  Roll(Group group, MemorySegment memory, Pulse pulse) {
    this.group = group;
    this.memory = memory;
    this.pulse = pulse;
    coreForEach = group.size() <= Runtime.getRuntime().availableProcessors();
  }

  /// Returns when every member has come here as often as this one.
  ///
  /// @throws PeerLostException if a member's process ends or is stopped, or it does not come in
  ///     time
  void barrier(Deadline deadline) {
    barrier(0, 0, deadline);
  }

  /// The same, and every member must bring the same two numbers.
  ///
  /// @throws IllegalStateException if another member brings others
  void barrier(long brings, long more, Deadline deadline) {
    int mine = ++arrived;
    long line = group.me() * LINE_BYTES;
    // Two slots in turn: nobody is more than one barrier ahead of anybody.
    long slot = BRINGS + (mine & 1) * 2L * Long.BYTES;
    NUMBER.setOpaque(memory, line + slot, brings);
    NUMBER.setOpaque(memory, line + slot + Long.BYTES, more);
    COUNT.setVolatile(memory, line + ARRIVED, mine);
    if ((int) COUNT.getVolatile(memory, line + SLEEPERS) > 0) {
      Futex.wake(memory, line + ARRIVED);
    }
    for (int i = 0; i < group.size(); i++) {
      if (i != group.me()) {
        await(i, mine, deadline);
        long other = i * LINE_BYTES;
        if ((long) NUMBER.getOpaque(memory, other + slot) != brings
            || (long) NUMBER.getOpaque(memory, other + slot + Long.BYTES) != more) {
          throw new IllegalStateException(
              "group "
                  + group.name()
                  + ": "
                  + group.members().get(i)
                  + " sums another vector than "
                  + group.members().get(group.me()));
        }
      }
    }
  }

  private void await(int member, int count, Deadline deadline) {
    long line = member * LINE_BYTES;
    for (int i = 0; coreForEach && i < SPINS; i++) {
      if (has(line, count)) {
        return;
      }
      Thread.onSpinWait();
    }
    if (hasAfterYielding(line, count)) {
      return;
    }
    long sinceNanos = System.nanoTime();
    while (!has(line, count)) {
      int _ = (int) COUNT.getAndAdd(memory, line + SLEEPERS, 1);
      try {
        int now = (int) COUNT.getVolatile(memory, line + ARRIVED);
        if (now - count < 0) {
          Futex.await(memory, line + ARRIVED, now);
        }
      } finally {
        int _ = (int) COUNT.getAndAdd(memory, line + SLEEPERS, -1);
      }
      if (!has(line, count)) {
        look(member, count, System.nanoTime() - sinceNanos, deadline);
      }
    }
  }

  @SuppressWarnings("ThreadPriorityCheck") // whom it waits for may need this very core
  private boolean hasAfterYielding(long line, int count) {
    for (int i = 0; i < YIELDS; i++) {
      if (has(line, count)) {
        return true;
      }
      Thread.yield();
    }
    return false;
  }

  private boolean has(long line, int count) {
    return (int) COUNT.getAcquire(memory, line + ARRIVED) - count >= 0;
  }

  /// Decides whether it is still worth waiting.
  private void look(int member, int count, long waitedNanos, Deadline deadline) {
    long line = member * LINE_BYTES;
    int far = (int) COUNT.getVolatile(memory, line + FAR) - 1;
    if (far >= 0 && !has(line, count)) {
      Member waiting = group.members().get(member);
      Member culprit = new Member(far, waiting.dc());
      accuse(culprit);
      throw new PeerLostException(culprit, deadline.phase(), waitedNanos, "seen by " + waiting);
    }
    int blamed = (int) COUNT.getVolatile(memory, line + BLAMED) - 1;
    if (blamed >= 0 && !has(line, count)) {
      String why =
          blamed == member ? "connection closed" : "seen by " + group.members().get(member);
      throw lost(blamed, waitedNanos, deadline, why);
    }
    String gone = pulse.whyGone(member);
    if (gone != null && !has(line, count)) {
      throw lost(member, waitedNanos, deadline, gone);
    }
    if (waitedNanos > deadline.idleNanos()) {
      throw lost(member, waitedNanos, deadline, "silent for longer than the deadline");
    }
    if (Thread.currentThread().isInterrupted()) {
      throw lost(member, waitedNanos, deadline, "this rank was interrupted");
    }
  }

  /// Tells whom this rank gives up on, so that those who wait for this one name the same culprit.
  private PeerLostException lost(int member, long waitedNanos, Deadline deadline, String why) {
    long line = group.me() * LINE_BYTES;
    COUNT.setVolatile(memory, line + BLAMED, member + 1);
    Futex.wake(memory, line + ARRIVED);
    return new PeerLostException(group.members().get(member), deadline.phase(), waitedNanos, why);
  }

  /// Tells those who wait for this member that it gives up on somebody of another host.
  void accuse(Member culprit) {
    long line = group.me() * LINE_BYTES;
    COUNT.setVolatile(memory, line + FAR, culprit.rank() + 1);
    Futex.wake(memory, line + ARRIVED);
  }

  /// Tells those who wait for this member that it leaves.
  void leave() {
    long line = group.me() * LINE_BYTES;
    boolean _ = COUNT.compareAndSet(memory, line + BLAMED, 0, group.me() + 1);
    Futex.wake(memory, line + ARRIVED);
  }
}
