package org.strait.launcher;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.strait.launcher.start.RankSpec;
import org.strait.launcher.start.StoreHost;

/// The whole command, with ranks that are shell programs which print prepared events.
@Timeout(60)
class MainTest {
  @TempDir Path folder;

  private final ByteArrayOutputStream out = new ByteArrayOutputStream();
  private final ByteArrayOutputStream err = new ByteArrayOutputStream();
  private final Map<String, String> stored = new HashMap<>();
  private final List<String> scripts = new ArrayList<>();

  private final class Store implements StoreHost {
    @Override
    public String host() {
      return "127.0.0.1";
    }

    @Override
    public int port() {
      return 1;
    }

    @Override
    public String token() {
      return "t";
    }

    @Override
    public void set(String key, String value) {
      stored.put(key, value);
    }

    @Override
    public void close() {
      stored.put("closed", "yes");
    }
  }

  private int run(String... args) {
    Wiring wiring =
        new Wiring(
            Store::new,
            (dcs, store, job, outFolder) -> {
              List<RankSpec> specs = new ArrayList<>();
              for (int rank = 0; rank < dcs.size(); rank++) {
                specs.add(
                    new RankSpec(
                        rank,
                        dcs.get(rank),
                        List.of("/bin/sh", "-c", scripts.get(rank)),
                        Map.of("JOB", job.toString())));
              }
              return specs;
            });
    return new Main(
            new PrintStream(out, true, StandardCharsets.UTF_8),
            new PrintStream(err, true, StandardCharsets.UTF_8),
            wiring)
        .run(args);
  }

  private String out() {
    return out.toString(StandardCharsets.UTF_8);
  }

  private String err() {
    return err.toString(StandardCharsets.UTF_8);
  }

  private int train(String... more) {
    List<String> args =
        new ArrayList<>(List.of("train", "--rows", "10", "--dcs", "2", "--out", "" + folder));
    args.addAll(List.of(more));
    return run(args.toArray(String[]::new));
  }

  /// A rank that reports a whole training, with a line that is no event in between.
  private static String goodRank(int rank, String dc, String to) {
    String events =
        String.format(
            "{'event':'ready','rank':%1$d,'dc':'%2$s','rows':10,'features':4,'backend':'scalar'}\n"
                + "not an event\n"
                + "{'event':'round','rank':%1$d,'dc':'%2$s','phase':'main','round':1,'objective':0.6,"
                + "'seconds':0.1,'rows':10,'sentBytes':100}\n"
                + "{'event':'round','rank':%1$d}\n"
                + "{'event':'done','rank':%1$d,'dc':'%2$s','phase':'main','reason':'bound reached',"
                + "'converged':false,'rounds':2,'seconds':0.2,'objective':0.5,'loss':0.4,"
                + "'modelHash':'h','modelFile':'/m','rowsSent':0,'rowsArchiveBytes':50,"
                + "'history':{'round':[1,2],'seconds':[0.1,0.2],'objective':[0.6,0.5],"
                + "'sentBytes':[100,200]},"
                + "'links':[{'to':'%3$s','bytes':200,'messages':2,'byKind':{'gradient':200}}]}",
            rank, dc, to);
    return "cat <<'END'\n" + events.replace('\'', '"') + "\nEND";
  }

  private void goodRanks() {
    scripts.add(goodRank(0, "dc1", "dc2"));
    scripts.add(goodRank(1, "dc2", "dc1"));
  }

  private static String error(int rank, String kind, String message) {
    return "echo '{\"event\":\"error\",\"rank\":"
        + rank
        + ",\"kind\":\""
        + kind
        + "\",\"message\":\""
        + message
        + "\"}'";
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '!',
      quoteCharacter = '`',
      value = {
        "trian ! unknown command \"trian\"; did you mean \"train\"?",
        "train --rond 3 !" + " unknown option \"--rond\", strait train; did you mean \"--rounds\"?",
        "train --rounds !"
            + " missing required parameter for option '--rounds' (N), strait train;"
            + " see strait train --help",
        "train --rounds x --rows 5 !"
            + " --rounds: \"x\" is not a whole number; write digits only, such as 100",
        "train --rows 5 --rows 6 !"
            + " option '--rows' (N) should be specified only once, strait train;"
            + " see strait train --help",
        "train --l1 0.5 --solver lbfgs --rows 5 !"
            + " solver lbfgs cannot have an L1 penalty; use --solver owl-qn, or --l1 0",
        "train ! no rows to train on; add --data FILE, or data: to the job file",
        "train rows.libsvm !"
            + " rows.libsvm is not a job file (.yaml); give rows with --data rows.libsvm",
        "train no.yaml !"
            + " cannot read no.yaml: there is no such file; give the path of a YAML file",
        "demo --wan mars !"
            + " --wan: unknown network \"mars\"; known: none, lan, metro, demo, aws11,"
            + " aws11-2016, aws10, azure, commodity, hospital, ss, or delay and bandwidth such as"
            + " \"80ms 50Mbit/s\" or \"80ms 50Mbit/s jitter 5ms loss 0.1%\"",
        "report /no/such/run ! there is no folder /no/such/run; give the folder of a run",
        "launch -- true ! missing required option: '--np=N', strait launch; see strait launch --help",
        "launch --np 2 --engine shh -- true ! --engine: unknown \"shh\"; did you mean \"ssh\"?",
        "launch --np two -- true !"
            + " invalid value for option '--np': 'two' is not an int, strait launch;"
            + " see strait launch --help"
      })
  void mistakesAreOneLine(String args, String message) {
    assertEquals(2, run(args.split(" ")));
    assertEquals("strait: " + message + "\n", err());
    assertEquals("", out());
  }

  @Test
  void mistakeWithJsonIsAlsoJson() {
    assertEquals(2, run("train", "--json"));
    JsonObject json = JsonParser.parseString(out()).getAsJsonObject();
    assertEquals(2, json.get("exitStatus").getAsInt());
    assertTrue(json.get("error").getAsString().startsWith("no rows to train on"));
  }

  @Test
  void helpNamesExitStatusesAndDefaults() {
    assertEquals(0, run("train", "--help"));
    assertTrue(out().contains("130  interrupted"));
    assertTrue(out().contains("(default: contiguous)"));
    assertFalse(out().contains("worker"));
  }

  @Test
  void trainingLeavesRecordAndReport() throws IOException {
    goodRanks();
    assertEquals(0, train());
    assertTrue(out().contains("identical in 2/2 data centres, sha256 h"), out());
    assertTrue(out().contains("Rows sent      0 of 20"), out());
    JsonObject record =
        JsonParser.parseString(Files.readString(folder.resolve("run.json"))).getAsJsonObject();
    assertEquals(400, record.getAsJsonObject("wan").get("bytes").getAsLong());
    assertEquals(2, record.getAsJsonArray("history").size());
    assertTrue(Files.readString(folder.resolve("report.html")).contains("<svg"));
    assertEquals(
        List.of("not an event", "{\"event\":\"round\",\"rank\":0}"),
        Files.readAllLines(folder.resolve("logs/rank-0.log")));
    assertEquals("yes", stored.get("closed"));
    JsonObject job =
        JsonParser.parseString(Files.readString(folder.resolve("job.json"))).getAsJsonObject();
    assertEquals(10, job.get("rows").getAsInt());
    assertEquals("", err());
  }

  @Test
  void jsonIsAloneOnStandardOutput() {
    goodRanks();
    assertEquals(0, train("--json", "-v"));
    JsonObject record = JsonParser.parseString(out()).getAsJsonObject();
    assertEquals("train", record.get("command").getAsString());
    assertTrue(out().startsWith("{\n") && out().endsWith("}\n"));
    assertTrue(err().contains("[dc2/0] not an event"), err());
  }

  @Test
  void unmetTargetIsThree() {
    goodRanks();
    assertEquals(3, train("--target", "0.3", "--json"));
    assertEquals(3, JsonParser.parseString(out()).getAsJsonObject().get("exitStatus").getAsInt());
    assertTrue(err().contains("strait: objective 0.5 is above --target 0.3; "), err());
  }

  @Test
  void metTargetIsZero() {
    goodRanks();
    assertEquals(0, train("--target", "0.5", "-q"));
  }

  @Test
  void lostRankIsNamedWithItsLastWordsAndThePartialRecordKept() throws IOException {
    scripts.add(goodRank(0, "dc1", "dc2") + "\nexec cat > /dev/null");
    scripts.add("echo out of luck >&2; kill -9 $$");
    // Rank 0 hangs: the grace period passes before it is ended.
    assertEquals(30, train());
    assertTrue(
        err()
            .contains(
                "strait: rank 1 (dc2) was killed by signal 9 (SIGKILL); no checkpoint was kept"
                    + " before that (--checkpoint-every): start it again; logs are in "),
        err());
    assertTrue(err().contains("  | out of luck"), err());
    assertEquals("rank 1 (dc2) was killed by signal 9 (SIGKILL)", stored.get("failure"));
    JsonObject record =
        JsonParser.parseString(Files.readString(folder.resolve("run.json"))).getAsJsonObject();
    assertEquals(
        "rank 1 (dc2) was killed by signal 9 (SIGKILL)", record.get("reason").getAsString());
    assertFalse(record.get("converged").getAsBoolean());
    assertTrue(Files.exists(folder.resolve("report.html")));
  }

  @Test
  void mistakeThatARankFoundIsTheUsers() {
    scripts.add(error(0, "user", "unknown solver x; known: fadl") + "; exit 2");
    scripts.add(error(1, "user", "unknown solver x; known: fadl") + "; exit 2");
    assertEquals(2, train());
    assertTrue(err().startsWith("strait: unknown solver x; known: fadl\n"), err());
  }

  @Test
  void bugInARankIsABug() {
    scripts.add(error(0, "bug", "NullPointerException") + "; exit 10");
    scripts.add(error(1, "peer", "lost rank 0 (dc1) during allreduce") + "; exit 30");
    assertEquals(10, train());
    assertTrue(
        err().startsWith("strait: rank 0 (dc1) failed: NullPointerException; logs are in "), err());
  }

  @Test
  void ranksThatReportNothingAreABug() {
    scripts.add("true");
    scripts.add("true");
    assertEquals(10, train());
  }

  @Test
  void differentModelsAreTold() {
    goodRanks();
    scripts.set(1, scripts.get(1).replace("\"h\"", "\"g\""));
    assertEquals(12, train());
    assertTrue(out().contains("DIFFERS"), out());
  }

  @Test
  void launchTellsRanksWhoTheyAre() {
    assertEquals(
        0,
        run(
            "launch",
            "--np",
            "2",
            "--tag-output",
            "--out",
            folder.toString(),
            "--",
            "/bin/sh",
            "-c",
            "echo I am $STRAIT_RANK of $STRAIT_SIZE at $STRAIT_STORE"));
    assertTrue(out().contains("[0] I am 0 of 2 at 127.0.0.1:1\n"), out());
    assertTrue(out().contains("[1] I am 1 of 2 at 127.0.0.1:1\n"), out());
  }

  @Test
  void launchNamesTheRankThatFailed() {
    assertEquals(
        5,
        run(
            "launch",
            "--json",
            "--np",
            "2",
            "--out",
            folder.toString(),
            "--",
            "/bin/sh",
            "-c",
            "exit $((STRAIT_RANK * 5))"));
    JsonObject json = JsonParser.parseString(out()).getAsJsonObject();
    assertEquals("[0,5]", json.getAsJsonArray("exitStatuses").toString());
    assertTrue(err().contains("strait: rank 1 ended with exit status 5"), err());
  }

  @Test
  void reportIsWrittenAgain() throws IOException {
    goodRanks();
    assertEquals(0, train("-q"));
    Files.delete(folder.resolve("report.html"));
    out.reset();
    assertEquals(0, run("report", folder.toString(), "--json"));
    assertTrue(Files.exists(folder.resolve("report.html")));
    assertTrue(out().contains("report.html"));
  }

  @Test
  void bugIsOneLineAndATraceFile() throws IOException {
    scripts.clear(); // the wiring fails: there is no script for rank 0
    assertEquals(10, train());
    assertTrue(
        err().startsWith("strait: this is a bug: java.lang.IndexOutOfBoundsException"), err());
    assertEquals(1, err().lines().count());
    assertTrue(Files.readString(folder.resolve("trace.txt")).contains("\tat org.strait.launcher."));
  }
}
