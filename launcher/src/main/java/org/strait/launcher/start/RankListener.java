package org.strait.launcher.start;

/// What ranks say. Called by one thread per rank and stream, so by several at a time.
public interface RankListener {
  /// A line on a rank's standard output; returns whether it was understood. Lines that were not go
  /// to the rank's log file.
  boolean output(int rank, String line);

  /// A line on a rank's standard error, or an output line that was not understood.
  void log(int rank, String line);

  /// What the rank said last that it was doing; empty if it did not say.
  default String phase(int rank) {
    return "";
  }

  /// Whether the rank has its rows and is connected, so that others need not wait for it.
  default boolean inRounds(int rank) {
    return false;
  }

  /// Whether the rank, now dead, said that the user made a mistake: the others are then ended at
  /// once.
  default boolean blamesUser(int rank) {
    return false;
  }

  /// Whether the rank, now dead, said that it ended because it had lost another: then it is not the
  /// cause.
  boolean blamesPeer(int rank);
}
