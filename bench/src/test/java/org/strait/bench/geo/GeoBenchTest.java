package org.strait.bench.geo;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.strait.bench.Suite;
import org.strait.launcher.bench.BenchRequest;
import org.strait.launcher.bench.BenchResult;
import org.strait.launcher.config.UserMistake;

@Timeout(120)
class GeoBenchTest {
  @TempDir Path folder;

  private final List<String> said = new ArrayList<>();

  private BenchResult run(Map<String, String> flags) throws Exception {
    return new Suite()
        .run(
            new BenchRequest(
                "geo",
                folder,
                "scalar",
                List.of(1),
                Optional.empty(),
                true,
                false,
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                flags,
                "",
                said::add));
  }

  @Test
  void everySolverReachesTheOptimumAndItsBytesAreCounted() throws Exception {
    Map<String, String> flags = new HashMap<>(Map.of("rows", "800", "dcs", "3"));
    flags.put("partitions", "random,sites");
    BenchResult result = run(flags);
    Map<String, JsonObject> random = new LinkedHashMap<>();
    for (JsonElement element : result.rows()) {
      JsonObject row = element.getAsJsonObject();
      assertTrue(row.get("reached").getAsBoolean(), row.get("who") + ": " + row.get("reason"));
      assertTrue(row.get("gap").getAsDouble() <= 1.001e-5, row.get("gap").toString());
      assertTrue(row.getAsJsonArray("history").size() > 2);
      if (row.get("partition").getAsString().equals("random")) {
        random.put(row.get("who").getAsString(), row);
      }
    }
    assertEquals(2 * random.size(), result.rows().size());
    assertTrue(random.size() >= 5, random.keySet().toString());
    for (Map.Entry<String, JsonObject> entry : random.entrySet()) {
      long sent = entry.getValue().get("rowsSent").getAsLong();
      boolean sends = entry.getKey().equals("centralized");
      assertTrue(sends ? sent > 500 && sent < 560 : sent == 0, entry.getKey() + " sent " + sent);
    }
    JsonObject fadl = random.get("fadl");
    double perStep =
        fadl.get("vectors").getAsDouble() / (fadl.get("history").getAsJsonArray().size() - 2);
    assertEquals(4, perStep, 0.2, "vectors of a step through a hub");
    String page = Files.readString(folder.resolve("geo.html"));
    assertTrue(page.contains("<svg") && page.contains("fadl"), page.substring(0, 200));
    assertTrue(String.join("\n", result.table()).contains("geo.html"));
  }

  @Test
  void mistakesAreNamed() {
    assertMistake("solvers", "newton", "unknown name \"newton\"");
    assertMistake("dcs", "1", "\"1\" is no number from 2 to 64");
    assertMistake("gap", "0", "\"0\" is not such a number");
    assertMistake("links", "slow", "unknown network \"slow\"");
    assertMistake("data", "nothing.libsvm", "there is no file nothing.libsvm");
    assertMistake("partitions", "random,", "a name is empty");
  }

  private void assertMistake(String flag, String value, String words) {
    UserMistake mistake = assertThrows(UserMistake.class, () -> run(Map.of(flag, value)));
    assertTrue(mistake.getMessage().contains(words), mistake.getMessage());
  }
}
