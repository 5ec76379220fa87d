package org.strait.bench;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonPrimitive;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.strait.bench.kernels.KernelCases;
import org.strait.bench.peers.SearchPath;
import org.strait.bench.run.BenchCase;
import org.strait.launcher.bench.BenchRequest;
import org.strait.launcher.bench.BenchResult;

/// Everything once, with small operands: results are checked against the plain loops on the way.
@Timeout(120)
class SuiteTest {
  /// Fields of a row and whether each has to be there.
  private static final Map<String, Boolean> NUMBERS =
      Map.of(
          "threads", true,
          "ranks", true,
          "bytes", true,
          "seconds", true,
          "low", true,
          "high", true,
          "gbPerSecond", true,
          "gflopPerSecond", false,
          "ratioToBestPeer", false,
          "shareOfLimit", false);

  @TempDir Path folder;

  private final List<String> said = new ArrayList<>();

  private BenchResult run(String bench, Optional<String> only, boolean peers, String searchPath)
      throws Exception {
    return new Suite()
        .run(
            new BenchRequest(
                bench,
                folder,
                "auto",
                List.of(1, 2),
                only,
                true,
                peers,
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Map.of(),
                searchPath,
                said::add));
  }

  private static String path() {
    return System.getenv("PATH");
  }

  private static void assertContract(String bench, BenchResult result) {
    assertFalse(result.rows().isEmpty());
    for (JsonElement element : result.rows()) {
      JsonObject row = element.getAsJsonObject();
      String text = row.toString();
      assertEquals(bench, row.get("bench").getAsString(), text);
      assertFalse(row.get("case").getAsString().isBlank(), text);
      assertFalse(row.get("who").getAsString().isBlank(), text);
      JsonPrimitive peer = row.getAsJsonPrimitive("peer");
      assertTrue(peer.isBoolean(), text);
      NUMBERS.forEach(
          (name, always) -> {
            if (always || row.has(name)) {
              assertTrue(row.getAsJsonPrimitive(name).isNumber(), name + " of " + text);
              assertTrue(row.get(name).getAsDouble() >= 0, name + " of " + text);
            }
          });
      Set<String> unknown = new HashSet<>(row.keySet());
      unknown.removeAll(NUMBERS.keySet());
      assertEquals(Set.of("bench", "case", "who", "peer"), unknown, text);
      assertTrue(row.get("low").getAsDouble() <= row.get("seconds").getAsDouble(), text);
      assertTrue(row.get("seconds").getAsDouble() <= row.get("high").getAsDouble(), text);
      assertEquals(1, row.get("ranks").getAsInt(), text);
    }
  }

  private static boolean anyPeer(BenchResult result) {
    for (JsonElement row : result.rows()) {
      if (row.getAsJsonObject().get("peer").getAsBoolean()) {
        return true;
      }
    }
    return false;
  }

  @Test
  void everyKernelCaseRunsAndIsRight() throws Exception {
    BenchResult result = run("kernels", Optional.empty(), false, path());
    assertContract("kernels", result);
    Set<String> names = new HashSet<>();
    for (JsonElement row : result.rows()) {
      names.add(row.getAsJsonObject().get("case").getAsString());
    }
    for (BenchCase benchCase : KernelCases.all(true)) {
      assertTrue(names.contains(benchCase.name()), benchCase.name());
    }
    boolean compiler = SearchPath.find(path(), "cc").isPresent();
    assertEquals(compiler, anyPeer(result), said.toString());
    assertTrue(result.table().size() > result.rows().size());
  }

  @Test
  void parsingIsCheckedAgainstWhatWasWritten() throws Exception {
    BenchResult result = run("parse", Optional.of("libsvm*"), true, path());
    assertContract("parse", result);
    assertFalse(Files.exists(folder.resolve("generated.libsvm")), "the text is left behind");
  }

  @Test
  void withoutACompilerThereAreNoPeersAndOneLineSaysSo() throws Exception {
    BenchResult result = run("kernels", Optional.of("dot l1"), false, folder.toString());
    assertContract("kernels", result);
    assertFalse(anyPeer(result));
    for (JsonElement row : result.rows()) {
      assertFalse(row.getAsJsonObject().has("ratioToBestPeer"), row.toString());
    }
    assertEquals(
        List.of("no C peers: there is no cc in PATH"),
        said.stream().filter(line -> line.contains("peers")).toList());
  }

  @Test
  void aCompilerThatFailsIsToldInOneLine() throws Exception {
    Path cc = Files.writeString(folder.resolve("cc"), "#!/bin/sh\necho error: no >&2; exit 1\n");
    assumeTrue(cc.toFile().setExecutable(true), "no executable scripts here");
    BenchResult result = run("kernels", Optional.of("dot l1"), false, folder.toString());
    assertFalse(anyPeer(result));
    assertTrue(
        said.contains("no C peers: " + cc + " cannot compile the C twins: error: no"),
        said.toString());
  }

  @Test
  void missingPythonIsToldInOneLine() throws Exception {
    run("kernels", Optional.of("dot l1"), true, folder.toString());
    assertTrue(said.contains("no Python peers: there is no python3 in PATH"), said.toString());
  }
}
