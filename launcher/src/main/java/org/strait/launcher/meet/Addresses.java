package org.strait.launcher.meet;

import java.io.IOException;
import java.net.Inet4Address;
import java.net.InetAddress;
import java.net.NetworkInterface;
import java.net.SocketException;
import java.net.UnknownHostException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/// Names and addresses of this machine.
public final class Addresses {
  /// The address that only this machine reaches.
  public static final String LOOPBACK = "127.0.0.1";

  private Addresses() {}

  /// Name of this machine.
  public static String hostName() {
    try {
      return Files.readString(Path.of("/proc/sys/kernel/hostname")).strip();
    } catch (IOException e) {
      String name = System.getenv("HOSTNAME");
      return name == null || name.isBlank() ? "localhost" : name;
    }
  }

  /// The address of a name, if it has one.
  public static Optional<InetAddress> resolve(String host) {
    try {
      return Optional.of(InetAddress.getByName(host));
    } catch (UnknownHostException e) {
      return Optional.empty();
    }
  }

  /// An address of this machine that other machines reach: what its name stands for, else, because
  /// many systems let it stand for the loopback address, the first of another interface.
  ///
  /// @param name of this machine
  public static String own(String name) {
    Optional<InetAddress> named = resolve(name).filter(a -> !a.isLoopbackAddress());
    return named
        .or(Addresses::firstOfAnInterface)
        .map(InetAddress::getHostAddress)
        .orElse(LOOPBACK);
  }

  private static Optional<InetAddress> firstOfAnInterface() {
    try {
      return NetworkInterface.networkInterfaces()
          .filter(Addresses::up)
          .flatMap(NetworkInterface::inetAddresses)
          .filter(a -> a instanceof Inet4Address && !a.isLinkLocalAddress())
          .findFirst();
    } catch (SocketException e) {
      return Optional.empty();
    }
  }

  private static boolean up(NetworkInterface card) {
    try {
      return card.isUp() && !card.isLoopback();
    } catch (SocketException e) {
      return false;
    }
  }
}
