package org.strait.engine.transport;

import java.io.IOException;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.file.Files;
import java.nio.file.Path;

/// What tells this host from others.
public final class Host {
  private static final Path IN_MEMORY = Path.of("/dev/shm");
  private static final Path BOOT = Path.of("/proc/sys/kernel/random/boot_id");

  private Host() {}

  /// This host's name, for people.
  public static String name() {
    try {
      return InetAddress.getLocalHost().getHostName();
    } catch (UnknownHostException e) {
      return "this host";
    }
  }

  /// Which memory processes here can share: the running system and its folder of shared memory,
  /// which differs between containers of one machine. The same for all processes that can share.
  public static String memory() {
    return boot() + "/" + device();
  }

  private static String boot() {
    try {
      return Files.readString(BOOT).strip();
    } catch (IOException e) {
      // Not Linux: the name has to do.
      return name();
    }
  }

  private static String device() {
    try {
      return "" + Files.getAttribute(IN_MEMORY, "unix:dev");
    } catch (IOException | UnsupportedOperationException | IllegalArgumentException e) {
      return "-";
    }
  }
}
