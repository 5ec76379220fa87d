package org.strait.launcher.start;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import org.strait.launcher.config.UserMistake;

/// What `strait launch` is to start.
///
/// @param ranks number of ranks
/// @param hosts where; empty for this machine, or for what the engine chooses
/// @param command program and arguments
/// @param tag whether every line of output begins with its rank
/// @param pass more flags for the program that starts the ranks
/// @param exported variables that remote ranks get, beyond the usual ones: NAME or NAME=VALUE
/// @param ssh the ssh command
/// @param address of this machine, as ranks reach it
/// @param store where ranks can find each other
/// @param environment variables of the launcher
/// @param folder the working folder, the same on all hosts
/// @param notes lines for the user
public record LaunchRequest(
    int ranks,
    Optional<HostList> hosts,
    List<String> command,
    boolean tag,
    List<String> pass,
    List<String> exported,
    List<String> ssh,
    String address,
    StoreHost store,
    Map<String, String> environment,
    String folder,
    Consumer<String> notes) {
  private static final List<String> USUAL =
      List.of(
          "PATH",
          "JAVA_HOME",
          "LD_LIBRARY_PATH",
          "CLASSPATH",
          "MPJ_HOME",
          "OMP_NUM_THREADS",
          "OPENBLAS_NUM_THREADS");

  /// Copies the lists.
  public LaunchRequest {
    command = List.copyOf(command);
    pass = List.copyOf(pass);
    exported = List.copyOf(exported);
    ssh = List.copyOf(ssh);
  }

  /// The variables that lead ranks to the store.
  Map<String, String> storeVariables() {
    return Map.of(
        "STRAIT_STORE", store.host() + ":" + store.port(), WorkerCommandLine.TOKEN, store.token());
  }

  /// The variables of the launcher that ranks on other hosts get.
  Map<String, String> passedOn() {
    Map<String, String> variables = new LinkedHashMap<>();
    environment.forEach(
        (name, value) -> {
          if (USUAL.contains(name) || name.startsWith("STRAIT_")) {
            variables.put(name, value);
          }
        });
    for (String word : exported) {
      String[] parts = word.split("=", 2);
      if (!parts[0].matches("[A-Za-z_][A-Za-z0-9_]*")) {
        throw new UserMistake(
            "--export: \"" + parts[0] + "\" is no name of a variable", "write NAME or NAME=VALUE");
      }
      String value = parts.length > 1 ? parts[1] : environment.get(parts[0]);
      if (value == null) {
        throw new UserMistake(
            "--export: there is no variable " + parts[0], "set it, or write NAME=VALUE");
      }
      variables.put(parts[0], value);
    }
    return variables;
  }
}
