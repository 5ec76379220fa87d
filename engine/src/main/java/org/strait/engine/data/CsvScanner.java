package org.strait.engine.data;

import java.nio.charset.StandardCharsets;
import java.util.Locale;

/// Scans CSV text (RFC 4180, but a cell may not go over a line end: what must be a number has
/// none). Zeros are not stored.
final class CsvScanner implements RowScanner {
  private static final int EXCERPT_BYTES = 32;

  private final CsvColumns columns;
  private final byte separator;
  private final int[] places;
  private final boolean ordered;
  private final float[] row;
  private final DecimalScanner decimal = new DecimalScanner();
  private byte[] bytes;
  private int lineStart;
  private long line;

  CsvScanner(CsvColumns columns) {
    this.columns = columns;
    separator = (byte) columns.separator();
    places = columns.places().stream().mapToInt(place -> place).toArray();
    int last = -1;
    boolean ascending = true;
    for (int place : places) {
      ascending &= place < 0 || place > last;
      last = Math.max(last, place);
    }
    ordered = ascending;
    row = new float[ordered ? 0 : columns.features()];
  }

  @Override
  public String form() {
    return "a row is a line of numbers";
  }

  @Override
  public void scan(TextBlock block, RowPieces rows) {
    bytes = block.bytes;
    line = 0;
    rows.begin(block.number, block.limit - block.from);
    int at = block.from;
    if (block.number == 0 && columns.header()) {
      at = lineEnd(at);
    } else if (block.number == 0 && startsWithMark(at)) {
      at += 3;
    }
    lineStart = at;
    while (at < block.limit) {
      if (bytes[at] == '\n') {
        line++;
        lineStart = ++at;
      } else if (bytes[at] == '\r' && bytes[at + 1] == '\n') {
        at++;
      } else {
        at = row(at, rows);
      }
    }
    rows.end(line);
  }

  /// Scans a row; returns where its line ends.
  private int row(int from, RowPieces rows) {
    byte[] b = bytes;
    int cells = columns.names().size();
    int labelCell = columns.label();
    int weightCell = columns.weight();
    float label = 0;
    float weight = 0;
    int features = 0;
    int at = from;
    for (int cell = 0; ; cell++) {
      if (cell >= cells) {
        throw cellCount(at, cells, "more than ");
      }
      int start = at;
      while (b[at] == ' ' || (b[at] == '\t' && separator != '\t')) {
        at++;
      }
      boolean quoted = b[at] == '"';
      if (quoted) {
        at++;
      }
      float x = decimal.scan(b, at);
      int end = decimal.end();
      if (end < 0) {
        throw noNumber(start, cell);
      }
      if (quoted) {
        if (b[end] != '"') {
          throw noNumber(start, cell);
        }
        end++;
      }
      while (b[end] == ' ' || b[end] == '\r' || (b[end] == '\t' && separator != '\t')) {
        end++;
      }
      int after = b[end];
      if (after != separator && after != '\n') {
        throw noNumber(start, cell);
      }
      if (!Float.isFinite(x)) {
        throw fail(
            start, named(cell) + ": " + text(start) + " is beyond float32 (±3.4e38)", "scale it");
      }
      if (cell == labelCell) {
        label = x;
      } else if (cell == weightCell) {
        if (x < 0) {
          throw fail(
              start,
              named(cell) + ": a weight of " + text(start),
              "weights are at least 0; 0 leaves the row out");
        }
        weight = x;
      } else if (places[cell] >= 0) {
        if (!ordered) {
          row[places[cell]] = x;
        } else if (x != 0) {
          add(rows, places[cell], x);
          features = places[cell] + 1;
        }
      }
      if (after == '\n') {
        if (cell + 1 != cells) {
          throw cellCount(end, cells, "" + (cell + 1) + " instead of ");
        }
        for (int f = 0; f < row.length; f++) {
          if (row[f] != 0) {
            add(rows, f, row[f]);
            features = f + 1;
          }
        }
        if (weightCell >= 0) {
          features = columns.features();
          add(rows, features++, weight);
        }
        rows.endRow(label, features);
        return end;
      }
      at = end + 1;
    }
  }

  private static void add(RowPieces rows, int feature, float x) {
    if (rows.filled == rows.index.length) {
      rows.flush();
    }
    rows.index[rows.filled] = feature;
    rows.value[rows.filled++] = x;
  }

  private BadText cellCount(int at, int cells, String how) {
    return fail(
        at, "a row of " + how + cells + " cells", "every row needs the cells of the first line");
  }

  private BadText noNumber(int start, int cell) {
    String text = text(start);
    String word = text.toLowerCase(Locale.ROOT);
    if (text.isEmpty() || word.matches("[+-]?(nan|inf|infinity)|n/?a|null|\\?")) {
      return fail(
          start,
          named(cell) + (text.isEmpty() ? " is empty" : " has no value (" + text + ")"),
          "fill it, or leave the row or the column out");
    }
    if (word.startsWith("\"") && word.indexOf('"', 1) < 0) {
      return fail(start, named(cell) + ": a quote that does not end", "keep a row on one line");
    }
    return fail(
        start,
        named(cell) + ": \"" + text.replace("\"", "") + "\" is not a number",
        cell == columns.label()
            ? "write labels as numbers, such as 0 and 1"
            : "write numbers (a column of 0 and 1 for each value), or leave the column out");
  }

  private String named(int cell) {
    return (cell == columns.label() ? "label column \"" : "column \"")
        + columns.names().get(cell)
        + "\"";
  }

  /// The text of a cell, cut off at some length.
  private String text(int start) {
    int end = start;
    boolean quoted = false;
    while (bytes[end] != '\n' && (quoted || bytes[end] != separator)) {
      quoted ^= bytes[end] == '"';
      end++;
    }
    int length = Math.min(end - start, EXCERPT_BYTES);
    String text = new String(bytes, start, length, StandardCharsets.UTF_8);
    return text.replaceAll("[\\p{Cntrl}\uFFFD]", "?").strip();
  }

  private BadText fail(int at, String what, String remedy) {
    return new BadText(line, at - lineStart, what, remedy);
  }

  private boolean startsWithMark(int at) {
    return bytes[at] == (byte) 0xEF && bytes[at + 1] == (byte) 0xBB && bytes[at + 2] == (byte) 0xBF;
  }

  private int lineEnd(int from) {
    int at = from;
    while (bytes[at] != '\n') {
      at++;
    }
    return at;
  }
}
