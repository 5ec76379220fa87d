package org.strait.launcher;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.JsonElement;
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
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.strait.launcher.start.WorkerCommandLine;

/// Every data centre with a launch of its own; they meet at the gateways' addresses.
@Tag("computes")
@Timeout(180)
class ThreeLaunchesIT {
  private static final List<String> NAMES = List.of("dublin", "ashburn", "singapore");

  @TempDir Path folder;

  /// The example's topology with ports that are free here.
  private Path topology(Path example) throws IOException {
    String text = Files.readString(example.resolve("topology.yaml"));
    List<ServerSocket> sockets = new ArrayList<>();
    for (int port = 7461; port <= 7463; port++) {
      ServerSocket free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
      sockets.add(free);
      text = text.replace(":" + port, ":" + free.getLocalPort());
    }
    for (ServerSocket socket : sockets) {
      socket.close();
    }
    return Files.writeString(folder.resolve("topology.yaml"), text);
  }

  private static Path example() {
    return Path.of(System.getProperty("strait.root", ".."))
        .resolve("examples/three-launches")
        .toAbsolutePath();
  }

  @Test
  void theExampleTrainsOneModelWithThreeLaunchers() throws Exception {
    Needs.file("/usr/share/mpj/lib/starter.jar", "libmpj-java");
    Needs.file("/usr/share/java/commons-codec.jar", "libcommons-codec-java");
    Needs.program("mpirun", "openmpi-bin");
    Map<String, String> environment = new HashMap<>();
    environment.put("STRAIT", Launches.strait(folder).toString());
    environment.put("TOPOLOGY", topology(example()).toString());
    environment.put("XDG_CACHE_HOME", folder.resolve("cache").toString());
    environment.put(
        "PATH", Path.of(WorkerCommandLine.java()).getParent() + ":" + System.getenv("PATH"));
    Strait.Result result =
        Launches.run(
            folder,
            "example",
            environment,
            List.of(
                example().resolve("run.sh").toString(),
                folder.resolve("out").toString(),
                "--rows",
                "500",
                "--l2",
                "1e-3",
                "--rounds",
                "12",
                "--backend",
                "scalar"));
    assertEquals(0, result.status(), result.out() + result.err());
    Set<String> hashes = new HashSet<>();
    for (String name : NAMES) {
      JsonObject record = Strait.record(folder.resolve("out").resolve(name));
      assertEquals(name, record.get("dc").getAsString());
      assertEquals(3, record.get("dcs").getAsInt());
      assertEquals(500, record.get("rows").getAsLong());
      assertEquals(0, record.get("rowsSent").getAsLong());
      assertEquals(0, record.get("exitStatus").getAsInt());
      assertEquals(Set.of(name), record.getAsJsonObject("modelHash").keySet());
      hashes.add(Launches.hash(folder.resolve("out").resolve(name)));
      countsEveryByte(record, name);
    }
    assertEquals(1, hashes.size(), hashes.toString());
  }

  private static void countsEveryByte(JsonObject record, String name) {
    long all = 0;
    long idle = 0; // what may follow the last round, and its encryption: signs of life, farewells
    boolean agreed = false;
    for (JsonElement element : record.getAsJsonObject("wan").getAsJsonArray("byLink")) {
      JsonObject link = element.getAsJsonObject();
      assertEquals(name, link.get("from").getAsString());
      long bytes = 0;
      for (JsonElement kind : link.getAsJsonObject("byKind").asMap().values()) {
        bytes += kind.getAsLong();
      }
      assertEquals(link.get("bytes").getAsLong(), bytes);
      agreed |= link.getAsJsonObject("byKind").has("agreement");
      assertTrue(link.getAsJsonObject("byKind").has("tls"), "what encryption adds is counted");
      all += bytes;
      idle += 100;
      JsonObject byKind = link.getAsJsonObject("byKind");
      idle +=
          byKind.has("beat") ? byKind.get("beat").getAsLong() + byKind.get("tls").getAsLong() : 0;
    }
    assertTrue(agreed, "what the launches agreed with is counted too");
    assertEquals(all, record.getAsJsonObject("wan").get("bytes").getAsLong());
    var history = record.getAsJsonArray("history");
    long last = history.get(history.size() - 1).getAsJsonObject().get("wanBytes").getAsLong();
    assertTrue(last <= all && all - last <= idle, last + " of " + all + ", idle " + idle);
  }

  @Test
  void otherJobsAndSecretsAreRefusedEverywhere() throws Exception {
    differ(
        "l2",
        "the launch of ashburn has l2 0.01, that of dublin has 1.0E-4; give all launches the"
            + " same job, build and secret",
        List.of("--l2", "0.01"),
        "same");
    differ(
        "secret",
        "the launches of dublin and ashburn have different STRAIT_WAN_TOKEN; give all"
            + " launches the same job, build and secret",
        List.of(),
        "other");
  }

  private void differ(String name, String message, List<String> more, String secret)
      throws Exception {
    Path topology =
        Files.writeString(
            folder.resolve(name + ".yaml"),
            Files.readString(topology(example()))
                .replaceAll("(?m)^  - \\{name: singapore.*\\n", ""));
    List<String> dublin = command(topology, "dublin");
    List<String> ashburn = command(topology, "ashburn");
    ashburn.addAll(more);
    Process first = Launches.start(folder, name, Map.of("STRAIT_WAN_TOKEN", "same"), dublin);
    Strait.Result second =
        Launches.run(folder, name + "2", Map.of("STRAIT_WAN_TOKEN", secret), ashburn);
    assertEquals(2, Strait.status(first));
    assertEquals("strait: " + message + "\n", Files.readString(folder.resolve(name + ".err")));
    assertEquals(2, second.status());
    assertEquals("strait: " + message + "\n", second.err());
  }

  private List<String> command(Path topology, String dc) throws IOException {
    List<String> command = new ArrayList<>(Strait.java(Main.class));
    command.addAll(List.of("train", "--topology", topology.toString(), "--dc", dc, "-q"));
    command.addAll(List.of("--tls", "off"));
    command.addAll(List.of("--rows", "50", "--ranks", "1", "--backend", "scalar", "--out", dc));
    return command;
  }

  @Test
  void launchesWithCertificatesOfTwoAuthoritiesRefuseEachOther() throws Exception {
    for (String pki : List.of("one", "two")) {
      assertEquals(0, Strait.run("cert", "init", "--out", folder.resolve(pki).toString()).status());
      String[] issue = {
        "cert", "issue", "dublin", "ashburn", "--out", folder.resolve(pki).toString()
      };
      assertEquals(0, Strait.run(issue).status());
    }
    Path topology =
        Files.writeString(
            folder.resolve("tls.yaml"),
            Files.readString(topology(example())).replaceAll("(?m)^  - \\{name: singapore.*\\n", "")
                + "tls: one\n");
    Process first =
        Launches.start(folder, "tls1", Map.of("STRAIT_WAN_TOKEN", "same"), tls(topology, "dublin"));
    List<String> ashburn = tls(topology, "ashburn");
    ashburn.addAll(List.of("--tls", folder.resolve("two").toString()));
    Strait.Result second =
        Launches.run(folder, "tls2", Map.of("STRAIT_WAN_TOKEN", "same"), ashburn);
    assertEquals(2, second.status(), second.err());
    assertTrue(
        second
            .err()
            .contains(
                "its certificate (for dublin, issued by CN=strait authority) does not come from an"
                    + " authority in "
                    + folder.resolve("two/ca.crt")
                    + "; all data centres need certificates of one authority"),
        second.err());
    // The first goes on waiting for the right one, who then comes.
    Strait.Result third =
        Launches.run(folder, "tls3", Map.of("STRAIT_WAN_TOKEN", "same"), tls(topology, "ashburn"));
    assertEquals(0, third.status(), third.err());
    assertEquals(0, Strait.status(first));
    String notes = Files.readString(folder.resolve("tls1.out"));
    assertTrue(notes.contains("away: it does not accept this side's certificate"), notes);
  }

  private List<String> tls(Path topology, String dc) throws IOException {
    List<String> command = new ArrayList<>(Strait.java(Main.class));
    command.addAll(List.of("train", "--topology", topology.toString(), "--dc", dc, "-v"));
    command.addAll(List.of("--rows", "50", "--ranks", "1", "--backend", "scalar"));
    command.addAll(List.of("--out", Files.createTempDirectory(folder, dc).toString()));
    return command;
  }

  @Test
  void mistakesAreOneLine() throws Exception {
    Path topology = topology(example());
    mistake("--dc: no data centre \"dublim\"; did you mean \"dublin\"?", topology, "dublim");
    Path bare = Files.writeString(folder.resolve("bare.yaml"), "dcs: [{name: a}, {name: b}]\n");
    mistake(
        "--dc: nobody says where the other data centres are; add gateway: HOST:PORT to every data"
            + " centre in bare.yaml",
        bare,
        "a");
    mistake(
        "nothing is said about encryption between dublin and the other data centres; give --tls DIR"
            + " with certificates (./strait cert makes them), or --tls off on a private network",
        topology,
        "dublin");
  }

  private void mistake(String message, Path topology, String dc) {
    Strait.Result result =
        Strait.run("train", "--rows", "9", "--topology", topology.toString(), "--dc", dc);
    assertEquals("strait: " + message + "\n", result.err());
    assertEquals(2, result.status());
  }
}
