package org.strait.engine.transport.shared;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.VarHandle;
import java.nio.file.Path;
import org.strait.engine.rendezvous.RendezvousException;
import org.strait.engine.rendezvous.Store;
import org.strait.engine.topology.Group;
import org.strait.engine.transport.Host;

/// How the members of a group come to map the same file: member 0 makes it and tells its path
/// through the store, the others open it, and its name is taken away when all have.
final class Meeting {
  /// The first bytes of every shared file: whether all have mapped it, then one byte per member
  /// that has.
  static final long HEADER_BYTES = 1024;

  /// Most ranks on one host.
  static final int MOST_MEMBERS = 960;

  private static final VarHandle FLAG = ValueLayout.JAVA_INT.varHandle();
  private static final long READY = 0;
  private static final long MEMBERS = 64;
  private static final long NAP_MILLIS = 1;

  private final Group group;
  private final Store store;
  private final String key;
  private final long endNanos;
  private final long startNanos = System.nanoTime();

  /// @param key unique in the job
  /// @param timeoutNanos how long to wait for the others
  Meeting(Group group, Store store, String key, long timeoutNanos) {
    if (group.size() > MOST_MEMBERS) {
      throw new RendezvousException(
          "shared memory: " + group.size() + " ranks, at most " + MOST_MEMBERS);
    }
    this.group = group;
    this.store = store;
    this.key = key;
    this.endNanos = startNanos + timeoutNanos;
  }

  /// A file of so many bytes after the header, mapped by all members.
  SharedFile meet(long bytes, Arena arena) {
    SharedFile file = group.me() == 0 ? make(HEADER_BYTES + bytes, arena) : find(arena);
    boolean met = false;
    try {
      if (group.me() != 0) {
        file.hold(group.me());
      }
      file.memory().set(ValueLayout.JAVA_BYTE, MEMBERS + group.me(), (byte) 1);
      VarHandle.fullFence();
      if (group.me() == 0) {
        awaitMembers(file);
        file.unlink();
        FLAG.setVolatile(file.memory(), READY, 1);
      } else {
        awaitReady(file);
      }
      met = true;
      return file;
    } catch (IOException e) {
      throw new RendezvousException("shared memory: " + e.getMessage(), e);
    } finally {
      if (!met) {
        if (group.me() == 0) {
          file.unlink();
        }
        file.close();
      }
    }
  }

  private SharedFile make(long bytes, Arena arena) {
    SharedFile file = SharedFile.create(bytes, arena);
    try {
      // Before others can look whether this rank lives.
      file.hold(0);
    } catch (IOException e) {
      file.unlink();
      file.close();
      throw new RendezvousException("shared memory: " + e.getMessage(), e);
    }
    store.set(key, Host.name() + " " + Host.memory() + "\n" + bytes + "\n" + file.path());
    return file;
  }

  private SharedFile find(Arena arena) {
    String[] found = store.get(key, Math.max(1, endNanos - System.nanoTime())).split("\n", 3);
    String here = Host.name() + " " + Host.memory();
    if (!found[0].equals(here)) {
      throw refuse(
          group.members().get(group.me())
              + " runs on "
              + Host.name()
              + ", "
              + group.members().getFirst()
              + " on "
              + found[0].substring(0, found[0].indexOf(' '))
              + ": ranks of several hosts need --transport tcp or auto");
    }
    try {
      return SharedFile.open(Path.of(found[2]), Long.parseLong(found[1]), arena);
    } catch (IOException e) {
      throw refuse(group.members().get(group.me()) + " cannot open " + found[2] + ": " + e);
    }
  }

  private RendezvousException refuse(String why) {
    store.set(key + "/refused", why);
    return new RendezvousException("shared memory: " + why);
  }

  private void awaitMembers(SharedFile file) {
    for (int i = 0; i < group.size(); i++) {
      while (file.memory().get(ValueLayout.JAVA_BYTE, MEMBERS + i) == 0) {
        String refused = store.peek(key + "/refused");
        if (refused != null) {
          throw new RendezvousException("shared memory: " + refused);
        }
        nap(group.members().get(i) + " has not come");
        VarHandle.fullFence();
      }
    }
  }

  private void awaitReady(SharedFile file) {
    while ((int) FLAG.getVolatile(file.memory(), READY) == 0) {
      if (file.released(0)) {
        throw new RendezvousException(
            "shared memory: " + group.members().getFirst() + " has ended before all had come");
      }
      nap("not all members of " + group.name() + " have come");
    }
  }

  private void nap(String missing) {
    if (System.nanoTime() - endNanos > 0) {
      throw new RendezvousException(
          String.format(
              "shared memory: %s after %.0f s", missing, (System.nanoTime() - startNanos) / 1e9));
    }
    try {
      Thread.sleep(NAP_MILLIS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new RendezvousException("shared memory: interrupted while meeting", e);
    }
  }
}
