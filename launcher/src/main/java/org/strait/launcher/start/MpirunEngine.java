package org.strait.launcher.start;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.strait.launcher.config.UserMistake;

/// The mpirun or mpiexec of this machine starts the ranks: Open MPI's, or Hydra (MPICH and its
/// kin). The launcher's store is theirs to meet in, on however many hosts they are.
final class MpirunEngine implements LaunchEngine {
  @Override
  public List<RankSpec> processes(LaunchRequest request) {
    String program =
        Programs.firstOf(
            request.environment(),
            "install an MPI (Debian: apt-get install openmpi-bin), or use --engine ssh",
            "mpirun",
            "mpiexec");
    request.hosts().ifPresent(hosts -> hosts.seats(request.ranks())); // enough slots
    List<String> command = new ArrayList<>(List.of(program));
    Map<String, String> variables = new LinkedHashMap<>(request.storeVariables());
    String version = version(program);
    if (version.contains("Open MPI") || version.contains("OpenRTE")) {
      openMpi(command, request, variables);
    } else if (version.contains("HYDRA") || version.contains("Hydra")) {
      hydra(command, request);
    } else {
      throw new UserMistake(
          "--engine mpirun: "
              + program
              + " is neither Open MPI's nor MPICH's: "
              + version.lines().findFirst().orElse("it says nothing about itself"),
          "start through it yourself: " + program + " … ./strait train …");
    }
    command.addAll(request.pass());
    command.addAll(request.command());
    return List.of(
        new RankSpec(0, "", WatchedCommand.local(command, RankVariables.own()), variables));
  }

  @Override
  public boolean oneProcessPerRank() {
    return false;
  }

  private static void openMpi(
      List<String> command, LaunchRequest request, Map<String, String> variables) {
    command.addAll(List.of("-np", "" + request.ranks()));
    if (request.hosts().isPresent()) {
      command.addAll(List.of("--host", request.hosts().get().toString()));
    } else {
      command.add("--oversubscribe");
    }
    if (request.tag()) {
      command.add("--tag-output");
    }
    names(request).forEach(name -> command.addAll(List.of("-x", name)));
    if (System.getProperty("user.name").equals("root")) {
      variables.put("OMPI_ALLOW_RUN_AS_ROOT", "1");
      variables.put("OMPI_ALLOW_RUN_AS_ROOT_CONFIRM", "1");
    }
  }

  private static void hydra(List<String> command, LaunchRequest request) {
    command.addAll(List.of("-n", "" + request.ranks()));
    request.hosts().ifPresent(hosts -> command.addAll(List.of("-hosts", hosts.toString())));
    if (request.tag()) {
      command.add("-prepend-rank");
    }
    command.addAll(List.of("-genvlist", String.join(",", names(request))));
  }

  /// Names of variables that ranks get: values do not belong on a command line.
  private static List<String> names(LaunchRequest request) {
    List<String> names = new ArrayList<>(request.storeVariables().keySet());
    request.environment().keySet().stream()
        .filter(name -> name.startsWith("STRAIT_") && !RankVariables.own().contains(name))
        .filter(name -> !names.contains(name))
        .forEach(names::add);
    request.exported().forEach(word -> names.add(word.split("=", 2)[0]));
    return names;
  }

  private static String version(String program) {
    try {
      Process process = new ProcessBuilder(program, "--version").redirectErrorStream(true).start();
      process.getOutputStream().close();
      return new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UserMistake("cannot run " + program + ": " + e.getMessage(), "check the PATH");
    }
  }
}
