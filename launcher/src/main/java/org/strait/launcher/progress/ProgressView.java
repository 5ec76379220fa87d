package org.strait.launcher.progress;

/// Shows how a run gets on. Thread-safe.
public interface ProgressView {
  /// So many ranks have their rows and are connected; before the first round.
  void ready(int ready, int ranks);

  /// A gateway finished a round.
  ///
  /// @param phase `main` or `reference`
  /// @param dc name of the data centre
  /// @param seconds since the phase began
  /// @param rows rows that this data centre has processed in this phase
  /// @param sentBytes bytes that this data centre has sent in this phase
  void round(
      String phase,
      String dc,
      int round,
      double objective,
      double seconds,
      long rows,
      long sentBytes);

  /// One line that should stay on the screen.
  void note(String line);

  /// Ends the view; what it showed last stays.
  void finish();
}
