package org.strait.launcher.report;

import java.util.List;

/// A comparison as one self-contained page, in the style of the report.
public final class ComparisonPage {
  private ComparisonPage() {}

  /// The page.
  public static String render(Comparison comparison) {
    String title = "strait compare " + Html.text(comparison.name());
    StringBuilder html =
        new StringBuilder("<!doctype html><html lang=\"en\"><head><meta charset=\"utf-8\">")
            .append("<meta name=\"viewport\" content=\"width=device-width,initial-scale=1\">")
            .append("<meta name=\"color-scheme\" content=\"light dark\"><title>")
            .append(title)
            .append("</title><style>")
            .append(HtmlReport.css())
            .append("</style></head><body><main><h1>")
            .append(title)
            .append("</h1><p class=\"sub\">")
            .append(comparison.dcs().size())
            .append(" data centres: ")
            .append(Html.text(String.join(", ", comparison.dcs())))
            .append(". Every model is judged on the same test rows.</p>\n");
    html.append("<div class=\"card\"><table><tr>");
    List<String> heads = comparison.heads();
    for (int c = 0; c < heads.size(); c++) {
      html.append(c == 0 ? "<th>" : "<th class=\"num\">").append(Html.text(heads.get(c)));
      html.append("</th>");
    }
    html.append("</tr>");
    for (List<String> row : comparison.table()) {
      html.append("<tr>");
      for (int c = 0; c < row.size(); c++) {
        html.append(c == 0 ? "<td class=\"one\">" : "<td class=\"num\">");
        html.append(Html.text(row.get(c))).append("</td>");
      }
      html.append("</tr>");
    }
    html.append("</table></div>\n<p>")
        .append(
            "Together, rows stay where they are; what left each data centre is in the ledger of")
        .append(" that run. In one place, all rows would have to be there.</p>\n<h2>Runs</h2>");
    html.append("<div class=\"card\"><table>");
    for (Comparison.Run run : comparison.runs()) {
      html.append("<tr><td class=\"key\">").append(Html.text(run.what())).append("</td><td>");
      String folder = run.folder().map(path -> path.getFileName().toString()).orElse("");
      html.append("<a href=\"")
          .append(Html.text(folder))
          .append("/report.html\">")
          .append(Html.text(folder))
          .append("/report.html</a></td></tr>");
    }
    return html.append("</table></div></main></body></html>\n").toString();
  }
}
