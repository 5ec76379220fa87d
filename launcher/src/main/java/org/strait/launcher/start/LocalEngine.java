package org.strait.launcher.start;

import java.util.ArrayList;
import java.util.List;
import org.strait.launcher.config.UserMistake;

/// Ranks are processes of this machine.
final class LocalEngine implements LaunchEngine {
  @Override
  public List<RankSpec> processes(LaunchRequest request) {
    if (request.hosts().isPresent()) {
      throw new UserMistake(
          "--engine local starts ranks on this machine only, but hosts are named",
          "use --engine ssh, or leave the hosts out");
    }
    Programs.check(request.command().getFirst(), request.environment());
    int cores = Runtime.getRuntime().availableProcessors();
    if (request.ranks() > cores) {
      request.notes().accept(request.ranks() + " ranks share " + cores + " cores");
    }
    List<RankSpec> specs = new ArrayList<>();
    for (HostList.Seat seat : RankVariables.here(request.ranks())) {
      specs.add(
          new RankSpec(
              seat.rank(),
              "",
              WatchedCommand.local(request.command(), RankVariables.FOREIGN),
              RankVariables.of(request, seat)));
    }
    return specs;
  }
}
