package org.strait.launcher;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// The solver that sends rows away, which nobody gets without having said so, and the paper's.
@Timeout(120)
class CentralizedIT {
  @TempDir Path folder;

  private Strait.Result train(String solver, Path run, String... more) throws Exception {
    Path rows = folder.resolve("rows.libsvm");
    if (!rows.toFile().exists()) {
      Strait.rows(rows, 400, 6, 1);
    }
    List<String> words =
        new ArrayList<>(
            List.of(
                "train",
                "--data",
                rows.toString(),
                "--dcs",
                "3",
                "--solver",
                solver,
                "--tolerance",
                "1e-7",
                "--backend",
                "scalar",
                "--out",
                run.toString()));
    words.addAll(List.of(more));
    return Strait.run(words.toArray(String[]::new));
  }

  @Test
  void rowsLeaveOnlyWhereThatIsSaid() throws Exception {
    Strait.Result refused = train("centralized", folder.resolve("no"));
    assertEquals(2, refused.status(), refused.err());
    assertTrue(refused.err().contains("nobody has agreed to that"), refused.err());
    assertTrue(refused.err().contains("--rows-may-leave"), refused.err());

    Path run = folder.resolve("yes");
    Strait.Result result =
        train("centralized", run, "--rows-may-leave", "--site", "dc2", "--ranks", "2");
    assertEquals(0, result.status(), result.out() + result.err());
    JsonObject record = Strait.record(run);
    assertEquals(266, record.get("rowsSent").getAsDouble(), 2);
    assertEquals(400, record.get("rows").getAsLong());
    assertTrue(record.get("solver").getAsString().contains("rows to dc2"));
    long rowBytes = 0;
    for (JsonElement element : record.getAsJsonObject("wan").getAsJsonArray("byLink")) {
      JsonObject link = element.getAsJsonObject();
      long kinds = 0;
      for (JsonElement bytes : link.getAsJsonObject("byKind").asMap().values()) {
        kinds += bytes.getAsLong();
      }
      assertEquals(link.get("bytes").getAsLong(), kinds, link.toString());
      boolean sends = !link.get("from").getAsString().equals("dc2");
      boolean has = link.getAsJsonObject("byKind").has("rows");
      assertEquals(sends && link.get("to").getAsString().equals("dc2"), has, link.toString());
      rowBytes += has ? link.getAsJsonObject("byKind").get("rows").getAsLong() : 0;
    }
    assertTrue(rowBytes > 1000, rowBytes + " bytes of rows");
    assertTrue(result.out().contains(record.get("rowsSent").getAsLong() + " of 400"));
    Strait.Result audit = Strait.run("audit", run.toString());
    assertEquals(0, audit.status(), audit.err());
    assertTrue(audit.out().contains("ROWS LEFT"), audit.out());

    Path other = folder.resolve("fadl");
    Strait.Result fadl = train("fadl", other);
    assertEquals(0, fadl.status(), fadl.out() + fadl.err());
    JsonObject second = Strait.record(other);
    assertEquals(0, second.get("rowsSent").getAsLong());
    assertEquals(
        0, second.get("objective").getAsDouble() / record.get("objective").getAsDouble() - 1, 1e-6);
  }
}
