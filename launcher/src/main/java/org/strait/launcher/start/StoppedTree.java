package org.strait.launcher.start;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/// Watches a process and what it has started for one that is stopped (SIGSTOP, Ctrl-Z, a debugger):
/// for ranks that are threads of one JVM, none of which is left to say so. Linux tells in /proc;
/// elsewhere nothing is ever found stopped.
public final class StoppedTree implements AutoCloseable {
  private static final int NAME_END = ')';

  private final ProcessHandle root;
  private final Silence silence = new Silence();
  private final Silence.Watch watch;

  /// Begins to watch.
  ///
  /// @param lost told, once, when a process has been stopped for {@link Silence#MOST_SECONDS}
  public StoppedTree(long pid, Runnable lost) {
    root = ProcessHandle.of(pid).orElse(null);
    silence.heard(0);
    watch = silence.watch(rank -> lost.run(), this::look);
  }

  private void look() {
    if (root == null || !anyStopped()) {
      silence.heard(0);
    }
  }

  private boolean anyStopped() {
    List<ProcessHandle> below = root.descendants().toList();
    return below.stream().anyMatch(process -> isStopped(process.pid()));
  }

  private static boolean isStopped(long pid) {
    try {
      String stat = Files.readString(Path.of("/proc/" + pid + "/stat"));
      return stat.charAt(stat.lastIndexOf(NAME_END) + 2) == 'T';
    } catch (IOException e) {
      return false; // it has ended, or this is no Linux
    }
  }

  @Override
  public void close() {
    watch.close();
  }
}
