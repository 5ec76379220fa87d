package org.strait.launcher;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.JsonObject;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// Real ranks, of which several in each data centre speak to the others.
@Timeout(120)
class GatewaysIT {
  @TempDir Path folder;

  private Strait.Result train(String name, String... more) throws Exception {
    Path rows = folder.resolve("rows.libsvm");
    if (!Files.exists(rows)) {
      Strait.rows(rows, 200, 1500, 4);
    }
    List<String> words =
        new ArrayList<>(
            List.of("train", "--data", "" + rows, "--dcs", "3", "--ranks", "2", "--json", "-q"));
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

  @Test
  void twoGatewaysSendTheSameModel() throws Exception {
    JsonObject one = right(train("one", "--exchange", "dense", "--rounds", "12"));
    JsonObject two =
        right(train("two", "--exchange", "dense", "--rounds", "12", "--gateways", "2"));
    assertEquals(one.get("modelHash"), two.get("modelHash"));
    long bytes = two.getAsJsonObject("wan").get("bytes").getAsLong();
    long ofOne = one.getAsJsonObject("wan").get("bytes").getAsLong();
    assertTrue(bytes >= ofOne && bytes < ofOne * 1.05, bytes + " bytes, " + ofOne + " through one");
    Strait.Result audit = Strait.run("audit", "" + folder.resolve("two"), "--json");
    assertEquals(0, audit.status(), audit.err());
    assertEquals(6, audit.json().getAsJsonArray("ledgers").size());
    assertTrue(Files.exists(folder.resolve("two/ledger/dc2~gateway2.jsonl")));
  }

  @Test
  void aRunGoesOn() throws Exception {
    String[] how = {
      "--gateways", "2", "--wan", "1ms 1Gbit/s", "--checkpoint-every", "5", "--rounds", "22"
    };
    JsonObject unbroken = right(train("unbroken", how));
    how[7] = "13";
    right(train("first", how));
    Strait.Result resumed =
        Strait.run(
            "train",
            "--resume",
            "" + folder.resolve("first"),
            "--rounds",
            "22",
            "--json",
            "-q",
            "--out",
            "" + folder.resolve("second"));
    assertEquals(unbroken.get("modelHash"), right(resumed).get("modelHash"));
    assertEquals(0, Strait.run("audit", "" + folder.resolve("second")).status());
  }

  @Test
  void aLossEndsTheRun() throws Exception {
    Strait.Result result =
        train("killed", "--gateways", "2", "--rounds", "1000000", "--kill", "dc2@1s");
    assertEquals(30, result.status(), result.err());
    assertTrue(result.err().contains("dc2"), result.err());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = ';',
      value = {
        "--gateways 2 --quorum majority;no loss is survived with --gateways 2",
        "--gateways 2 --quorum 2;no loss is survived with --gateways 2",
        "--gateways 3;3 gateways in every data centre, but dc1 has 2 ranks",
        "--gateways 2 --solver distributed;not a solver in float64",
        "--gateways 2 --support on;not --support",
        "--gateways 2 --solver sgd --batch 9 --local-steps 4;not local steps"
      })
  void mistakesAreNamed(String flags, String message) throws Exception {
    Strait.Result result = train("mistake", flags.split(" "));
    assertEquals(2, result.status(), result.err());
    assertTrue(result.err().contains(message), result.err());
    assertFalse(result.err().contains("\tat "), result.err());
  }
}
