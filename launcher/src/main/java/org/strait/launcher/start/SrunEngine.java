package org.strait.launcher.start;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// Slurm's srun starts the ranks: in the allocation around this process, or in one of their own.
final class SrunEngine implements LaunchEngine {
  @Override
  public List<RankSpec> processes(LaunchRequest request) {
    String program =
        Programs.firstOf(
            request.environment(), "run this on a login node of a Slurm cluster", "srun");
    List<String> command = new ArrayList<>(List.of(program, "-n", "" + request.ranks()));
    command.addAll(List.of("--kill-on-bad-exit=1", "--input=none"));
    if (request.hosts().isPresent()) {
      HostList hosts = request.hosts().get();
      hosts.seats(request.ranks());
      String names = String.join(",", hosts.hosts().stream().map(HostSlots::name).toList());
      command.addAll(List.of("-w", names));
    }
    if (request.tag()) {
      command.add("--label");
    }
    command.addAll(request.pass());
    command.addAll(request.command());
    // srun takes its whole environment along.
    Map<String, String> variables = new LinkedHashMap<>(request.storeVariables());
    request.exported().forEach(word -> variables.putAll(exported(request, word)));
    return List.of(
        new RankSpec(0, "", WatchedCommand.local(command, RankVariables.own()), variables));
  }

  private static Map<String, String> exported(LaunchRequest request, String word) {
    String name = word.split("=", 2)[0];
    return Map.of(name, request.passedOn().get(name));
  }

  @Override
  public boolean oneProcessPerRank() {
    return false;
  }
}
