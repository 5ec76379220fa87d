package org.strait.launcher;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import org.strait.launcher.start.RankSpec;
import org.strait.launcher.start.StoreHost;
import org.strait.launcher.start.WorkerCommandLine;

/// What commands need from outside; tests put other ranks here.
///
/// @param store opens the rendezvous store of a run
/// @param ranks how to start the ranks of a job
/// @param environment variables of the process
record Wiring(Supplier<StoreHost> store, RankSource ranks, Map<String, String> environment) {
  /// Without any environment: a process that is no rank of a launch.
  Wiring(Supplier<StoreHost> store, RankSource ranks) {
    this(store, ranks, Map.of());
  }

  /// Makes the commands that start the ranks of a job.
  @FunctionalInterface
  interface RankSource {
    /// See {@link WorkerCommandLine#ranks}.
    List<RankSpec> ranks(List<String> dcOfRank, StoreHost store, Path job, Path out);
  }

  /// The real one.
  static Wiring real() {
    return new Wiring(StoreHosts::open, WorkerCommandLine::ranks, System.getenv());
  }
}
