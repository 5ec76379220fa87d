package org.strait.launcher.start;

import java.io.IOException;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketException;
import java.net.UnknownHostException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.strait.launcher.config.UserMistake;

/// The hosts of a launch, as MPI's host files and lists name them: `host`, `host:4`, `host
/// slots=4`, one a line; `#` begins a comment; a host that stands twice has the slots of both.
///
/// @param hosts in the order in which they are filled
public record HostList(List<HostSlots> hosts) {
  private static final String NAME =
      "(?:[A-Za-z_][A-Za-z0-9._-]*@)?[A-Za-z0-9](?:[A-Za-z0-9._-]*[A-Za-z0-9])?";
  private static final Pattern WORD = Pattern.compile("(" + NAME + ")(?::(\\d{1,6}))?");
  private static final Pattern SLOTS = Pattern.compile("slots\\s*=\\s*(\\d{1,6})");
  private static final Pattern IGNORED =
      Pattern.compile("(max[_-]slots|binding|user|ifname|hostname)\\s*=\\s*\\S+");
  private static final int ANY_PORT = 9;

  /// Copies the list.
  public HostList {
    hosts = List.copyOf(hosts);
  }

  /// Reads a host file.
  ///
  /// @throws UserMistake that names file and line
  public static HostList read(Path file) {
    try {
      return parse(file.getFileName().toString(), Files.readAllLines(file));
    } catch (IOException e) {
      throw new UserMistake(
          "--hostfile: " + (Files.exists(file) ? "cannot read " : "there is no file ") + file,
          "check the path");
    }
  }

  /// @param file name for messages
  static HostList parse(String file, List<String> lines) {
    Map<String, Integer> slots = new LinkedHashMap<>();
    for (int i = 0; i < lines.size(); i++) {
      String line = lines.get(i).replaceFirst("#.*", "").strip();
      if (!line.isEmpty()) {
        add(slots, line, file + ":" + (i + 1));
      }
    }
    return of(slots, file);
  }

  /// Reads `A:2,B:2`.
  public static HostList list(String text) {
    Map<String, Integer> slots = new LinkedHashMap<>();
    for (String word : text.split(",", -1)) {
      add(slots, word.strip(), "--hosts");
    }
    return of(slots, "--hosts");
  }

  private static HostList of(Map<String, Integer> slots, String where) {
    if (slots.isEmpty()) {
      throw new UserMistake(where + ": no host", "write one host a line, such as node1 slots=4");
    }
    return new HostList(
        slots.entrySet().stream().map(e -> new HostSlots(e.getKey(), e.getValue())).toList());
  }

  private static void add(Map<String, Integer> slots, String line, String where) {
    String[] parts = line.split("\\s+", 2);
    Matcher word = WORD.matcher(parts[0]);
    if (!word.matches()) {
      throw new UserMistake(
          where + ": \"" + parts[0] + "\" is no host", "write node1, node1:4 or node1 slots=4");
    }
    String rest = parts.length > 1 ? IGNORED.matcher(parts[1]).replaceAll("").strip() : "";
    Matcher more = SLOTS.matcher(rest);
    if (!rest.isEmpty() && (!more.matches() || word.group(2) != null)) {
      throw new UserMistake(
          where + ": \"" + rest + "\" is not understood", "write node1, node1:4 or node1 slots=4");
    }
    String number = word.group(2) != null ? word.group(2) : rest.isEmpty() ? "1" : more.group(1);
    if (Integer.parseInt(number) < 1) {
      throw new UserMistake(where + ": " + number + " slots", "give every host at least one");
    }
    slots.merge(word.group(1), Integer.parseInt(number), Integer::sum);
  }

  /// One rank's place.
  ///
  /// @param host as the list writes it
  public record Seat(int rank, HostSlots host, int localRank, int localSize) {}

  /// Fills host after host.
  ///
  /// @throws UserMistake if there are too few slots
  public List<Seat> seats(int ranks) {
    int slots = hosts.stream().mapToInt(HostSlots::slots).sum();
    if (slots < ranks) {
      throw new UserMistake(
          "--np "
              + ranks
              + ", but the hosts have "
              + slots
              + (slots == 1 ? " slot" : " slots")
              + " ("
              + this
              + ")",
          "lower --np, or give hosts more slots: node1:4");
    }
    List<Seat> seats = new ArrayList<>();
    for (HostSlots host : hosts) {
      int here = Math.min(host.slots(), ranks - seats.size());
      for (int local = 0; local < here; local++) {
        seats.add(new Seat(seats.size(), host, local, here));
      }
    }
    return seats;
  }

  /// Checks that all hosts have addresses by which they reach each other, and returns that of this
  /// machine by which they reach it.
  ///
  /// @throws UserMistake that names a host without one
  public String ownAddress() {
    InetAddress remote = null;
    String loopback = null;
    for (HostSlots host : hosts) {
      try {
        InetAddress address = InetAddress.getByName(host.name());
        if (address.isLoopbackAddress()) {
          loopback = host.name() + " (" + address.getHostAddress() + ")";
        } else if (remote == null) {
          remote = address;
        }
      } catch (UnknownHostException e) {
        throw new UserMistake(
            "host \"" + host.name() + "\" does not resolve",
            "correct the name, or give its address");
      }
    }
    if (remote == null) {
      return InetAddress.getLoopbackAddress().getHostAddress();
    }
    if (loopback != null) {
      throw new UserMistake(
          "host " + loopback + " is this machine to itself only, and other hosts are named too",
          "give the name or address by which the others reach it");
    }
    try (DatagramSocket route = new DatagramSocket()) {
      route.connect(new InetSocketAddress(remote, ANY_PORT)); // sends nothing
      return route.getLocalAddress().getHostAddress();
    } catch (SocketException e) {
      throw new UserMistake(
          "there is no way to host " + remote.getHostAddress() + ": " + e.getMessage(),
          "check the network");
    }
  }

  /// As `A:2,B:2`.
  @Override
  public String toString() {
    return String.join(",", hosts.stream().map(h -> h.host() + ":" + h.slots()).toList());
  }
}
