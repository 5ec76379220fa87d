package org.strait.launcher.worker;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.strait.launcher.config.UserMistake;
import org.strait.launcher.record.RunFolder;

/// What a rank knows about where it runs.
///
/// @param out the run's folder, of which only rank 0's host may know
/// @param ranksOnHost ranks that share this machine's cores, this one included
/// @param sharesJvm whether other ranks are threads of the same JVM, with class loaders of their
///     own
/// @param figures of the machine, that kernels are chosen by, if there are any
/// @param life 1, or the how-manieth this rank's data centre is, that was lost and comes back
public record RankPlace(
    Path out, int ranksOnHost, boolean sharesJvm, Optional<String> figures, int life) {
  /// A rank in its first life.
  public RankPlace(Path out, int ranksOnHost, boolean sharesJvm, Optional<String> figures) {
    this(out, ranksOnHost, sharesJvm, figures, 1);
  }

  /// Checks the number.
  public RankPlace {
    if (ranksOnHost < 1) {
      throw new IllegalArgumentException(ranksOnHost + " ranks on a host; give at least 1");
    }
  }

  /// The same in a life that comes back.
  RankPlace again() {
    return new RankPlace(out, ranksOnHost, sharesJvm, figures, Math.max(2, life));
  }

  /// The figures that the launcher left in the run's folder, if it has any of this machine.
  ///
  /// @throws UserMistake if they cannot be read
  public static Optional<String> figures(Path out) {
    Path file = RunFolder.calibration(out);
    try {
      return Files.exists(file) ? Optional.of(Files.readString(file)) : Optional.empty();
    } catch (IOException e) {
      throw new UserMistake("cannot read " + file, "check the run's folder");
    }
  }
}
