package org.strait.launcher.start;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/// How to start one rank.
///
/// @param rank number among all ranks
/// @param dc name of its data centre, for messages
/// @param command program and arguments
/// @param environment variables added to the launcher's own
/// @param input what it can read on its standard input before that falls silent
public record RankSpec(
    int rank, String dc, List<String> command, Map<String, String> environment, String input) {
  /// Copies the collections.
  public RankSpec {
    command = List.copyOf(command);
    environment = Map.copyOf(environment);
  }

  /// A rank whose standard input is silent from the start.
  public RankSpec(int rank, String dc, List<String> command, Map<String, String> environment) {
    this(rank, dc, command, environment, "");
  }

  /// The same under another number.
  public RankSpec withRank(int other) {
    return new RankSpec(other, dc, command, environment, input);
  }

  /// The same with more arguments.
  public RankSpec with(List<String> more) {
    List<String> longer = new ArrayList<>(command);
    longer.addAll(more);
    return new RankSpec(rank, dc, longer, environment, input);
  }

  /// As messages name it: `rank 3 (dc2)`.
  public String label() {
    return "rank " + rank + (dc.isEmpty() ? "" : " (" + dc + ")");
  }
}
