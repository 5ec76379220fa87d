package org.strait.launcher.meet;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.strait.engine.rendezvous.Sockets;
import org.strait.launcher.config.UserMistake;
import org.strait.launcher.identity.Identity;
import org.strait.launcher.identity.MpjArguments;
import org.strait.launcher.identity.SlurmNodes;

/// The one choice of how ranks find rank 0: what the user says, else by the launcher's own means.
public final class Meetings {
  /// Environment variable that stands for --rendezvous.
  public static final String RENDEZVOUS = "STRAIT_RENDEZVOUS";

  private static final String STORE = "STRAIT_STORE";
  private static final String TOKEN = "STRAIT_TOKEN";
  // Below the ports that systems give to outgoing connections.
  private static final int FIRST_PORT = 20_000;
  private static final int PORTS = 10_000;
  private static final int PORT_TRIES = 4;

  private Meetings() {}

  /// Chooses.
  ///
  /// @param command digest of the command: two commands of one launch must not mix
  /// @param rendezvous what the user says: `HOST:PORT` or a folder
  /// @param mpjLoader a class loader with MPJ Express, if its arguments are there
  /// @throws UserMistake if there is no way without the user's word
  public static Meeting choose(
      Identity me,
      String command,
      Optional<String> rendezvous,
      Map<String, String> environment,
      Optional<MpjArguments> mpj,
      ClassLoader mpjLoader) {
    String key = digest(me.job() + " " + command).substring(0, 16);
    String bind = me.oneHost() ? Addresses.LOOPBACK : Addresses.own(me.host());
    String said = rendezvous.orElse(environment.getOrDefault(RENDEZVOUS, "")).strip();
    if (!said.isEmpty()) {
      return given(said, bind, key, environment);
    }
    if (environment.containsKey(STORE)) {
      String token = environment.getOrDefault(TOKEN, "");
      return new StoreMeeting(bind, environment.get(STORE), token, key);
    }
    if (mpj.isPresent() && !mpj.get().multicore()) {
      return new MpjMeeting(bind, mpj.get(), mpjLoader);
    }
    if (me.oneHost()) {
      return new FileMeeting(bind, FileMeeting.ofUser(), key);
    }
    if (me.by().equals("Slurm")) {
      return slurm(key, environment);
    }
    throw new UserMistake(
        me.by()
            + " runs these "
            + me.size()
            + " ranks on several hosts, and does not say where"
            + " rank 0 is",
        "add --rendezvous HOST:PORT with the host of rank 0, or a folder that all hosts share");
  }

  private static Meeting given(
      String said, String bind, String key, Map<String, String> environment) {
    if (!said.matches(".*:\\d+")) {
      return new FileMeeting(bind, Path.of(said).toAbsolutePath(), key);
    }
    try {
      InetSocketAddress place = Sockets.parse(said);
      return new PortMeeting(
          place.getHostString(), List.of(place.getPort()), secret(environment, key));
    } catch (IllegalArgumentException e) {
      throw new UserMistake("--rendezvous: " + e.getMessage(), "write for instance node1:7400");
    }
  }

  /// The secret that the user gives all ranks; else what only tells launches apart.
  private static String secret(Map<String, String> environment, String key) {
    return environment.getOrDefault(TOKEN, "launch-" + key);
  }

  /// Rank 0 is on the first host of the step, at one of a few ports that follow from the job's
  /// number and the command.
  private static Meeting slurm(String key, Map<String, String> environment) {
    String list = environment.get("SLURM_STEP_NODELIST");
    String first =
        SlurmNodes.first(list == null ? environment.getOrDefault("SLURM_JOB_NODELIST", "") : list);
    int start = Integer.parseUnsignedInt(key.substring(0, 7), 16) % (PORTS - PORT_TRIES);
    List<Integer> ports =
        IntStream.range(0, PORT_TRIES).mapToObj(i -> FIRST_PORT + start + i).toList();
    String host = Addresses.resolve(first).isPresent() ? first : nodeAddress(first);
    return new PortMeeting(host, ports, secret(environment, key));
  }

  /// Slurm's names of nodes need not be host names; Slurm knows the address.
  private static String nodeAddress(String node) {
    String why = "";
    try {
      Process scontrol =
          new ProcessBuilder("scontrol", "--oneliner", "show", "node", node)
              .redirectErrorStream(true)
              .start();
      String said = new String(scontrol.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      if (scontrol.waitFor(10, TimeUnit.SECONDS)) {
        for (String word : said.split("\\s+", -1)) {
          if (word.startsWith("NodeAddr=")) {
            return word.substring("NodeAddr=".length());
          }
        }
      }
      why = said.strip();
    } catch (IOException e) {
      why = e.getMessage();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    throw new UserMistake(
        "Slurm node " + node + " has no address: it does not resolve, and scontrol says: " + why,
        "add --rendezvous HOST:PORT with the host of rank 0");
  }

  /// SHA-256 in hexadecimal digits.
  public static String digest(String text) {
    try {
      byte[] hash =
          MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
      return HexFormat.of().formatHex(hash);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JDK has SHA-256", e);
    }
  }
}
