package org.strait.launcher.doctor;

import java.lang.module.ModuleFinder;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/// The processor's vectors, and whether they have been measured.
final class VectorsCheck implements Check {
  @Override
  public List<Finding> look(Host host) {
    List<Finding> findings = new ArrayList<>();
    Set<String> flags =
        Set.copyOf(
            host.found("/proc/cpuinfo", "^(?:flags|Features)\\s*:\\s*(.*)")
                .map(line -> Arrays.stream(line.strip().split("\\s+", -1)).distinct().toList())
                .orElse(List.of()));
    String cpu =
        host.found("/proc/cpuinfo", "^model name\\s*:\\s*(.*)").orElse(host.property("os.arch"));
    Optional<String> width = width(flags);
    if (flags.isEmpty()) {
      findings.add(
          Finding.note(
              "vectors", cpu + ": not known from here", "./strait calibrate measures them"));
    } else if (width.isEmpty()) {
      findings.add(
          Finding.note(
              "vectors",
              cpu + ": no AVX2 and no NEON; kernels are plain loops, several times slower",
              "take a newer processor if time matters"));
    } else {
      findings.add(Finding.fine("vectors", cpu + ": " + width.get()));
    }
    if (ModuleFinder.ofSystem().find("jdk.incubator.vector").isEmpty()) {
      findings.add(
          Finding.problem(
              "vector module",
              "this Java has no module jdk.incubator.vector",
              "take a whole JDK, or an image made with --add-modules jdk.incubator.vector"));
    }
    findings.add(
        host.figures()
            .map(file -> Finding.fine("calibration", "figures of this machine are in " + file))
            .orElseGet(
                () ->
                    Finding.note(
                        "calibration",
                        "kernels have not been measured here; --backend auto goes by typical figures",
                        "./strait calibrate (15 s, on a quiet machine), once")));
    return findings;
  }

  private static Optional<String> width(Set<String> flags) {
    if (flags.contains("avx512f")) {
      return Optional.of("512 bits (AVX-512)");
    }
    if (flags.contains("avx2")) {
      return Optional.of("256 bits (AVX2)");
    }
    if (flags.contains("sve")) {
      return Optional.of("SVE");
    }
    return flags.contains("asimd") ? Optional.of("128 bits (NEON)") : Optional.empty();
  }
}
