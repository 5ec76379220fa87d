package org.strait.launcher.summary;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

class RunSummaryTest {
  private static String resource(String name) throws IOException {
    try (InputStream in =
        RunSummaryTest.class.getResourceAsStream("/org/strait/launcher/" + name)) {
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    }
  }

  private static JsonObject demo() throws IOException {
    return JsonParser.parseString(resource("demo-run.json")).getAsJsonObject();
  }

  @Test
  void layoutOfTheDemosFinalLines() throws IOException {
    assertEquals(
        resource("demo-summary.txt").strip(), String.join("\n", RunSummary.lines(demo())).strip());
  }

  @Test
  void differentModelsAreShouted() throws IOException {
    JsonObject record = demo();
    record.getAsJsonObject("modelHash").addProperty("dc2", "other");
    String text = String.join("\n", RunSummary.lines(record));
    assertTrue(text.contains("DIFFERS: dc1 sha256 "));
    assertTrue(text.contains("dc2 sha256 other"));
    assertFalse(text.contains("identical"));
  }

  @Test
  void whatWasNotMeasuredIsNotSaid() throws IOException {
    JsonObject record = demo();
    record.remove("reference");
    record.remove("centralise");
    String text = String.join("\n", RunSummary.lines(record));
    assertFalse(text.contains("against"));
  }
}
