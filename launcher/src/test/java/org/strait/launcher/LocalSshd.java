package org.strait.launcher;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Assertions;

/// A real sshd on the loopback address with keys of its own, which lets this user in.
final class LocalSshd implements AutoCloseable {
  private final Process process;
  private final Path folder;
  private final int port;

  LocalSshd(Path folder) throws IOException, InterruptedException {
    this.folder = Files.createDirectories(folder);
    Path sshd = Needs.program("sshd", "openssh-server");
    Needs.program("ssh", "openssh-client");
    if (System.getProperty("user.name").equals("root")) {
      Files.createDirectories(Path.of("/run/sshd"));
    }
    for (String key : List.of("host", "user")) {
      int status =
          new ProcessBuilder(
                  "ssh-keygen",
                  "-q",
                  "-t",
                  "ed25519",
                  "-N",
                  "",
                  "-f",
                  folder.resolve(key).toString())
              .inheritIO()
              .start()
              .waitFor();
      Assertions.assertEquals(0, status, "ssh-keygen");
    }
    try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      port = free.getLocalPort();
    }
    Path config =
        Files.writeString(
            folder.resolve("sshd_config"),
            String.join(
                    "\n",
                    "ListenAddress 127.0.0.1:" + port,
                    "HostKey " + folder.resolve("host"),
                    "AuthorizedKeysFile " + folder.resolve("user.pub"),
                    "PidFile none",
                    "StrictModes no",
                    "UsePAM no",
                    "PasswordAuthentication no",
                    "PermitRootLogin prohibit-password")
                + "\n");
    process =
        new ProcessBuilder(sshd.toString(), "-D", "-e", "-f", config.toString())
            .redirectErrorStream(true)
            .redirectOutput(folder.resolve("sshd.log").toFile())
            .start();
    while (!listens()) {
      Assertions.assertTrue(process.isAlive(), () -> "sshd: " + read(folder.resolve("sshd.log")));
      Thread.onSpinWait();
    }
  }

  private boolean listens() {
    try (Socket _ = new Socket(InetAddress.getLoopbackAddress(), port)) {
      return true;
    } catch (IOException e) {
      return false;
    }
  }

  private static String read(Path file) {
    try {
      return Files.readString(file);
    } catch (IOException e) {
      return e.toString();
    }
  }

  /// The ssh command that gets in.
  String command() {
    return "ssh -F none -p "
        + port
        + " -i "
        + folder.resolve("user")
        + " -o IdentitiesOnly=yes -o StrictHostKeyChecking=no -o LogLevel=ERROR"
        + " -o UserKnownHostsFile="
        + folder.resolve("known");
  }

  @Override
  public void close() {
    process.descendants().forEach(ProcessHandle::destroy);
    process.destroy();
    process.onExit().join();
  }
}
