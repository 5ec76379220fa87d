package org.strait.launcher.worker;

/// The process of one rank.
public final class Worker {
  private Worker() {}

  /// Runs one rank; returns the exit status of the process.
  ///
  /// @param args see `org.strait.launcher.start.WorkerCommandLine`
  @SuppressWarnings("DoNotCallSuggester") // the process of a rank takes this class's place
  public static int run(String[] args) {
    throw new UnsupportedOperationException("a rank with " + args.length + " arguments");
  }
}
