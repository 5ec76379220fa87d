package org.strait.launcher.report;

/// Text made safe for HTML.
final class Html {
  private Html() {}

  /// The text with `&`, `<`, `>` and quotes escaped.
  static String text(String text) {
    return text.replace("&", "&amp;")
        .replace("<", "&lt;")
        .replace(">", "&gt;")
        .replace("\"", "&quot;")
        .replace("'", "&#39;");
  }
}
