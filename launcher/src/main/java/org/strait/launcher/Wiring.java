package org.strait.launcher;

import java.nio.file.Path;
import java.util.List;
import java.util.function.Supplier;
import org.strait.launcher.start.RankSpec;
import org.strait.launcher.start.StoreHost;
import org.strait.launcher.start.WorkerCommandLine;

/// What commands need from outside; tests put other ranks here.
///
/// @param store opens the rendezvous store of a run
/// @param ranks how to start the ranks of a job
record Wiring(Supplier<StoreHost> store, RankSource ranks) {
  /// Makes the commands that start the ranks of a job.
  @FunctionalInterface
  interface RankSource {
    /// See {@link WorkerCommandLine#ranks}.
    List<RankSpec> ranks(List<String> dcOfRank, StoreHost store, Path job, Path out);
  }

  /// The real one.
  static Wiring real() {
    return new Wiring(StoreHosts::open, WorkerCommandLine::ranks);
  }
}
