package org.strait.launcher;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// Real ranks whose data centres take local steps; one of them may be lost.
@Timeout(120)
class LocalIT {
  @TempDir Path folder;

  private JsonObject train(String... more) throws Exception {
    Path rows = folder.resolve("rows.libsvm");
    if (!Files.exists(rows)) {
      Strait.rows(rows, 600, 40, 8);
    }
    List<String> words =
        new ArrayList<>(
            List.of("train", "--data", "" + rows, "--dcs", "3", "--ranks", "2", "--json", "-q"));
    words.addAll(List.of("--batch", "20", "--local-steps", "4", "--backend", "scalar"));
    words.addAll(List.of("--out", "" + folder.resolve("run"), "--wan", "2ms 1Gbit/s"));
    words.addAll(List.of(more));
    Strait.Result result = Strait.run(words.toArray(String[]::new));
    assertEquals(0, result.status(), result.err());
    return result.json();
  }

  private static Set<JsonElement> hashes(JsonObject record) {
    return new HashSet<>(record.getAsJsonObject("modelHash").asMap().values());
  }

  @ParameterizedTest
  @CsvSource({"sync,1,mesh", "overlap,2,hub", "stale:3,1,mesh"})
  void dataCentresMeetNowAndThen(String timing, String fragments, String route) throws Exception {
    JsonObject record =
        train("--timing", timing, "--fragments", fragments, "--route", route, "--rounds", "60");
    assertEquals(60, record.get("rounds").getAsLong());
    assertEquals(3, record.getAsJsonObject("modelHash").size());
    assertEquals(1, hashes(record).size(), "" + record.get("modelHash"));
    assertTrue(record.get("exchange").getAsString().contains("4 local steps"), "" + record);
    double last = record.get("objective").getAsDouble();
    assertTrue(last < 0.6, "objective " + last);
    assertEquals(0, record.get("rowsSent").getAsLong());
    assertEquals(0, Strait.run("audit", "" + folder.resolve("run"), "--json").status());
  }

  @ParameterizedTest
  @CsvSource("overlap")
  void theOthersFinish(String timing) throws Exception {
    JsonObject record = train("--timing", timing, "--rounds", "1000", "--kill", "dc3@1s");
    assertEquals(1000, record.get("rounds").getAsLong());
    assertEquals(1, record.getAsJsonArray("membership").size(), "" + record.get("membership"));
    assertEquals(2, record.getAsJsonObject("modelHash").size());
    assertEquals(1, hashes(record).size(), "" + record.get("modelHash"));
  }
}
