package org.strait.launcher;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// Three data centres with launches of their own: one is killed with all its processes and started
/// again by the same command.
@Timeout(240)
class ReturnIT {
  private static final String ROUNDS = "2500";

  @TempDir Path folder;
  private SeparateLaunches launches;

  @BeforeEach
  void prepare() throws Exception {
    launches = new SeparateLaunches(folder);
  }

  @AfterEach
  void endWhatATestLeft() {
    launches.close();
  }

  @ParameterizedTest
  @CsvSource({"eu-west,off", "ap-south,on"})
  void aLaunchThatWasKilledComesBack(String lost, String tls) throws Exception {
    String pki = tls.equals("on") ? "" + folder.resolve("pki") : "off";
    if (tls.equals("on")) {
      assertEquals(0, Strait.run("cert", "init", "--out", pki).status());
      List<String> issue = new ArrayList<>(List.of("cert", "issue"));
      issue.addAll(SeparateLaunches.NAMES);
      issue.addAll(List.of("--out", pki));
      assertEquals(0, Strait.run(issue.toArray(String[]::new)).status());
    }
    for (String name : SeparateLaunches.NAMES) {
      launches.start(name, name, "--tls", pki, "--rounds", ROUNDS);
    }
    launches.awaitMessages(lost, 100);
    launches.kill(lost);
    launches.start(lost, "again", "--tls", pki, "--rounds", ROUNDS);
    Set<String> hashes = new HashSet<>();
    for (String name : SeparateLaunches.NAMES) {
      String out = name.equals(lost) ? "again" : name;
      JsonObject record = launches.record(out);
      hashes.add(record.getAsJsonObject("modelHash").get(name).getAsString());
      assertEquals(ROUNDS, record.get("rounds").getAsString());
      if (!name.equals(lost)) {
        JsonArray changes = record.getAsJsonArray("membership");
        assertEquals(2, changes.size(), "" + changes);
        JsonObject back = changes.get(1).getAsJsonObject();
        assertEquals("rejoined", back.get("event").getAsString());
        assertEquals(lost, back.get("dc").getAsString());
      }
      Strait.Result audit = Strait.run("audit", "" + folder.resolve(out));
      assertEquals(0, audit.status(), audit.out() + audit.err());
    }
    assertEquals(1, hashes.size(), "" + hashes);
    assertTrue(launches.said("again").contains(lost + " comes back to it"), launches.said("again"));
  }

  /// Another job, other rows: the training goes on as it was.
  @Test
  void whoeverDoesNotFitIsTold() throws Exception {
    for (String name : SeparateLaunches.NAMES) {
      launches.start(name, name, "--tls", "off", "--rounds", ROUNDS);
    }
    launches.awaitMessages("ap-south", 100);
    launches.kill("ap-south");
    launches.start("ap-south", "job", "--tls", "off", "--rounds", ROUNDS, "--l2", "0.5");
    assertEquals(2, Strait.status(launches.launch("job")));
    String message = "the launch of ap-south has l2 0.5, that of ";
    assertTrue(launches.said("job").contains(message), launches.said("job"));
    Strait.rows(folder.resolve("fewer.libsvm"), 300, 8, 5);
    launches.start(
        "ap-south", "rows", "--tls", "off", "--rounds", ROUNDS, "--data", "fewer.libsvm");
    assertEquals(2, Strait.status(launches.launch("rows")));
    String rows = launches.said("rows");
    assertTrue(rows.contains("ap-south comes back with other rows than it left with"), rows);
    assertTrue(rows.contains("give it the rows that it had"), rows);
    assertEquals(ROUNDS, launches.record("eu-west").get("rounds").getAsString());
    assertEquals(ROUNDS, launches.record("us-east").get("rounds").getAsString());
    // Too late: nobody is there, and that is said.
    launches.start("ap-south", "late", "--tls", "off", "--rounds", ROUNDS);
    Launches.await(
        launches.launch("late"), folder.resolve("late.err"), "; nobody is in training yet");
  }
}
