package org.strait.launcher;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// Three data centres with launches of their own: one is killed with all its processes and started
/// again by the same command.
@Timeout(240)
class ReturnIT {
  private static final List<String> NAMES = List.of("eu-west", "us-east", "ap-south");
  private static final int ROUNDS = 2500;

  @TempDir Path folder;
  private final Map<String, Process> launches = new HashMap<>();
  private Path topology;

  @AfterEach
  void endWhatATestLeft() {
    launches.values().forEach(ReturnIT::kill);
  }

  private static void kill(Process launch) {
    launch.toHandle().descendants().toList().forEach(ProcessHandle::destroyForcibly);
    launch.destroyForcibly();
  }

  private void prepare() throws IOException {
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

  private void start(String dc, String out, String tls, String... more) throws IOException {
    List<String> command = new ArrayList<>(Strait.java(Main.class));
    command.addAll(List.of("train", "--topology", "" + topology, "--dc", dc, "--tls", tls));
    command.addAll(List.of("--backend", "scalar", "--json"));
    if (!List.of(more).contains("--data")) {
      command.addAll(List.of("--data", "rows.libsvm"));
    }
    command.addAll(List.of("--wan", "4ms 1Gbit/s", "--tolerance", "0", "--rounds", "" + ROUNDS));
    command.addAll(List.of("--out", "" + folder.resolve(out)));
    command.addAll(List.of(more));
    launches.put(
        out, Launches.start(folder, out, Map.of("STRAIT_WAN_TOKEN", "same"), command));
  }

  private void awaitRounds(String out, int lines) throws Exception {
    Path ledgers = folder.resolve(out).resolve("ledger");
    while (!Files.isDirectory(ledgers) || bytes(ledgers) < 150L * lines) {
      assertFalse(
          launches.get(out).waitFor(20, TimeUnit.MILLISECONDS),
          () -> out + " ended: " + said(out));
    }
  }

  private static long bytes(Path ledgers) throws IOException {
    long bytes = 0;
    try (var files = Files.newDirectoryStream(ledgers)) {
      for (Path file : files) {
        bytes += Files.size(file);
      }
    }
    return bytes;
  }

  private String said(String out) {
    try {
      return Files.readString(folder.resolve(out + ".err"));
    } catch (IOException e) {
      return e.toString();
    }
  }

  private void killed(String out) throws Exception {
    Process launch = launches.get(out);
    List<ProcessHandle> ranks = launch.toHandle().descendants().toList();
    kill(launch);
    assertTrue(launch.waitFor(10, TimeUnit.SECONDS));
    for (ProcessHandle rank : ranks) {
      rank.onExit().get(10, TimeUnit.SECONDS);
    }
  }

  private JsonObject ended(String out) throws Exception {
    assertEquals(0, Strait.status(launches.get(out)), () -> out + ": " + said(out));
    return Strait.record(folder.resolve(out));
  }

  @ParameterizedTest
  @CsvSource({"eu-west,off", "ap-south,on"})
  void aLaunchThatWasKilledComesBack(String lost, String tls) throws Exception {
    prepare();
    String pki = tls.equals("on") ? "" + folder.resolve("pki") : "off";
    if (tls.equals("on")) {
      assertEquals(0, Strait.run("cert", "init", "--out", pki).status());
      List<String> issue = new ArrayList<>(List.of("cert", "issue"));
      issue.addAll(NAMES);
      issue.addAll(List.of("--out", pki));
      assertEquals(0, Strait.run(issue.toArray(String[]::new)).status());
    }
    for (String name : NAMES) {
      start(name, name, pki);
    }
    awaitRounds(lost, 100);
    killed(lost);
    start(lost, "again", pki);
    Set<String> hashes = new HashSet<>();
    for (String name : NAMES) {
      JsonObject record = ended(name.equals(lost) ? "again" : name);
      hashes.add(record.getAsJsonObject("modelHash").get(name).getAsString());
      assertEquals(ROUNDS, record.get("rounds").getAsLong());
      if (!name.equals(lost)) {
        JsonArray changes = record.getAsJsonArray("membership");
        assertEquals(2, changes.size(), "" + changes);
        JsonObject back = changes.get(1).getAsJsonObject();
        assertEquals("rejoined", back.get("event").getAsString());
        assertEquals(lost, back.get("dc").getAsString());
      }
      Strait.Result audit =
          Strait.run("audit", "" + folder.resolve(name.equals(lost) ? "again" : name));
      assertEquals(0, audit.status(), audit.out() + audit.err());
    }
    assertEquals(1, hashes.size(), "" + hashes);
    assertTrue(said("again").contains(lost + " comes back to it"), said("again"));
  }

  /// Another job, other rows, another secret: the training goes on as it was.
  @Test
  void whoeverDoesNotFitIsTold() throws Exception {
    prepare();
    for (String name : NAMES) {
      start(name, name, "off");
    }
    awaitRounds("ap-south", 100);
    killed("ap-south");
    start("ap-south", "other-job", "off", "--l2", "0.5");
    assertEquals(2, Strait.status(launches.get("other-job")));
    String message = "the launch of ap-south has l2 0.5, that of ";
    assertTrue(said("other-job").contains(message), said("other-job"));
    Strait.rows(folder.resolve("fewer.libsvm"), 300, 8, 5);
    start("ap-south", "other-rows", "off", "--data", "fewer.libsvm");
    assertEquals(2, Strait.status(launches.get("other-rows")));
    assertTrue(
        said("other-rows").contains("ap-south comes back with other rows than it left with"),
        said("other-rows"));
    assertTrue(said("other-rows").contains("give it the rows that it had"), said("other-rows"));
    assertEquals(ROUNDS, ended("eu-west").get("rounds").getAsLong());
    assertEquals(ROUNDS, ended("us-east").get("rounds").getAsLong());
  }
}
