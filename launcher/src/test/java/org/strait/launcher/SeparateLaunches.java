package org.strait.launcher;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.JsonObject;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/// Three data centres with launches of their own on this machine, over links of 4 ms.
final class SeparateLaunches implements AutoCloseable {
  static final List<String> NAMES = List.of("eu-west", "us-east", "ap-south");

  private final Path folder;
  private final Map<String, Process> launches = new HashMap<>();
  private final Path topology;

  /// Writes rows and topology.
  SeparateLaunches(Path folder) throws IOException {
    this.folder = folder;
    Strait.rows(folder.resolve("rows.libsvm"), 400, 8, 4);
    List<ServerSocket> sockets = new ArrayList<>();
    StringBuilder text = new StringBuilder("dcs:\n");
    for (String name : NAMES) {
      ServerSocket free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
      sockets.add(free);
      text.append("  - {name: " + name + ", ranks: " + (name.equals("ap-south") ? 2 : 1));
      text.append(", gateway: \"127.0.0.1:" + free.getLocalPort() + "\"}\n");
    }
    for (ServerSocket socket : sockets) {
      socket.close();
    }
    topology = Files.writeString(folder.resolve("topology.yaml"), text);
  }

  /// Starts a data centre's launch.
  ///
  /// @param out its run's folder in that of the test, and its name here
  void start(String dc, String out, String... more) throws IOException {
    List<String> flags = List.of(more);
    List<String> command = new ArrayList<>(Strait.java(Main.class));
    command.addAll(List.of("train", "--topology", "" + topology, "--dc", dc));
    command.addAll(List.of("--backend", "scalar", "--json", "--tolerance", "0"));
    command.addAll(List.of("--wan", "4ms 1Gbit/s", "--out", "" + folder.resolve(out)));
    if (!flags.contains("--data") && !flags.contains("--rows")) {
      command.addAll(List.of("--data", "rows.libsvm"));
    }
    command.addAll(flags);
    launches.put(
        out,
        Launches.start(folder, out.replace('/', '-'), Map.of("STRAIT_WAN_TOKEN", "same"), command));
  }

  Process launch(String out) {
    return launches.get(out);
  }

  /// Waits until a ledger has about so many lines.
  void awaitMessages(String out, int lines) throws Exception {
    Path ledgers = folder.resolve(out).resolve("ledger");
    while (!Files.isDirectory(ledgers) || bytes(ledgers) < 150L * lines) {
      assertFalse(
          launches.get(out).waitFor(20, TimeUnit.MILLISECONDS), () -> out + " ended: " + said(out));
    }
  }

  private static long bytes(Path ledgers) throws IOException {
    long bytes = 0;
    try (DirectoryStream<Path> files = Files.newDirectoryStream(ledgers)) {
      for (Path file : files) {
        bytes += Files.size(file);
      }
    }
    return bytes;
  }

  /// What a launch wrote to standard error.
  String said(String out) {
    try {
      return Files.readString(folder.resolve(out.replace('/', '-') + ".err"));
    } catch (IOException e) {
      return e.toString();
    }
  }

  /// Kills a launch and its ranks, as signal 9 does.
  void kill(String out) throws Exception {
    Process launch = launches.get(out);
    List<ProcessHandle> ranks = launch.toHandle().descendants().toList();
    end(launch);
    assertTrue(launch.waitFor(10, TimeUnit.SECONDS));
    for (ProcessHandle rank : ranks) {
      rank.onExit().get(10, TimeUnit.SECONDS);
    }
  }

  /// The record of a launch that ends well.
  JsonObject record(String out) throws Exception {
    assertEquals(0, Strait.status(launches.get(out)), () -> out + ": " + said(out));
    return Strait.record(folder.resolve(out));
  }

  private static void end(Process launch) {
    launch.toHandle().descendants().toList().forEach(ProcessHandle::destroyForcibly);
    launch.destroyForcibly();
  }

  @Override
  public void close() {
    launches.values().forEach(SeparateLaunches::end);
  }
}
