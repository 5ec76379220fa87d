package org.strait.launcher.identity;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// This process and those that started it.
///
/// @param pid this process
/// @param parents from the nearest on
public record Ancestors(long pid, List<Parent> parents) {
  /// One of them.
  ///
  /// @param program path of what it runs; may be empty
  public record Parent(long pid, String program) {}

  /// Copies the list.
  public Ancestors {
    parents = List.copyOf(parents);
  }

  /// Those of the running process.
  public static Ancestors ofThisProcess() {
    ProcessHandle self = ProcessHandle.current();
    List<Parent> parents = new ArrayList<>();
    Optional<ProcessHandle> at = self.parent();
    while (at.isPresent() && parents.size() < 32) {
      parents.add(new Parent(at.get().pid(), at.get().info().command().orElse("")));
      at = at.get().parent();
    }
    return new Ancestors(self.pid(), parents);
  }

  /// Number of the nearest ancestor whose program has a name; of the nearest of all if none has.
  long named(String part) {
    for (Parent parent : parents) {
      if (parent.program().contains(part)) {
        return parent.pid();
      }
    }
    return parents.isEmpty() ? 0 : parents.getFirst().pid();
  }
}
