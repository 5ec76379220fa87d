package org.strait.engine.topology;

/// One rank in a group, with what an error message needs to name it.
///
/// @param rank number among all ranks of the job
/// @param dc name of its data centre
public record Member(int rank, String dc) {
  @Override
  public String toString() {
    return "rank " + rank + " (" + dc + ")";
  }
}
