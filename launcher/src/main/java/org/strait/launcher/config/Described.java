package org.strait.launcher.config;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.OptionalLong;

/// Data centres and links as a topology file (or the same keys of a job file) describes them.
///
/// @param file name of the file
/// @param dcs data centres in file order; empty if the file describes none
/// @param links links in file order
/// @param currency currency of prices, if given
/// @param tls encryption between gateways, if it says anything about it
record Described(
    String file,
    List<Dc> dcs,
    List<LinkLine> links,
    Optional<String> currency,
    Optional<TlsPaths> tls) {
  /// One data centre.
  ///
  /// @param gateway address that others connect to
  /// @param bind address that it listens on, if that is another
  record Dc(
      String name,
      OptionalInt ranks,
      Optional<Path> data,
      Optional<String> gateway,
      Optional<String> bind,
      Optional<TlsPaths> tls,
      String where) {}

  /// One link line; both directions unless `oneWay`.
  record LinkLine(
      String from,
      String to,
      OptionalLong delayNanos,
      OptionalLong bitsPerSecond,
      OptionalDouble pricePerGigabyte,
      OptionalLong jitterNanos,
      OptionalDouble loss,
      OptionalInt streams,
      boolean oneWay) {}

  boolean isEmpty() {
    return dcs.isEmpty() && links.isEmpty() && currency.isEmpty();
  }
}
