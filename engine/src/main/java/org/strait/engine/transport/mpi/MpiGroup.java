package org.strait.engine.transport.mpi;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.ValueLayout;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.locks.LockSupport;
import java.util.concurrent.locks.ReentrantLock;
import org.strait.engine.topology.Group;
import org.strait.engine.transport.Pipes;

/// A group on a communicator of its own, and what its members tell each other beside their data:
/// that one has closed and how many meetings (barriers before collectives) it had entered, and that
/// one is present where others wait.
final class MpiGroup {
  static final int DATA_TAG = 1;
  private static final int CLOSED_TAG = 2;
  private static final int PRESENT_TAG = 3;
  private static final long YIELDING_NANOS = 2_000_000L;
  private static final long PARK_NANOS = 50_000L;

  private final MpiProcess process;
  private final Group group;
  private final MpiMessages messages;
  private final long communicator;
  private final Arena arena = Arena.ofAuto();
  private final ReentrantLock polling = new ReentrantLock();
  private final MpiMessages.Operation probe;
  private final boolean[] present;
  private final boolean[] left;
  private final long[] meetingsOf;
  private final Queue<MpiMessages.Operation> notices = new ConcurrentLinkedQueue<>();
  private boolean announced;
  private volatile long meetings;
  private volatile boolean someLeft;
  private volatile boolean lost;
  private volatile boolean closed;

  MpiGroup(MpiProcess process, Group group, long communicator) {
    this.process = process;
    this.group = group;
    this.communicator = communicator;
    messages = new MpiMessages(process.library(), communicator);
    probe = new MpiMessages.Operation(arena, Long.BYTES);
    present = new boolean[group.size()];
    left = new boolean[group.size()];
    meetingsOf = new long[group.size()];
    process.opened();
  }

  MpiLibrary library() {
    return process.library();
  }

  Group group() {
    return group;
  }

  MpiMessages messages() {
    return messages;
  }

  long communicator() {
    return communicator;
  }

  boolean isClosed() {
    return closed;
  }

  /// Whether a member has said that it closes. What it sent before may still be on its way.
  boolean hasLeft(int member) {
    if (!someLeft) {
      return false;
    }
    polling.lock();
    try {
      return left[member];
    } finally {
      polling.unlock();
    }
  }

  /// Notes that this member enters its next meeting, and returns its number. One thread at a time.
  long enterMeeting() {
    long number = meetings + 1;
    meetings = number;
    return number;
  }

  /// The first other member that has closed without entering a meeting, or NOBODY.
  int firstLeftBefore(long meeting) {
    if (!someLeft) {
      return Pipes.NOBODY;
    }
    polling.lock();
    try {
      for (int i = 0; i < left.length; i++) {
        if (left[i] && meetingsOf[i] < meeting) {
          return i;
        }
      }
      return Pipes.NOBODY;
    } finally {
      polling.unlock();
    }
  }

  /// The first other member that is not known to be present, or NOBODY.
  int firstAbsent() {
    return first(present, false);
  }

  private int first(boolean[] flags, boolean value) {
    polling.lock();
    try {
      for (int i = 0; i < flags.length; i++) {
        if (i != group.me() && flags[i] == value) {
          return i;
        }
      }
      return Pipes.NOBODY;
    } finally {
      polling.unlock();
    }
  }

  /// Looks for what members say. Returns at once if another thread is looking.
  void poll() throws IOException {
    if (!polling.tryLock()) {
      return;
    }
    try {
      for (int i = 0; i < group.size(); i++) {
        if (i == group.me()) {
          continue;
        }
        if (!left[i] && take(probe, i, CLOSED_TAG)) {
          meetingsOf[i] = probe.data.get(ValueLayout.JAVA_LONG, 0);
          left[i] = true;
          someLeft = true;
        }
        present[i] |= messages.arrived(probe, i, PRESENT_TAG);
      }
    } finally {
      polling.unlock();
    }
  }

  /// Whether a member asks who is there.
  boolean isAsked() {
    return first(present, true) != Pipes.NOBODY;
  }

  /// Tells all members that this one is here; once.
  void announce() throws IOException {
    polling.lock();
    try {
      for (int i = 0; i < group.size() && !announced; i++) {
        if (i != group.me()) {
          tell(i, 0, PRESENT_TAG);
        }
      }
      announced = true;
    } finally {
      polling.unlock();
    }
  }

  /// Tells a member that nothing more will come: in order with the data, for its reader, and beside
  /// it, for whoever else waits.
  void sayClosed(int member) throws IOException {
    tell(member, 0, DATA_TAG);
    tell(member, Long.BYTES, CLOSED_TAG);
  }

  // Messages this short are copied by MPI at once; one that is not is kept for MPI.
  private void tell(int member, int bytes, int tag) throws IOException {
    MpiMessages.Operation notice = new MpiMessages.Operation(arena, Long.BYTES);
    notice.data.set(ValueLayout.JAVA_LONG, 0, meetings);
    messages.send(notice, bytes, member, tag);
    if (!messages.done(notice)) {
      notices.add(notice);
    }
  }

  /// Notes that a member is lost: MPI cannot be finalised any more.
  void lost() {
    lost = true;
  }

  /// Receives what the members have said last and nobody has read, since MPI is not to be finalised
  /// before; waits for those that have not closed yet. Call after close.
  void takeRest(long timeoutNanos) throws IOException {
    MpiMessages.Operation rest = new MpiMessages.Operation(arena, MpiPipes.FRAGMENT_BYTES);
    long startNanos = System.nanoTime();
    for (int i = 0; i < group.size(); i++) {
      if (i == group.me()) {
        continue;
      }
      while (!hasLeft(i)) {
        long leftNanos = timeoutNanos - (System.nanoTime() - startNanos);
        if (leftNanos <= 0) {
          return;
        }
        poll();
        pause(timeoutNanos - leftNanos, leftNanos);
      }
      for (int tag : new int[] {DATA_TAG, PRESENT_TAG}) {
        while (take(rest, i, tag)) {
          // one after the other
        }
      }
    }
  }

  @SuppressWarnings("ThreadPriorityCheck") // the sender may need this very core
  private boolean take(MpiMessages.Operation into, int from, int tag) throws IOException {
    if (!messages.arrived(into, from, tag)) {
      return false;
    }
    messages.receive(into, from, tag);
    while (!messages.done(into)) {
      Thread.yield();
    }
    return true;
  }

  /// Closes; {@code stillInUse} is what MPI may still touch, or null.
  void close(Object stillInUse) {
    closed = true;
    process.closed(this, lost && stillInUse == null ? this : stillInUse);
  }

  /// Lets others have the core while nothing moves: gives the rest of its time slice away at first,
  /// later sleeps.
  @SuppressWarnings("ThreadPriorityCheck") // whom it waits for may need this very core
  static void pause(long waitedNanos, long leftNanos) {
    if (waitedNanos < YIELDING_NANOS) {
      Thread.yield();
    } else {
      LockSupport.parkNanos(Math.min(leftNanos, PARK_NANOS));
    }
  }
}
