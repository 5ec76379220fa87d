package org.strait.launcher;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// Real ranks that set how finely they exchange as they go.
@Timeout(120)
class AdaptIT {
  private static final int FEATURES = 400;

  @TempDir Path folder;

  private Strait.Result train(String name, String... more) throws Exception {
    Path rows = folder.resolve("rows.libsvm");
    if (!Files.exists(rows)) {
      Strait.rows(rows, 800, FEATURES, 8);
    }
    List<String> words =
        new ArrayList<>(List.of("train", "--data", "" + rows, "--dcs", "3", "--json", "-q"));
    words.addAll(List.of("--tolerance", "0", "--backend", "scalar"));
    words.addAll(List.of("--out", "" + folder.resolve(name)));
    words.addAll(List.of(more));
    return Strait.run(words.toArray(String[]::new));
  }

  private static JsonObject right(Strait.Result result) {
    assertEquals(0, result.status(), result.err());
    JsonObject record = result.json();
    assertEquals(3, record.getAsJsonObject("modelHash").size());
    assertEquals(1, new HashSet<>(record.getAsJsonObject("modelHash").asMap().values()).size());
    return record;
  }

  private static double last(JsonObject record, String key) {
    JsonArray decisions = record.getAsJsonArray("adaptation");
    return decisions.get(decisions.size() - 1).getAsJsonObject().get(key).getAsDouble();
  }

  /// At 100 kbit/s any payload takes longer than a step; where nothing is in the way none does.
  @Test
  void aSlowLinkIsSentLess() throws Exception {
    String[] how = {"--adapt", "time:100", "--guard", "off", "--rounds", "40"};
    JsonObject fast = right(train("fast", how));
    List<String> slowly = new ArrayList<>(List.of(how));
    slowly.set(1, "time:0.01");
    slowly.addAll(List.of("--wan", "1ms 100kbit/s"));
    JsonObject slow = right(train("slow", slowly.toArray(String[]::new)));
    assertEquals(0, last(slow, "rung"), "" + slow.get("adaptation"));
    assertTrue(
        5 * last(slow, "payloadBytes") < last(fast, "payloadBytes"),
        last(slow, "payloadBytes") + " and " + last(fast, "payloadBytes"));
    JsonObject kinds =
        slow.getAsJsonObject("wan")
            .getAsJsonArray("byLink")
            .get(0)
            .getAsJsonObject()
            .getAsJsonObject("byKind");
    assertTrue(kinds.has("probe"), "" + kinds);
    assertEquals(0, Strait.run("audit", "" + folder.resolve("slow")).status());
    List<String> lines = Files.readAllLines(folder.resolve("slow/metrics.jsonl"));
    assertEquals(slow.getAsJsonArray("adaptation").size(), lines.size());
    JsonObject first = JsonParser.parseString(lines.getFirst()).getAsJsonObject();
    assertTrue(first.get("delaySeconds").getAsDouble() >= 0.001, "" + first);
  }

  @Test
  void theGuardSaysWhatItDoes() throws Exception {
    Strait.Result result =
        train(
            "guarded",
            "--adapt",
            "bytes",
            "--density-bounds",
            "0.25%..100%",
            "--bits-bounds",
            "2..8",
            "--guard",
            "4:10%",
            "--rounds",
            "60");
    JsonObject record = right(result);
    assertTrue(
        record.getAsJsonArray("adaptation").get(0).getAsJsonObject().get("poor").getAsBoolean(),
        "" + record.get("adaptation"));
    assertEquals(0, Strait.run("audit", "" + folder.resolve("guarded")).status());
    JsonObject again =
        right(
            train(
                "again",
                "--adapt",
                "bytes",
                "--density-bounds",
                "0.25%..100%",
                "--bits-bounds",
                "2..8",
                "--guard",
                "4:10%",
                "--rounds",
                "60"));
    assertEquals(record.get("modelHash"), again.get("modelHash"));
  }

  @Tag("computes")
  @Test
  void aKilledDataCentreComesBack() throws Exception {
    Strait.Result result =
        train(
            "killed",
            "--adapt",
            "time",
            "--route",
            "hub",
            "--wan",
            "2ms 1Gbit/s",
            "--rounds",
            "1500",
            "--kill",
            "dc3@1s",
            "--rejoin",
            "dc3@2s");
    JsonObject record = right(result);
    assertEquals(2, record.getAsJsonArray("membership").size(), "" + record.get("membership"));
    assertEquals(1500, record.get("rounds").getAsLong());
    assertTrue(record.getAsJsonArray("adaptation").size() > 100);
    assertEquals(0, Strait.run("audit", "" + folder.resolve("killed")).status());
  }

  @Test
  void localStepsAreSetToo() throws Exception {
    JsonObject record =
        right(
            train(
                "local",
                "--adapt",
                "time:0.01",
                "--solver",
                "sgd",
                "--batch",
                "50",
                "--local-steps",
                "auto:2..16",
                "--timing",
                "overlap",
                "--wan",
                "5ms 100kbit/s",
                "--rounds",
                "60"));
    assertEquals(16, last(record, "period"), "" + record.get("adaptation"));
  }

  /// Nobody describes the links: the route is chosen by what they are measured to be.
  @Test
  void aRouteIsChosenByMeasuredLinks() throws Exception {
    JsonObject record = right(train("route", "--route", "auto:time", "--rounds", "5"));
    assertTrue(
        record
            .getAsJsonObject("wan")
            .getAsJsonArray("byLink")
            .get(0)
            .getAsJsonObject()
            .getAsJsonObject("byKind")
            .has("probe"));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = ';',
      value = {
        "--adapt fast;unknown choice \"fast\"; known: off, bytes, time",
        "--adapt time --density 1%;--density is what --adapt chooses",
        "--adapt time --exchange int8;has no bounds for --adapt to choose between",
        "--exchange int4..int8;has bounds, but nobody chooses",
        "--density-bounds 1%..2%;is for --adapt, which is off",
        "--adapt time --density-bounds 5%..2%;\"5%..2%\" are no bounds of a density",
        "--adapt time --bits-bounds 4..7;\"4..7\" are no bounds of a width",
        "--adapt time --guard never;\"never\" is no guard",
        "--adapt time --local-steps auto:9..3;\"auto:9..3\" is no number of steps",
        "--local-steps auto;by --adapt, which is off",
        "--adapt time --solver distributed;sends vectors in float64"
      })
  void mistakesAreNamed(String flags, String message) throws Exception {
    Strait.Result result = train("mistake", flags.split(" "));
    assertEquals(2, result.status(), result.err());
    assertTrue(result.err().contains(message), result.err());
    assertFalse(result.err().contains("\tat "), result.err());
  }
}
