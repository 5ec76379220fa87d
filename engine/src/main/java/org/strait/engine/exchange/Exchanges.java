package org.strait.engine.exchange;

import org.strait.engine.compress.Compressor;
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
  /// @param name {@code mesh}
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
    return switch (name) {
      case "mesh" -> new Mesh(transport, compressor, n, settings, codec, memory, deadline);
      default ->
          throw new IllegalArgumentException("unknown exchange \"" + name + "\"; known: mesh");
    };
  }

  /// The exchange of a job with a single data centre: it needs no transport and changes nothing.
  ///
  /// @param n length of the vectors
  public static Exchange local(long n) {
    return new LocalExchange(n);
  }
}
