package org.strait.launcher.identity;

import org.strait.launcher.config.UserMistake;

/// One rank of a launch.
///
/// @param rank number of this rank, from 0
/// @param size number of ranks
/// @param host name of this machine, as others of the launch may call it
/// @param localRank number of this rank among those of the same host
/// @param localSize ranks of the same host; 0 if the launcher does not say
/// @param by who made the launch, as messages name it
/// @param job what all ranks of the launch know it by, and no other launch has
public record Identity(
    int rank, int size, String host, int localRank, int localSize, String by, String job) {
  /// Checks the numbers.
  ///
  /// @throws UserMistake if they contradict each other
  public Identity {
    if (size < 1 || rank < 0 || rank >= size) {
      throw new UserMistake(
          by + " says that this is rank " + rank + " of " + size,
          "ranks are numbered from 0: check the environment of this process");
    }
    if (localSize < 0 || localSize > size || (localSize > 0 && localRank >= localSize)) {
      throw new UserMistake(
          by
              + " says that this is rank "
              + localRank
              + " of "
              + localSize
              + " on its host, of "
              + size
              + " in all",
          "check the environment of this process");
    }
  }

  /// Whether all ranks are known to run on one host.
  public boolean oneHost() {
    return localSize == size;
  }

  /// As messages name it: `rank 3 of 4 (Open MPI)`.
  public String label() {
    return "rank " + rank + " of " + size + " (" + by + ")";
  }
}
