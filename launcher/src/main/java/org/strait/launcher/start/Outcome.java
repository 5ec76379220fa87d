package org.strait.launcher.start;

import java.util.List;
import java.util.Optional;

/// How a set of ranks ended.
///
/// @param interrupted whether the user stopped the run
/// @param firstDeath the rank that failed first and was not itself the victim of another; empty if
///     none failed
/// @param exitStatuses of all ranks, in the order they were started; -1 if nobody knows
public record Outcome(boolean interrupted, Optional<Death> firstDeath, List<Integer> exitStatuses) {
  /// Copies the list.
  public Outcome {
    exitStatuses = List.copyOf(exitStatuses);
  }
}
