package org.strait.launcher.start;

import java.util.List;
import java.util.Map;

/// How to start one rank.
///
/// @param rank number among all ranks
/// @param dc name of its data centre, for messages
/// @param command program and arguments
/// @param environment variables added to the launcher's own
public record RankSpec(int rank, String dc, List<String> command, Map<String, String> environment) {
  /// Copies the collections.
  public RankSpec {
    command = List.copyOf(command);
    environment = Map.copyOf(environment);
  }

  /// As messages name it: `rank 3 (dc2)`.
  public String label() {
    return "rank " + rank + (dc.isEmpty() ? "" : " (" + dc + ")");
  }
}
