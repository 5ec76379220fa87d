package org.strait.engine.topology;

import java.util.List;

/// Ordered ranks that act together, and which of them is this one. Collectives and transports count
/// members from 0 within the group ("index"), not by the job's ranks.
///
/// @param name unique among the groups of a job; used as a rendezvous key
/// @param members in the order that all members agree on
/// @param me index of this rank in members
public record Group(String name, List<Member> members, int me) {
  /// Checks the index.
  public Group {
    members = List.copyOf(members);
    if (me < 0 || me >= members.size()) {
      throw new IllegalArgumentException("index " + me + " in a group of " + members.size());
    }
  }

  /// A group of n ranks of one DC, for tests and local use.
  public static Group of(String name, int n, int me) {
    return new Group(
        name,
        java.util.stream.IntStream.range(0, n).mapToObj(r -> new Member(r, "local")).toList(),
        me);
  }

  /// Number of members.
  public int size() {
    return members.size();
  }
}
