package org.strait.launcher.doctor;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// What connections depend on.
final class NetworkCheck implements Check {
  private static final long LEAST_FILES = 4096;
  private static final long LEAST_BUFFER = 4L << 20;

  @Override
  public List<Finding> look(Host host) {
    List<Finding> findings = new ArrayList<>();
    Optional<Long> files =
        host.found("/proc/self/limits", "^Max open files\\s+(\\d+)").map(Long::parseLong);
    if (files.isPresent() && files.get() < LEAST_FILES) {
      findings.add(
          Finding.note(
              "open files",
              files.get() + " at most",
              "many ranks and connections need more: ulimit -n 65536"));
    }
    Optional<Long> buffer =
        host.found("/proc/sys/net/ipv4/tcp_wmem", "(\\d+)$").map(Long::parseLong);
    Optional<String> control = host.found("/proc/sys/net/ipv4/tcp_congestion_control", "(\\S+)");
    String what =
        "TCP"
            + control.map(name -> " " + name).orElse("")
            + buffer.map(bytes -> ", buffers up to " + (bytes >> 10) + " KiB").orElse("");
    findings.add(
        buffer.isPresent() && buffer.get() < LEAST_BUFFER
            ? Finding.note(
                "network",
                what,
                "links of long delay: sysctl net.ipv4.tcp_wmem='4096 65536 16777216', or more"
                    + " --streams")
            : Finding.fine("network", what));
    return findings;
  }
}
