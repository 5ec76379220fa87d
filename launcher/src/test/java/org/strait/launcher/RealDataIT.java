package org.strait.launcher;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.JsonObject;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// Real data against optima that other software found (scipy and Newton steps to a gradient of
/// 1e-14; data/optima.md beside the data), with everything at its default. Skips without the data.
@Tag("computes")
@Timeout(180)
class RealDataIT {
  private static final double A9A = 0.324506924713757;
  private static final double FLIGHTS = 0.494559351586155;
  private static final double PM25 = 0.555467036922772;

  /// What the default tolerance promises is 1e-4.
  private static final double LARGEST_GAP = 1e-4;

  @TempDir Path folder;

  private Strait.Result train(String... more) {
    List<String> args = new ArrayList<>(List.of("train", "--l2", "1e-4", "--json"));
    args.addAll(List.of(more));
    args.addAll(List.of("--out", folder.toString()));
    return Strait.run(args.toArray(String[]::new));
  }

  private static JsonObject near(double optimum, String name, Strait.Result result) {
    assertEquals(0, result.status(), result.err());
    JsonObject record = result.json();
    TrainIT.checkRecord(record);
    double gap = record.get("objective").getAsDouble() / optimum - 1;
    System.getLogger(RealDataIT.class.getName())
        .log(
            System.Logger.Level.INFO,
            String.format(
                Locale.ROOT,
                "%s: %d data centres, %d rounds, %d WAN bytes (%.1f vectors), %.2f s, gap %.1e",
                name,
                record.get("dcs").getAsInt(),
                record.get("rounds").getAsInt(),
                record.getAsJsonObject("wan").get("bytes").getAsLong(),
                record.getAsJsonObject("wan").get("vectors").getAsDouble(),
                record.get("seconds").getAsDouble(),
                gap));
    assertTrue(gap > -1e-6 && gap < LARGEST_GAP, name + ": gap " + gap);
    assertTrue(record.get("converged").getAsBoolean(), record.get("reason").getAsString());
    return record;
  }

  @Test
  void a9a() {
    Path data = Strait.shared("a9a/a9a.gz");
    Path test = Strait.shared("a9a/a9a.t.gz");
    JsonObject record =
        near(A9A, "a9a", train("--data", "" + data, "--test", "" + test, "--dcs", "3"));
    assertEquals(32561, record.get("rows").getAsLong());
    JsonObject metrics = record.getAsJsonObject("metrics");
    assertEquals(0.84995, metrics.get("accuracy").getAsDouble(), 5e-4);
    assertEquals(0.74608, metrics.get("auprc").getAsDouble(), 5e-4);
    assertEquals(0.90238, metrics.get("auc").getAsDouble(), 5e-4);
    assertEquals(0.32383, metrics.get("logLoss").getAsDouble(), 5e-4);
  }

  /// One class in a data centre: gradients cancel between them, and the sums must still be exact.
  @Test
  void a9aByLabelToTheMinimum() {
    Path data = Strait.shared("a9a/a9a.gz");
    JsonObject record =
        near(
            A9A,
            "a9a by label",
            train(
                "--data",
                "" + data,
                "--dcs",
                "3",
                "--split",
                "label",
                "--solver",
                "distributed",
                "--tolerance",
                "1e-9"));
    assertEquals(A9A, record.get("objective").getAsDouble(), 1e-8 * A9A);
    JsonObject work = record.getAsJsonObject("solverWork");
    long vectors = work.get("vectorsPerLink").getAsLong();
    assertTrue(
        vectors <= work.get("evaluations").getAsLong() + work.get("hessianProducts").getAsLong());
    // Six links; what is beside the vectors is framing.
    long bytes = record.getAsJsonObject("wan").get("bytes").getAsLong();
    assertTrue(bytes > 6 * 4 * 123 * vectors && bytes < 1.3 * 6 * 4 * 123 * vectors, "" + bytes);
  }

  @Test
  void a9aByLabelWithFewBytes() {
    Path data = Strait.shared("a9a/a9a.gz");
    JsonObject record =
        near(
            A9A,
            "a9a by label, frugal",
            train(
                "--data",
                "" + data,
                "--dcs",
                "3",
                "--split",
                "label",
                "--solver",
                "frugal",
                "--tolerance",
                "1e-9"));
    assertEquals(A9A, record.get("objective").getAsDouble(), 1e-8 * A9A);
    long bytes = record.getAsJsonObject("wan").get("bytes").getAsLong();
    assertTrue(bytes < 100_000, "" + bytes);
  }

  @Test
  void flightsOfThreeAirports() {
    Path data = Strait.shared("derived/nycflights13.libsvm.gz");
    Path sites = Strait.shared("derived/nycflights13.sites.gz");
    JsonObject record =
        near(FLIGHTS, "nycflights13", train("--data", "" + data, "--sites", "" + sites));
    assertEquals(3, record.get("dcs").getAsInt());
  }

  @Test
  void airOfFiveCities() {
    Path data = Strait.shared("derived/china-pm25.libsvm.gz");
    Path sites = Strait.shared("derived/china-pm25.sites.gz");
    JsonObject record = near(PM25, "china-pm25", train("--data", "" + data, "--sites", "" + sites));
    assertEquals(5, record.get("dcs").getAsInt());
  }

  @Test
  void targetEndsTheTraining() {
    String data = Strait.shared("a9a/a9a.gz").toString();
    Strait.Result reached = train("--data", data, "--dcs", "3", "--target", "0.3249");
    assertEquals(0, reached.status(), reached.err());
    assertEquals("target reached", reached.json().get("reason").getAsString());
    assertTrue(reached.json().get("converged").getAsBoolean());
    assertTrue(reached.json().get("objective").getAsDouble() <= 0.3249);
  }

  @Test
  void unreachableTargetIsThree() throws Exception {
    String data = Strait.shared("a9a/a9a.gz").toString();
    Strait.Result missed = train("--data", data, "--dcs", "3", "--target", "0.1", "--rounds", "3");
    assertEquals(3, missed.status(), missed.err());
    assertTrue(missed.err().contains(" is above --target 0.1; "), missed.err());
    assertEquals(missed.json(), Strait.record(folder));
    assertEquals(3, missed.json().get("rounds").getAsLong());
    assertFalse(missed.json().get("converged").getAsBoolean());
    TrainIT.checkRecord(missed.json());
  }
}
