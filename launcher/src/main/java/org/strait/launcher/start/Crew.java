package org.strait.launcher.start;

/// The ranks of a run, once they are started, whoever started them.
public interface Crew {
  /// Asks for an early end. Any thread may call it.
  void interrupt();

  /// Treats a rank as dead that has been silent for {@link Silence#MOST_SECONDS}. Any thread may
  /// call it.
  ///
  /// @param rank among all ranks of the job
  void silent(int rank);

  /// Waits until all ranks have ended, or until there is nothing more to wait for.
  Outcome await() throws InterruptedException;
}
