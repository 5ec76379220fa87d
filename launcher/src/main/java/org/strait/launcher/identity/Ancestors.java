package org.strait.launcher.identity;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/// This process and those that started it.
///
/// @param pid this process
/// @param parents from the nearest on
public record Ancestors(long pid, List<Parent> parents) {
  private static final Pattern LAUNCHERS =
      Pattern.compile(
          "(mpirun|mpiexec|orterun|orted|prterun|prted|prte|hydra_pmi_proxy|pmi_proxy|mpiexec\\.hydra)"
              + "(\\.openmpi|\\.mpich)?");

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

  /// The process that started this rank, whose end is the end of the launch: the nearest ancestor
  /// that is a launcher, or the parent of an MPJ Express program.
  ///
  /// @param mpj whether MPJ Express started it
  public Optional<ProcessHandle> launcher(boolean mpj) {
    for (Parent parent : parents) {
      String name = parent.program().substring(parent.program().lastIndexOf('/') + 1);
      if (mpj || LAUNCHERS.matcher(name).matches()) {
        return ProcessHandle.of(parent.pid());
      }
    }
    return Optional.empty();
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
