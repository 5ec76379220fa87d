package org.strait.kernels;

import java.util.Optional;
import org.strait.kernels.calibration.Estimate;

/// What a rank asks of its kernels.
///
/// @param backend a backend's name, {@code auto}, or one per family as {@link AskedBackends} reads
///     it
/// @param threads threads of the rank, the caller's included, at least 1
/// @param ranksOnHost ranks that share this machine's cores, each with as many threads; 0 if
///     unknown. A thread waits without sleeping only if there is a core for each
/// @param threadName prefix of the names of the rank's threads
/// @param estimate what {@code auto} decides by; without it, it takes the widest vectors
public record BackendRequest(
    String backend, int threads, int ranksOnHost, String threadName, Optional<Estimate> estimate) {
  /// Checks the counts.
  public BackendRequest {
    if (threads < 1) {
      throw new IllegalArgumentException(threads + " threads for a rank; give at least 1");
    }
    if (ranksOnHost < 0) {
      throw new IllegalArgumentException(ranksOnHost + " ranks on a host; give at least 0");
    }
  }

  /// One thread, no estimate.
  public static BackendRequest of(String backend) {
    return new BackendRequest(backend, 1, 0, "strait", Optional.empty());
  }

  /// The same with another backend.
  public BackendRequest withBackend(String name) {
    return new BackendRequest(name, threads, ranksOnHost, threadName, estimate);
  }

  /// The same with another number of threads.
  public BackendRequest withThreads(int count) {
    return new BackendRequest(backend, count, ranksOnHost, threadName, estimate);
  }

  /// The same with another number of ranks beside each other.
  public BackendRequest withRanksOnHost(int count) {
    return new BackendRequest(backend, threads, count, threadName, estimate);
  }

  /// The same with other names of threads.
  public BackendRequest withThreadName(String prefix) {
    return new BackendRequest(backend, threads, ranksOnHost, prefix, estimate);
  }

  /// The same with something to decide by.
  public BackendRequest withEstimate(Estimate known) {
    return new BackendRequest(backend, threads, ranksOnHost, threadName, Optional.of(known));
  }

  /// Whether there is a core for every thread of every rank.
  boolean fits(int cores) {
    return (long) threads * Math.max(1, ranksOnHost) <= cores;
  }
}
