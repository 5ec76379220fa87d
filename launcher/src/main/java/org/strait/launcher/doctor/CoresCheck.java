package org.strait.launcher.doctor;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Stream;

/// Processors that ranks can have, and how busy they are.
final class CoresCheck implements Check {
  @Override
  public List<Finding> look(Host host) {
    int cores = Integer.parseInt(host.property("cores"));
    String sockets = sockets(host);
    Optional<Double> quota = quota(host);
    if (quota.isPresent() && quota.get() < cores) {
      return List.of(
          Finding.note(
              "cores",
              String.format(
                  Locale.ROOT,
                  "%d%s, but the container may use %.1f of them",
                  cores,
                  sockets,
                  quota.get()),
              "ranks times --threads at most that many, or raise the container's limit"));
    }
    Optional<Double> load = host.found("/proc/loadavg", "^([\\d.]+)").map(Double::parseDouble);
    if (load.isPresent() && load.get() > 0.5 * cores + 0.5) {
      return List.of(
          Finding.note(
              "cores",
              String.format(Locale.ROOT, "%d%s, load %.1f", cores, sockets, load.get()),
              "do not measure or calibrate now; see who computes: top"));
    }
    return List.of(Finding.fine("cores", cores + sockets));
  }

  private static String sockets(Host host) {
    Path nodes = host.file("/sys/devices/system/node");
    if (!Files.isDirectory(nodes)) {
      return "";
    }
    try (Stream<Path> files = Files.list(nodes)) {
      long count = files.filter(f -> f.getFileName().toString().matches("node\\d+")).count();
      return count > 1 ? " in " + count + " memory nodes (one rank or more for each)" : "";
    } catch (IOException e) {
      return "";
    }
  }

  /// Cores' worth of time that a control group grants.
  private static Optional<Double> quota(Host host) {
    Optional<Double> two =
        host.found("/sys/fs/cgroup/cpu.max", "^(\\d+ \\d+)").map(CoresCheck::share);
    if (two.isPresent()) {
      return two;
    }
    Optional<String> quota = host.found("/sys/fs/cgroup/cpu/cpu.cfs_quota_us", "^(\\d+)");
    Optional<String> period = host.found("/sys/fs/cgroup/cpu/cpu.cfs_period_us", "^(\\d+)");
    return quota.isPresent() && period.isPresent()
        ? Optional.of(share(quota.get() + " " + period.get()))
        : Optional.empty();
  }

  private static double share(String quotaAndPeriod) {
    String[] words = quotaAndPeriod.split(" ", -1);
    return Double.parseDouble(words[0]) / Double.parseDouble(words[1]);
  }
}
