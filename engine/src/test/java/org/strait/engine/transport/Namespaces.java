package org.strait.engine.transport;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Assertions;
import org.junit.jupiter.api.Assumptions;

/// Network namespaces as hosts: each has an address of its own and one wire to a switch, which is a
/// bridge in a namespace apart, so that nothing of the machine's own network changes. Needs root
/// and iproute2: without them tests skip and say why; where CI=true a missing program is a failure.
public final class Namespaces implements AutoCloseable {
  private static final long LIMIT_SECONDS = 30;

  private final String prefix = "strait" + ProcessHandle.current().pid() + "-";
  private final int count;

  /// So many hosts.
  public Namespaces(int count) throws IOException, InterruptedException {
    this.count = count;
    boolean made = false;
    try {
      ip("netns", "add", prefix + "switch");
      ip("-n", prefix + "switch", "link", "add", "br0", "type", "bridge");
      ip("-n", prefix + "switch", "link", "set", "br0", "up");
      for (int i = 0; i < count; i++) {
        String host = prefix + i;
        ip("netns", "add", host);
        ip("-n", host, "link", "add", "eth0", "type", "veth", "peer", "name", "port" + i);
        ip("-n", host, "link", "set", "port" + i, "netns", prefix + "switch");
        ip("-n", prefix + "switch", "link", "set", "port" + i, "master", "br0", "up");
        ip("-n", host, "address", "add", address(i) + "/24", "dev", "eth0");
        ip("-n", host, "link", "set", "eth0", "up");
        ip("-n", host, "link", "set", "lo", "up");
      }
      made = true;
    } finally {
      if (!made) {
        close();
      }
    }
  }

  /// Skips the test where there can be no namespaces.
  public static void require() throws IOException, InterruptedException {
    String missing = null;
    if (!onPath("ip")) {
      missing = "no ip on the PATH (Debian: apt-get install iproute2)";
      if ("true".equals(System.getenv("CI"))) {
        Assertions.fail(missing);
      }
    } else if (!"root".equals(System.getProperty("user.name"))) {
      missing = "network namespaces need root";
    } else {
      String probe = "straitprobe" + ProcessHandle.current().pid();
      if (run(List.of("ip", "netns", "add", probe)) != 0) {
        missing = "this system lets nobody make network namespaces";
      } else {
        run(List.of("ip", "netns", "delete", probe));
      }
    }
    if (missing != null) {
      Assumptions.abort(missing);
    }
  }

  /// A host's address.
  public String address(int host) {
    return "10.77.0." + (host + 1);
  }

  /// Starts a Java process on a host; its output goes to a file.
  public Process start(int host, Path output, Class<?> main, Object... arguments)
      throws IOException {
    List<String> command = new ArrayList<>(List.of("ip", "netns", "exec", prefix + host));
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(List.of("-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1", "-Xmx256m"));
    command.addAll(List.of("-cp", System.getProperty("java.class.path"), main.getName()));
    Arrays.stream(arguments).map(String::valueOf).forEach(command::add);
    return new ProcessBuilder(command)
        .redirectErrorStream(true)
        .redirectOutput(output.toFile())
        .start();
  }

  @Override
  public void close() throws IOException {
    try {
      for (int i = 0; i < count; i++) {
        run(List.of("ip", "netns", "delete", prefix + i));
      }
      run(List.of("ip", "netns", "delete", prefix + "switch"));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted while deleting namespaces", e);
    }
  }

  private static void ip(String... arguments) throws IOException, InterruptedException {
    List<String> command = new ArrayList<>(List.of("ip"));
    command.addAll(List.of(arguments));
    int status = run(command);
    if (status != 0) {
      throw new IOException(String.join(" ", command) + " ended with status " + status);
    }
  }

  private static int run(List<String> command) throws IOException, InterruptedException {
    Process process =
        new ProcessBuilder(command)
            .redirectErrorStream(true)
            .redirectOutput(ProcessBuilder.Redirect.DISCARD)
            .start();
    if (!process.waitFor(LIMIT_SECONDS, TimeUnit.SECONDS)) {
      process.destroyForcibly();
      throw new IOException(String.join(" ", command) + " hangs");
    }
    return process.exitValue();
  }

  private static boolean onPath(String program) {
    return Arrays.stream(System.getenv("PATH").split(":", -1))
        .anyMatch(folder -> Files.isExecutable(Path.of(folder, program)));
  }
}
