package org.strait.launcher.worker;

import java.time.Duration;
import java.time.InstantSource;
import java.util.function.Consumer;
import org.strait.engine.transport.tls.TlsFiles;
import org.strait.engine.transport.tls.TlsIdentity;
import org.strait.launcher.config.Job;

/// The certificate that a gateway shows, with a warning before it ends.
final class GatewayTls {
  private static final long WARN_DAYS = 30;

  private GatewayTls() {}

  /// Reads the files that the job names for a data centre; null if connections are not encrypted.
  ///
  /// @param notes for people
  /// @throws IllegalArgumentException if the files cannot be used; message "WHAT; WHAT TO DO"
  static TlsIdentity load(Job job, String dc, InstantSource clock, Consumer<String> notes) {
    TlsFiles files = job.geography().tls().get(dc);
    if (files == null) {
      return null;
    }
    TlsIdentity identity = TlsIdentity.load(files, dc, clock);
    Duration left = Duration.between(clock.instant(), identity.expires());
    if (left.toDays() < WARN_DAYS) {
      notes.accept(
          "the certificate of "
              + dc
              + " ends in "
              + left.toDays()
              + " days; issue a new one: ./strait cert issue "
              + dc
              + " --renew");
    }
    return identity;
  }
}
