package org.strait.launcher.start;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.strait.launcher.identity.Identities;

/// The environment that tells a rank of `strait launch` who it is.
final class RankVariables {
  /// Variables of other launchers, and of a launch around this one: not the ranks' business.
  static final List<String> FOREIGN = Identities.FOREIGN;

  private RankVariables() {}

  /// What a process that is no rank itself must not see.
  static List<String> own() {
    List<String> names =
        new ArrayList<>(
            List.of(
                Identities.RANK,
                Identities.SIZE,
                Identities.LOCAL_RANK,
                Identities.LOCAL_SIZE,
                Identities.HOST));
    names.addAll(FOREIGN);
    return names;
  }

  static Map<String, String> of(LaunchRequest request, HostList.Seat seat) {
    Map<String, String> variables = new LinkedHashMap<>(request.storeVariables());
    variables.put(Identities.RANK, "" + seat.rank());
    variables.put(Identities.SIZE, "" + request.ranks());
    variables.put(Identities.LOCAL_RANK, "" + seat.localRank());
    variables.put(Identities.LOCAL_SIZE, "" + seat.localSize());
    variables.put(Identities.HOST, seat.host().name());
    return variables;
  }

  /// Seats on this machine.
  static List<HostList.Seat> here(int ranks) {
    return new HostList(List.of(new HostSlots("localhost", ranks))).seats(ranks);
  }
}
