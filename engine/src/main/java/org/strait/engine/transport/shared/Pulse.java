package org.strait.engine.transport.shared;

import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.VarHandle;
import java.nio.file.Files;
import java.nio.file.Path;
import org.strait.engine.topology.Group;

/// Tells which members' processes have ended or stand still. That one has ended the system tells by
/// a lock that it held; that one is stopped (SIGSTOP, Ctrl-Z) Linux tells in /proc. A member that
/// merely computes is never blamed. Thread-safe.
final class Pulse {
  /// Bytes that a member writes about itself.
  static final long BYTES = 64;

  private static final VarHandle NUMBER = ValueLayout.JAVA_LONG.varHandle();
  private static final long PID = 0;
  private static final long STARTED = 8;
  private static final int NAME_END = ')';
  private static final int FIELDS_TO_START = 20;

  /// Time between looks at /proc, and how many in a row must find a process stopped: two seconds of
  /// this rank's own running, so that a job that is stopped as a whole and goes on blames nobody.
  private static final long LOOK_NANOS = 200_000_000L;

  private static final int LOOKS = 10;

  private final Group group;
  private final MemorySegment memory;
  private final SharedFile file;
  private final String host;
  private final long[] lookedNanos;
  private final int[] stoppedLooks;

  /// @param memory {@link #BYTES} per member
  Pulse(Group group, MemorySegment memory, SharedFile file, String host) {
    this.group = group;
    this.memory = memory;
    this.file = file;
    this.host = host;
    lookedNanos = new long[group.size()];
    stoppedLooks = new int[group.size()];
    long pid = ProcessHandle.current().pid();
    long mine = group.me() * BYTES;
    memory.set(ValueLayout.JAVA_LONG, mine + STARTED, started(stat(pid)));
    NUMBER.setVolatile(memory, mine + PID, pid);
  }

  /// Why a member will not go on, or null. Asked again and again by those who wait in vain; the
  /// first answer of a wait is always null, so that short ones cost nothing.
  synchronized String whyGone(int member) {
    long now = System.nanoTime();
    long since = now - lookedNanos[member];
    if (since < LOOK_NANOS) {
      return null;
    }
    lookedNanos[member] = now;
    if (since > LOOKS * LOOK_NANOS) {
      stoppedLooks[member] = 0;
      return null;
    }
    if (file.released(member)) {
      return process(member) + " has ended";
    }
    stoppedLooks[member] = isStopped(member) ? stoppedLooks[member] + 1 : 0;
    return stoppedLooks[member] < LOOKS
        ? null
        : process(member) + " is stopped (a signal; kill -CONT lets it go on)";
  }

  private String process(int member) {
    return "its process " + (long) NUMBER.getVolatile(memory, member * BYTES + PID) + " on " + host;
  }

  private boolean isStopped(int member) {
    long pid = (long) NUMBER.getVolatile(memory, member * BYTES + PID);
    if (pid == 0 || member == group.me()) {
      return false;
    }
    String stat = stat(pid);
    int state = stat.lastIndexOf(NAME_END) + 2;
    // Another process may have that number where ranks live in containers.
    return state > 2
        && stat.charAt(state) == 'T'
        && started(stat) == memory.get(ValueLayout.JAVA_LONG, member * BYTES + STARTED);
  }

  private static String stat(long pid) {
    try {
      return Files.readString(Path.of("/proc/" + pid + "/stat"));
    } catch (IOException e) {
      // Not Linux, or gone: the lock will tell.
      return "";
    }
  }

  /// When a process started, in ticks; proc(5), field 22 of stat.
  private static long started(String stat) {
    if (stat.isEmpty()) {
      return 0;
    }
    String[] fields = stat.substring(stat.lastIndexOf(NAME_END) + 2).split(" ", -1);
    return Long.parseLong(fields[FIELDS_TO_START - 1]);
  }
}
