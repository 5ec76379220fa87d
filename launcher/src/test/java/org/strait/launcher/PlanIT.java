package org.strait.launcher;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// Plans, and runs beside them.
@Timeout(120)
class PlanIT {
  @TempDir Path folder;

  @Test
  void bytesAreThoseOfTheRunThatFollows() throws Exception {
    Path rows = Strait.rows(folder.resolve("rows.libsvm"), 400, 6, 1);
    Path job = folder.resolve("job.yaml");
    Files.writeString(
        job,
        "data: "
            + rows
            + "\ndcs: 2\nsolver: distributed\nbackend: scalar\ntolerance: 1e-6\nwan: 2ms 1Gbit/s\n");
    Path run = folder.resolve("run");
    Strait.Result trained = Strait.run("train", job.toString(), "--out", run.toString(), "-q");
    assertEquals(0, trained.status(), trained.err());
    Path plan = folder.resolve("plan");
    Strait.Result planned =
        Strait.run(
            "plan",
            job.toString(),
            "--after",
            run.toString(),
            "--out",
            plan.toString(),
            "--json",
            "-q");
    assertEquals(0, planned.status(), planned.err());
    JsonObject json = planned.json();
    Set<String> ways = new HashSet<>();
    for (JsonElement way : json.getAsJsonArray("ways")) {
      String solver = way.getAsJsonObject().get("solver").getAsString();
      ways.add(solver);
      long sent = way.getAsJsonObject().get("rowsSent").getAsLong();
      assertEquals(solver.equals("centralized") ? 200 : 0, sent);
    }
    assertTrue(ways.containsAll(Set.of("centralized", "auto", "distributed", "fadl")), "" + ways);
    assertTrue(ways.contains(json.get("take").getAsString()));
    assertTrue(ways.contains(json.get("takeIfRowsStay").getAsString()));
    JsonObject bytes = json.getAsJsonObject("compared").getAsJsonObject("bytes");
    assertEquals(1, bytes.get("times").getAsDouble(), 0.01, "" + bytes);
    JsonObject record = Strait.record(run);
    assertEquals(
        record.getAsJsonObject("wan").get("bytes").getAsLong(), bytes.get("was").getAsLong());
    assertTrue(record.has("forecast"));
    assertTrue(Files.readString(run.resolve("report.html")).contains("<h2>Forecast</h2>"));
    assertTrue(Files.exists(plan.resolve("plan.json")));
  }

  @Test
  void aPlanNeedsSeveralDataCentres() throws Exception {
    Path rows = Strait.rows(folder.resolve("rows.libsvm"), 50, 6, 1);
    Strait.Result result =
        Strait.run("plan", "--data", rows.toString(), "--out", folder.resolve("p").toString());
    assertEquals(2, result.status());
    assertTrue(result.err().contains("this job has one"), result.err());
  }
}
