package org.strait.launcher.config;

import java.util.OptionalInt;

/// What a job must fit to when its ranks are started already.
///
/// @param size number of ranks; empty if strait starts as many as the job has
/// @param filesHere whether all files of the job must be readable on this machine
public record LaunchShape(OptionalInt size, boolean filesHere) {
  /// Ranks that are still to be started, here.
  public static LaunchShape own() {
    return new LaunchShape(OptionalInt.empty(), true);
  }

  /// A job that was resolved elsewhere.
  static LaunchShape elsewhere() {
    return new LaunchShape(OptionalInt.empty(), false);
  }

  /// Ranks of a launch.
  ///
  /// @param oneHost whether they are all on this machine
  public static LaunchShape of(int size, boolean oneHost) {
    return new LaunchShape(OptionalInt.of(size), oneHost);
  }
}
