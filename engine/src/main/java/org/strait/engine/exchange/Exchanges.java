package org.strait.engine.exchange;

import org.strait.engine.compress.Compressor;
import org.strait.engine.ledger.Ledger;
import org.strait.engine.topology.LinkMatrix;
import org.strait.engine.topology.Route;
import org.strait.engine.topology.Routes;
import org.strait.engine.transport.Deadline;
import org.strait.engine.transport.Transport;
import org.strait.kernels.CodecOps;
import org.strait.memory.HostMemory;

/// The one choice of an exchange between data centres.
public final class Exchanges {
  private Exchanges() {}

  /// Opens an exchange and agrees with every peer on protocol, number and names of DCs, vector
  /// length, compressor and settings. All gateways open at the same time.
  ///
  /// @param name a route: {@code mesh}, {@code hub}, {@code hub:DC} or {@code tree}; nothing is
  ///     known
  ///     of links, see {@link Routes}
  /// @param transport connects the gateways in DC order; stays the caller's
  /// @param compressor made for n elements; used by this exchange alone
  /// @param n length of the vectors
  /// @param settings what else must be equal in all DCs, for instance a hash of the configuration;
  ///     at most 1024 bytes in UTF-8
  /// @param codec decodes
  /// @param memory owner of a child in which the exchange keeps its buffers until closed
  /// @param deadline for the agreement
  /// @throws ExchangeException in every DC, if two disagree; names both and both values
  /// @throws IllegalArgumentException if the name is unknown
  public static Exchange open(
      String name,
      Transport transport,
      Compressor compressor,
      long n,
      String settings,
      CodecOps codec,
      HostMemory memory,
      Deadline deadline) {
    Membership members = Membership.fixed(transport, Ledger.NONE, memory);
    boolean opened = false;
    try {
      Route route =
          Routes.choose(name, LinkMatrix.unknown(members.dcs()), members.names(), 1).route();
      Exchange made =
          make(
              route, members, true, compressor, n, settings, codec, false, false, memory, deadline);
      opened = true;
      return made;
    } finally {
      if (!opened) {
        members.close();
      }
    }
  }

  /// The same over members that several exchanges share, one after the other or in turns.
  ///
  /// @param route who sends to whom; the same in all DCs
  /// @param members stay the caller's
  /// @param admits whether a DC that was lost may come back between two rounds of this exchange
  /// @param comesBack whether this DC does: it agrees on nothing, the state that it gets says it
  public static Exchange open(
      Route route,
      Membership members,
      Compressor compressor,
      long n,
      String settings,
      CodecOps codec,
      boolean admits,
      boolean comesBack,
      HostMemory memory,
      Deadline deadline) {
    return make(
        route, members, false, compressor, n, settings, codec, admits, comesBack, memory, deadline);
  }

  private static Exchange make(
      Route route,
      Membership members,
      boolean ownsMembers,
      Compressor compressor,
      long n,
      String settings,
      CodecOps codec,
      boolean admits,
      boolean comesBack,
      HostMemory memory,
      Deadline deadline) {
    return switch (route.name()) {
      case "mesh" ->
          new Mesh(
              members,
              ownsMembers,
              compressor,
              n,
              settings,
              codec,
              admits,
              comesBack,
              memory,
              deadline);
      case "hub", "tree" ->
          new Tree(
              route,
              members,
              ownsMembers,
              compressor,
              n,
              settings,
              codec,
              admits,
              comesBack,
              memory,
              deadline);
      default ->
          throw new IllegalArgumentException(
              "unknown exchange \"" + route.name() + "\"; known: mesh, hub, tree");
    };
  }

  /// The exchange of a job with a single data centre: it needs no transport and changes nothing.
  ///
  /// @param n length of the vectors
  public static Exchange local(long n) {
    return new LocalExchange(n);
  }
}
