package org.strait.launcher.doctor;

import java.util.ArrayList;
import java.util.List;

/// The Java that runs this command and its ranks.
final class JdkCheck implements Check {
  private static final int NEEDED = 25;

  /// Builds of 25 before this one compile pinned arrays wrongly with the G1 collector
  /// (JDK-8377811).
  private static final Runtime.Version FIRST_SOUND = Runtime.Version.parse("25.0.3");

  @Override
  public List<Finding> look(Host host) {
    List<Finding> findings = new ArrayList<>();
    String text = host.property("java.vm.version");
    String name = host.property("java.vendor") + " " + text + ", " + host.property("java.home");
    Runtime.Version version;
    try {
      version = Runtime.Version.parse(host.property("java.runtime.version"));
    } catch (IllegalArgumentException e) {
      return List.of(Finding.note("java", name + ": an unknown version", "take Temurin 25"));
    }
    if (version.feature() < NEEDED) {
      findings.add(
          Finding.problem(
              "java",
              name + ": too old",
              "install a JDK " + NEEDED + ", for instance Eclipse Temurin, and set JAVA_HOME"));
    } else if (version.feature() > NEEDED) {
      findings.add(
          Finding.note(
              "java",
              name + ": newer than what Strait is tested with",
              "should kernels be slow or fail, take Temurin " + NEEDED));
    } else if (version.compareToIgnoreOptional(FIRST_SOUND) < 0) {
      findings.add(
          Finding.note(
              "java",
              name + ": a build with a fault in the G1 collector (ranks use another one)",
              "take 25.0.3 or newer; a program that links the engine: -XX:+UseSerialGC or ZGC"));
    } else {
      findings.add(Finding.fine("java", name));
    }
    String options = host.variable("JAVA_TOOL_OPTIONS") + " " + host.variable("STRAIT_JAVA_OPTS");
    if (!options.isBlank()) {
      findings.add(
          options.contains("TieredStopAtLevel=1") || options.contains("-Xint")
              ? Finding.problem(
                  "java options",
                  options.strip() + ": kernels would not be compiled, vectors are then very slow",
                  "leave that flag out")
              : Finding.fine("java options", options.strip()));
    }
    return findings;
  }
}
