package org.strait.launcher.record;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import com.google.gson.JsonParseException;
import com.google.gson.JsonParser;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDateTime;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.strait.launcher.config.Job;
import org.strait.launcher.config.JobFile;
import org.strait.launcher.config.JobKey;
import org.strait.launcher.config.JobResolver;
import org.strait.launcher.config.Settings;

class RunRecordTest {
  @TempDir Path folder;

  private static Job job() {
    return JobResolver.resolve(
        new Settings(),
        JobFile.none(),
        new Settings()
            .flag(JobKey.ROWS, List.of("50"))
            .flag(JobKey.DCS, List.of("2"))
            .flag(JobKey.RANKS, List.of("2"))
            .flag(JobKey.SEED, List.of("7")));
  }

  private static RunLog log(String... events) {
    RunLog log = new RunLog();
    for (String event : events) {
      log.add(JsonParser.parseString(event.replace('\'', '"')).getAsJsonObject());
    }
    return log;
  }

  private JsonObject record(RunLog log, Optional<RunRecord.Failure> failure) {
    return RunRecord.of(
        job(),
        log,
        new RunRecord.Facts("train", "1", "./strait train", "now", new RunFolder(folder)),
        failure);
  }

  private static String ready(int rank, String dc) {
    return "{'event':'ready','rank':"
        + rank
        + ",'dc':'"
        + dc
        + "','rows':25,'features':10,'backend':'scalar','backendLine':'scalar (forced)'}";
  }

  private static String done(String phase, int rank, String dc, String to, String more) {
    return "{'event':'done','phase':'"
        + phase
        + "','rank':"
        + rank
        + ",'dc':'"
        + dc
        + "','reason':'target reached','converged':true,'rounds':2,'seconds':0.5,"
        + "'objective':0.25,'loss':0.2,'modelHash':'abc','rowsSent':0,'rowsArchiveBytes':"
        + (rank + 1) * 1000
        + ",'solver':'fadl','exchange':'top-k','transport':'tcp',"
        + "'links':[{'to':'"
        + to
        + "','bytes':400,'messages':3,"
        + "'byKind':{'gradient':300,'control':100}}]"
        + more
        + "}";
  }

  @Test
  void gatewaysAreMergedIntoOneRecord() {
    String curve1 =
        ",'history':{'round':[1,2],'seconds':[0.2,0.4],'objective':[0.5,0.25],"
            + "'sentBytes':[200,400]},'modelFile':'/m','metrics':{'auc':0.9}";
    String curve2 =
        ",'history':{'round':[1,2],'seconds':[0.3,0.5],'objective':[0.5,0.25],"
            + "'sentBytes':[150,400]}";
    RunLog log =
        log(
            ready(0, "dc1"),
            ready(1, "dc1"),
            ready(2, "dc2"),
            ready(3, "dc2"),
            done("reference", 0, "dc1", "dc2", curve1),
            done("main", 0, "dc1", "dc2", curve1),
            done("main", 2, "dc2", "dc1", curve2),
            "{'event':'done','phase':'main','rank':1,'dc':'dc1','reason':'target reached',"
                + "'rowsArchiveBytes':1}");
    JsonObject record = record(log, Optional.empty());

    assertEquals(7, record.get("seed").getAsInt());
    assertEquals(100, record.get("rows").getAsLong());
    assertEquals(10, record.get("features").getAsInt());
    assertEquals(2, record.get("dcs").getAsInt());
    assertEquals(4, record.get("ranks").getAsInt());
    assertEquals("scalar", record.get("backend").getAsString());
    assertEquals("tcp", record.get("transport").getAsString());
    assertEquals("fadl", record.get("solver").getAsString());
    assertTrue(record.get("converged").getAsBoolean());
    assertEquals(0.25, record.get("objective").getAsDouble());
    assertEquals(0, record.get("rowsSent").getAsLong());
    JsonObject wan = record.getAsJsonObject("wan");
    assertEquals(800, wan.get("bytes").getAsLong());
    assertEquals(6, wan.get("messages").getAsLong());
    assertEquals(20.0, wan.get("vectors").getAsDouble());
    assertEquals(2, wan.getAsJsonArray("byLink").size());
    JsonArray history = record.getAsJsonArray("history");
    assertEquals(350, history.get(0).getAsJsonObject().get("wanBytes").getAsLong());
    assertEquals(0.3, history.get(0).getAsJsonObject().get("seconds").getAsDouble());
    assertEquals(800, history.get(1).getAsJsonObject().get("wanBytes").getAsLong());
    assertEquals("{\"dc1\":\"abc\",\"dc2\":\"abc\"}", record.get("modelHash").toString());
    assertFalse(RunRecord.modelsDiffer(log));
    assertEquals(400, record.getAsJsonObject("reference").get("wanBytes").getAsLong());
    // dc1 holds 1001 bytes of compressed rows, dc2 3000: the rows of dc1 would travel.
    assertEquals(1001, record.getAsJsonObject("centralise").get("bytes").getAsLong());
    assertEquals("dc2", record.getAsJsonObject("centralise").get("to").getAsString());
    assertEquals(
        800 * 0.02 / 1e9, record.getAsJsonObject("cost").get("strait").getAsDouble(), 1e-18);
    assertEquals("/m", record.getAsJsonObject("paths").get("model").getAsString());
    assertEquals(0, record.getAsJsonArray("membership").size());
    assertFalse(record.getAsJsonObject("config").getAsJsonArray("given").isEmpty());
  }

  @Test
  void differentModelsAreSeen() {
    String other = done("main", 2, "dc2", "dc1", "").replace("'abc'", "'xyz'");
    assertTrue(RunRecord.modelsDiffer(log(done("main", 0, "dc1", "dc2", ""), other)));
  }

  @Test
  void partialRecordKeepsWhatWasReportedOnTheWay() {
    String round =
        "{'event':'round','phase':'main','dc':'%s','round':%d,'objective':%s,"
            + "'seconds':%s,'rows':5,'sentBytes':%d}";
    JsonObject record =
        record(
            log(
                ready(0, "dc1"),
                String.format(round, "dc1", 1, "0.6", "0.1", 100),
                String.format(round, "dc2", 1, "0.6", "0.1", 90),
                String.format(round, "dc1", 3, "null", "0.3", 300)),
            Optional.of(new RunRecord.Failure("rank 3 (dc2) was killed", Optional.of("dc2"))));
    assertFalse(record.get("converged").getAsBoolean());
    assertEquals("rank 3 (dc2) was killed", record.get("reason").getAsString());
    assertEquals(3, record.get("rounds").getAsInt());
    assertTrue(record.get("objective").isJsonNull());
    assertEquals(390, record.getAsJsonObject("wan").get("bytes").getAsLong());
    JsonObject lost = record.getAsJsonArray("membership").get(0).getAsJsonObject();
    assertEquals("dc2", lost.get("dc").getAsString());
    assertEquals(3, lost.get("round").getAsInt());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{}",
        "{'event':'done','rank':0}",
        "{'event':'round','phase':'main','dc':'a','round':'x','objective':1,'seconds':1,"
            + "'sentBytes':0}",
        "{'event':'round','phase':'main','dc':[1,2],'round':1,'objective':1,'seconds':1,"
            + "'sentBytes':0}"
      })
  void malformedEventsAreRefused(String event) {
    assertThrows(JsonParseException.class, () -> log(event));
  }

  @Test
  void filesAreReplacedWholeAndFoldersNeverShared() throws IOException {
    Path file = folder.resolve("run.json");
    Files.writeString(file, "old and longer");
    JsonFiles.writeAtomically(file, "new");
    assertEquals("new", Files.readString(file));
    try (var files = Files.list(folder)) {
      assertEquals(1, files.count());
    }
    RunFolder again =
        RunFolder.create(Optional.of(folder), "x", LocalDateTime.of(2026, 1, 2, 3, 4, 5));
    assertFalse(Files.exists(again.record()));
  }

  @Test
  void aRankThatOthersWaitForIsNamed() {
    JsonObject record =
        record(
            log(
                done("main", 0, "dc1", "dc2", ",'gradientSeconds':0.10"),
                done("main", 1, "dc1", "dc2", ",'gradientSeconds':0.12"),
                done("main", 2, "dc2", "dc1", ",'gradientSeconds':0.11"),
                done("main", 3, "dc2", "dc1", ",'gradientSeconds':0.40")),
            Optional.empty());
    assertEquals(4, record.getAsJsonArray("gradientSeconds").size());
    JsonArray stragglers = record.getAsJsonArray("stragglers");
    assertEquals(1, stragglers.size());
    JsonObject straggler = stragglers.get(0).getAsJsonObject();
    assertEquals(3, straggler.get("rank").getAsInt());
    assertEquals("dc2", straggler.get("dc").getAsString());
    assertEquals(0.11, straggler.get("medianSeconds").getAsDouble());
  }

  @Test
  void ranksThatDifferLittleAreNoStragglers() {
    JsonObject record =
        record(
            log(
                done("main", 0, "dc1", "dc2", ",'gradientSeconds':0.001"),
                done("main", 1, "dc1", "dc2", ",'gradientSeconds':0.003")),
            Optional.empty());
    assertFalse(record.has("stragglers"));
  }
}
