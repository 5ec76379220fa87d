package org.strait.launcher.doctor;

import java.util.List;
import java.util.Locale;
import java.util.Optional;

/// Memory for rows, which lie outside the Java heap.
final class MemoryCheck implements Check {
  private static final double GIB = 1L << 30;
  private static final double LEAST_GIB = 2;

  @Override
  public List<Finding> look(Host host) {
    Optional<Double> whole = kib(host, "MemTotal");
    Optional<Double> free = kib(host, "MemAvailable");
    if (whole.isEmpty() || free.isEmpty()) {
      return List.of(Finding.fine("memory", "not known from here"));
    }
    double most = whole.get();
    double left = free.get();
    String limited = "";
    Optional<Double> limit = limit(host);
    if (limit.isPresent() && limit.get() < most) {
      most = limit.get();
      left = Math.min(left, Math.max(0, most - used(host)));
      limited = ", the container's limit";
    }
    String what =
        String.format(Locale.ROOT, "%.1f of %.1f GiB free%s", left / GIB, most / GIB, limited);
    return List.of(
        left / GIB < LEAST_GIB
            ? Finding.note(
                "memory",
                what,
                "rows take 8 bytes for each value that is not 0; --memory bounds what a rank takes")
            : Finding.fine("memory", what));
  }

  private static Optional<Double> kib(Host host, String name) {
    return host.found("/proc/meminfo", "^" + name + ":\\s*(\\d+) kB")
        .map(text -> Double.parseDouble(text) * 1024);
  }

  private static Optional<Double> limit(Host host) {
    return host.found("/sys/fs/cgroup/memory.max", "^(\\d+)$")
        .or(() -> host.found("/sys/fs/cgroup/memory/memory.limit_in_bytes", "^(\\d+)$"))
        .map(Double::parseDouble);
  }

  private static double used(Host host) {
    return host.found("/sys/fs/cgroup/memory.current", "^(\\d+)$")
        .or(() -> host.found("/sys/fs/cgroup/memory/memory.usage_in_bytes", "^(\\d+)$"))
        .map(Double::parseDouble)
        .orElse(0.0);
  }
}
