package org.strait.launcher.start;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.strait.engine.transport.mpj.MpjPortExchange;

/// MPJ Express programs without mpjrun and its daemons: ranks are processes of this machine or of
/// hosts reached by ssh. Each gets MPJ's three arguments, and finds the others through a port
/// exchange in this process, which tells them the addresses that the user named.
final class MpjEngine implements LaunchEngine {
  private static final int EAGER_BYTES = 131072;

  private MpjPortExchange ports;

  @Override
  public List<RankSpec> processes(LaunchRequest request) {
    MpjProgram program = MpjProgram.parse(request.command());
    MpjHome home = MpjHome.find(request.environment(), request.notes());
    boolean remote = request.hosts().isPresent();
    List<HostList.Seat> seats =
        remote ? request.hosts().get().seats(request.ranks()) : RankVariables.here(request.ranks());
    ports =
        new MpjPortExchange(
            request.address(),
            remote ? seats.stream().map(seat -> seat.host().name()).toList() : List.of(),
            request.ranks(),
            "launch");
    String configuration =
        "#Number of Processes;"
            + request.ranks()
            + ";#Protocol Switch Limit;"
            + EAGER_BYTES
            + ";#Server Name;"
            + request.address()
            + ";#Server Port;"
            + ports.port();
    List<String> jars =
        List.of(home.jar("mpj.jar").toString(), home.jar("log4j-1.2.jar").toString());
    Map<String, String> more = Map.of("MPJ_HOME", home.path().toString());
    List<RankSpec> specs = new ArrayList<>();
    for (HostList.Seat seat : seats) {
      List<String> command =
          program.command(jars, List.of("" + seat.rank(), configuration, "niodev"));
      if (remote) {
        specs.add(SshEngine.spec(request, seat, command, more));
      } else {
        Map<String, String> variables = new java.util.HashMap<>(RankVariables.of(request, seat));
        variables.putAll(more);
        specs.add(
            new RankSpec(
                seat.rank(), "", WatchedCommand.local(command, RankVariables.FOREIGN), variables));
      }
    }
    return specs;
  }

  @Override
  public void close() {
    if (ports != null) {
      ports.close();
    }
  }
}
