package org.strait.launcher.bench;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;

/// What to measure.
///
/// @param bench one of {@link BenchSuite#benches}
/// @param folder where files of the run may go; there is such a folder
/// @param backend name of a backend, or {@code auto}
/// @param threads numbers of threads, ascending
/// @param only pattern that the names of cases have to match, or empty for all
/// @param quick small operands and few runs: a check, no measurement
/// @param peers whether to look for peers beyond a C compiler
/// @param np numbers of ranks of {@code allreduce} as written, or empty for the usual ones
/// @param sizes its sizes, likewise
/// @param engines its engines, likewise
/// @param flags of {@code geo} as written, by name without dashes; only those that were given
/// @param searchPath folders with programs, as in PATH
/// @param progress takes lines about what goes on
public record BenchRequest(
    String bench,
    Path folder,
    String backend,
    List<Integer> threads,
    Optional<String> only,
    boolean quick,
    boolean peers,
    Optional<String> np,
    Optional<String> sizes,
    Optional<String> engines,
    Map<String, String> flags,
    String searchPath,
    Consumer<String> progress) {
  /// Copies the flags.
  public BenchRequest {
    flags = Map.copyOf(flags);
  }
}
