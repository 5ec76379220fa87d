package org.strait.launcher.report;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class HtmlReportTest {
  private static JsonObject demo() throws IOException {
    try (InputStream in =
        HtmlReportTest.class.getResourceAsStream("/org/strait/launcher/demo-run.json")) {
      return JsonParser.parseString(new String(in.readAllBytes(), StandardCharsets.UTF_8))
          .getAsJsonObject();
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "Converged: objective changed by less than 1e-7",
        "model identical in 3 of 3 data centres",
        "Objective against WAN bytes",
        "Objective against rounds",
        "Objective against time",
        "uncompressed reference",
        "Bytes per link",
        "dc3 → dc1",
        "85 ms, 50 Mbit/s",
        "measured by compressing them, not sent",
        "moving the rows",
        "This is not a mathematical privacy guarantee.",
        "./strait demo --rounds 40 --ranks 2",
        "<span class=\"tag set\">set</span>",
        "<pre id=\"record\">",
        "prefers-color-scheme:dark",
        "name=\"viewport\""
      })
  void saysWhatItMust(String text) throws IOException {
    String html = HtmlReport.render(demo());
    assertTrue(html.contains(text) || html.contains(Html.text(text)), text);
  }

  @Test
  void isOneFileWithoutScriptsOrAddresses() throws IOException {
    String html = HtmlReport.render(demo());
    assertFalse(
        Pattern.compile("<script|<link|@import|src=|https?://|url\\(").matcher(html).find());
  }

  @Test
  void embeddedRecordIsTheRecord() throws IOException {
    Matcher m =
        Pattern.compile("<pre id=\"record\">(.*?)</pre>", Pattern.DOTALL)
            .matcher(HtmlReport.render(demo()));
    assertTrue(m.find());
    String json =
        m.group(1)
            .replace("&quot;", "\"")
            .replace("&#39;", "'")
            .replace("&lt;", "<")
            .replace("&gt;", ">")
            .replace("&amp;", "&");
    assertEquals(demo(), JsonParser.parseString(json));
  }

  @Test
  void namesFromTheRunAreNoMarkup() throws IOException {
    JsonObject record = demo();
    record.addProperty("reason", "<img src=x onerror=alert(1)>");
    record.getAsJsonObject("config").addProperty("name", "</title><b>");
    String html = HtmlReport.render(record);
    assertFalse(html.contains("<img"));
    assertFalse(html.contains("</title><b>"));
  }

  @Test
  void partialRecordWithoutCurvesOrLinksIsReported() throws IOException {
    JsonObject record = demo();
    for (String key :
        List.of("reference", "centralise", "metrics", "objective", "seconds", "rounds", "rows")) {
      record.remove(key);
    }
    record.add("history", new JsonArray());
    record.add("modelHash", new JsonObject());
    record.getAsJsonObject("wan").add("byLink", new JsonArray());
    record.addProperty("converged", false);
    record.addProperty("exitStatus", 30);
    record.addProperty("reason", "rank 3 (dc2) was killed by signal 9 (SIGKILL)");
    String html = HtmlReport.render(record);
    assertTrue(html.contains("Failed: rank 3 (dc2) was killed by signal 9 (SIGKILL)"));
    assertFalse(html.contains("<svg"));
  }

  @ParameterizedTest
  @CsvSource({
    "0,24,5,'0 5 10 15 20'",
    "0.31,0.62,5,'0.4 0.5 0.6'",
    "0.32156,0.32158,4,'0.32156 0.321565 0.32157 0.321575 0.32158'"
  })
  void linearTicksAreRound(double low, double high, int wanted, String ticks) {
    Axis axis = new Axis(low, high, false, "", String::valueOf);
    StringBuilder text = new StringBuilder();
    for (double tick : axis.ticks(wanted)) {
      text.append(text.isEmpty() ? "" : " ")
          .append(
              Math.rint(tick * 1e9) == tick * 1e9 && tick == Math.rint(tick)
                  ? String.valueOf((long) tick)
                  : String.valueOf(Math.rint(tick * 1e9) / 1e9));
    }
    assertEquals(ticks, text.toString());
  }

  @Test
  void logarithmicTicksAreDecades() {
    Axis axis = new Axis(900, 3e7, true, "", String::valueOf);
    assertEquals(List.of(1e3, 1e4, 1e5, 1e6, 1e7), axis.ticks(6));
    assertEquals(0.5, axis.share(Math.sqrt(900 * 3e7)), 1e-12);
  }

  @Test
  void flatCurveAndSinglePointAreDrawn() {
    Axis x = Axis.over(new double[] {1}, false, "x", LossCharts::plain);
    Axis y = Axis.over(new double[] {0.5}, false, "y", LossCharts::plain);
    String svg =
        new LineChart(x, y, List.of(new LineChart.Series("a", List.of(1.0), List.of(0.5))))
            .figure("t");
    assertFalse(svg.contains("NaN"));
    assertTrue(svg.contains("<circle"));
  }
}
