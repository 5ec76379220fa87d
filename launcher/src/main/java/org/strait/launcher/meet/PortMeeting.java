package org.strait.launcher.meet;

import java.util.List;

/// A host and a few ports that all ranks know beforehand: given by the user, or worked out from
/// what the launcher tells every rank. Rank 0 takes the first port that is free.
///
/// @param host as other ranks reach it
/// @param ports to try
/// @param token secret, the same for all ranks
record PortMeeting(String host, List<Integer> ports, String token) implements Meeting {
  /// Copies the list.
  PortMeeting {
    ports = List.copyOf(ports);
  }

  /// All interfaces, unless the host is written as this machine's loopback address: which of them
  /// others reach is known to their routes only.
  @Override
  public String bind() {
    return host.equals("localhost") || host.startsWith("127.") ? Addresses.LOOPBACK : "0.0.0.0";
  }

  @Override
  public void announce(Place place) {
    // Everybody knows.
  }

  @Override
  public List<Place> look() {
    return ports.stream().map(port -> new Place(host, port, token)).toList();
  }

  @Override
  public String where() {
    return host + ", port " + String.join(", ", ports.stream().map(String::valueOf).toList());
  }

  @Override
  public void close() {
    // Holds nothing.
  }
}
