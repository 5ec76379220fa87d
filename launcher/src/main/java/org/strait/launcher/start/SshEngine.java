package org.strait.launcher.start;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.strait.launcher.config.UserMistake;

/// Ranks are started on other hosts through ssh, in the same working folder. What they are to do
/// goes through ssh's standard input, which then stays silent: its end is the launcher's.
final class SshEngine implements LaunchEngine {
  @Override
  public List<RankSpec> processes(LaunchRequest request) {
    HostList hosts =
        request
            .hosts()
            .orElseThrow(
                () ->
                    new UserMistake(
                        "--engine ssh: no host is named",
                        "add --hosts A:2,B:2 or --hostfile FILE"));
    Programs.check(request.ssh().getFirst(), request.environment());
    List<RankSpec> specs = new ArrayList<>();
    for (HostList.Seat seat : hosts.seats(request.ranks())) {
      specs.add(spec(request, seat, request.command(), Map.of()));
    }
    return specs;
  }

  /// One rank.
  ///
  /// @param command program and arguments of this rank
  /// @param more variables for it
  static RankSpec spec(
      LaunchRequest request, HostList.Seat seat, List<String> command, Map<String, String> more) {
    List<String> ssh = new ArrayList<>(request.ssh());
    ssh.addAll(List.of("-o", "BatchMode=yes", "-o", "ConnectTimeout=15"));
    ssh.addAll(List.of("-o", "ServerAliveInterval=15", "-T"));
    ssh.addAll(request.pass());
    ssh.addAll(List.of(seat.host().host(), WatchedCommand.remote()));
    Map<String, String> variables = new LinkedHashMap<>(request.passedOn());
    variables.putAll(RankVariables.of(request, seat));
    variables.putAll(more);
    return new RankSpec(
        seat.rank(),
        seat.host().name(),
        ssh,
        Map.of(),
        WatchedCommand.told(command, variables, RankVariables.FOREIGN, request.folder()));
  }
}
