package org.strait.launcher.start;

import java.util.List;
import org.strait.launcher.config.Suggestion;
import org.strait.launcher.config.UserMistake;

/// The one choice of a launch engine.
public final class LaunchEngines {
  private LaunchEngines() {}

  /// The names that {@link #choose} knows.
  public static List<String> names() {
    return List.of("local", "ssh", "mpj", "mpjrun", "mpirun", "srun");
  }

  /// Chooses.
  ///
  /// @throws UserMistake if there is no such engine
  public static LaunchEngine choose(String name) {
    return switch (name) {
      case "local" -> new LocalEngine();
      case "ssh" -> new SshEngine();
      case "mpj" -> new MpjEngine();
      case "mpjrun" -> new MpjrunEngine();
      case "mpirun" -> new MpirunEngine();
      case "srun" -> new SrunEngine();
      default ->
          throw new UserMistake(
              "--engine: unknown \"" + name + "\"", Suggestion.remedy(name, names()));
    };
  }
}
