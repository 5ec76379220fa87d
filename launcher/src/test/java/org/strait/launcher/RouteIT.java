package org.strait.launcher;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// Real ranks whose data centres speak through a hub, or a tree.
@Timeout(120)
class RouteIT {
  @TempDir Path folder;

  private JsonObject train(String route) throws Exception {
    Path rows = folder.resolve("rows.libsvm");
    if (!Files.exists(rows)) {
      Strait.rows(rows, 800, 400, 8);
    }
    List<String> words =
        new ArrayList<>(List.of("train", "--data", "" + rows, "--dcs", "4", "--json", "-q"));
    words.addAll(List.of("--tolerance", "1e-5", "--backend", "scalar"));
    words.addAll(
        List.of("--route", route, "--out", "" + folder.resolve("run-" + route.replace(":", "-"))));
    Strait.Result result = Strait.run(words.toArray(String[]::new));
    assertEquals(0, result.status(), result.err());
    return result.json();
  }

  private static Map<String, Long> gradientBytes(JsonObject record) {
    Map<String, Long> bytes = new HashMap<>();
    for (JsonElement one : record.getAsJsonObject("wan").getAsJsonArray("byLink")) {
      JsonObject link = one.getAsJsonObject();
      String name = link.get("from").getAsString() + " " + link.get("to").getAsString();
      bytes.put(name, link.getAsJsonObject("byKind").get("gradient").getAsLong());
    }
    return bytes;
  }

  @Test
  void vectorsGoThroughTheHub() throws Exception {
    JsonObject mesh = train("mesh");
    JsonObject hub = train("hub:dc2");
    assertTrue(hub.get("exchange").getAsString().startsWith("hub dc2 "), "" + hub.get("exchange"));
    Set<JsonElement> hashes = new HashSet<>(hub.getAsJsonObject("modelHash").asMap().values());
    assertEquals(1, hashes.size(), "" + hashes);
    double objective = mesh.get("objective").getAsDouble();
    assertEquals(objective, hub.get("objective").getAsDouble(), 1e-4 * objective);
    long rounds = hub.get("rounds").getAsLong();
    Map<String, Long> bytes = gradientBytes(hub);
    assertEquals(12, bytes.size());
    for (Map.Entry<String, Long> link : bytes.entrySet()) {
      if (!link.getKey().contains("dc2")) {
        assertEquals(4 * rounds, link.getValue(), link.getKey() + ": checksums only");
      }
    }
    long ofMesh = mesh.getAsJsonObject("wan").get("bytes").getAsLong();
    long ofHub = hub.getAsJsonObject("wan").get("bytes").getAsLong();
    assertTrue(ofHub < ofMesh, ofHub + " bytes through a hub, " + ofMesh + " in a mesh");
  }

  @Test
  void aRouteThatIsNoneIsAMistake() throws Exception {
    Strait.Result result =
        Strait.run("train", "--rows", "9", "--dcs", "2", "--route", "hub:dc9", "-q");
    assertEquals(2, result.status());
    assertTrue(
        result.err().contains("--route: route \"hub:dc9\": no data centre \"dc9\""), result.err());
    assertTrue(result.err().contains("known: [dc1, dc2]"), result.err());
    assertFalse(result.err().contains("\tat "), result.err());
  }
}
