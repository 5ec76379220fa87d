package org.strait.launcher.config;

import java.util.OptionalInt;

/// What a job must fit to when its ranks are started already.
///
/// @param size number of ranks; empty if strait starts as many as the job has
/// @param ranksOnHost how many of them are on this machine; empty if nobody says
/// @param filesHere whether all files of the job must be readable on this machine
public record LaunchShape(OptionalInt size, OptionalInt ranksOnHost, boolean filesHere) {
  /// Ranks that are still to be started, here.
  public static LaunchShape own() {
    return new LaunchShape(OptionalInt.empty(), OptionalInt.empty(), true);
  }

  /// A job that was resolved elsewhere.
  static LaunchShape elsewhere() {
    return new LaunchShape(OptionalInt.empty(), OptionalInt.empty(), false);
  }

  /// Ranks of a launch.
  ///
  /// @param localSize how many of them are on this machine; 0 if nobody says
  public static LaunchShape of(int size, int localSize) {
    return new LaunchShape(
        OptionalInt.of(size),
        localSize == 0 ? OptionalInt.empty() : OptionalInt.of(localSize),
        localSize == size);
  }
}
