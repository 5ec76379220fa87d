package org.strait.launcher.start;

import java.util.List;

/// A way to start the ranks of any command.
public interface LaunchEngine extends AutoCloseable {
  /// The processes to start and watch; each ends when the launcher does.
  ///
  /// @throws org.strait.launcher.config.UserMistake if it cannot be done here
  List<RankSpec> processes(LaunchRequest request);

  /// Whether each process is one rank; else one process starts all ranks and tags their output.
  default boolean oneProcessPerRank() {
    return true;
  }

  /// Whether what it starts ends with 0 whatever happened, so that only rank 0's last line tells.
  default boolean hidesExitStatus(LaunchRequest request) {
    return false;
  }

  /// Whether all ranks are threads of one process of this machine.
  default boolean ranksShareProcess(LaunchRequest request) {
    return false;
  }

  @Override
  default void close() {
    // Most hold nothing.
  }
}
