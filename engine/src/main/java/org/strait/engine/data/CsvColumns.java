package org.strait.engine.data;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/// What the first line of a CSV file says: the separator, the names of the columns, and which one
/// is the label.
///
/// - The separator is a tab if the first line has one outside of quotes, else a semicolon if it has
///   one, else a comma.
/// - The first line is a header if one of its cells is not a number; else columns are called 1, 2,
///   …
/// - The label is the column that was asked for, by name or by number from 1, or else the only one
///   called {@code label}, {@code target}, {@code class} or {@code y} in any case; {@code none}
///   says that there is none, and labels are 0.
///
/// @param separator byte between cells
/// @param header whether the first line holds names
/// @param names of the columns, in order
/// @param label index of the label's column, or -1
record CsvColumns(char separator, boolean header, List<String> names, int label) {
  private static final List<String> LABEL_NAMES = List.of("label", "target", "class", "y");
  private static final int LONGEST_LIST = 200;

  CsvColumns {
    names = List.copyOf(names);
  }

  /// Reads the first line of a file.
  ///
  /// @param asked name or number of the label's column, {@code none}, or empty for the usual names
  /// @throws DataException if the file cannot be read or has no such column
  static CsvColumns of(Path file, String asked) {
    try (InputStream in = FileSource.open(file)) {
      byte[] bytes = new byte[TextBlock.BYTES];
      int filled = 0;
      int end = -1;
      while (end < 0) {
        int count = in.readNBytes(bytes, filled, bytes.length - filled);
        end = indexOf(bytes, filled, filled + count);
        filled += count;
        if (end < 0 && filled < bytes.length) {
          end = filled;
        } else if (end < 0) {
          if (filled > TextBlock.LONGEST_LINE) {
            throw new DataException(file + ":1", "an endless first line", "a row is one line");
          }
          bytes = Arrays.copyOf(bytes, 2 * filled);
        }
      }
      String line = new String(bytes, 0, end, StandardCharsets.UTF_8);
      return of(file.toString(), line, asked);
    } catch (IOException e) {
      throw FileSource.unreadable(file.toString(), e);
    }
  }

  /// @param source where the line comes from, for messages
  static CsvColumns of(String source, String firstLine, String asked) {
    String line = firstLine.startsWith("\uFEFF") ? firstLine.substring(1) : firstLine;
    char separator = separator(line);
    List<String> cells = cells(source, line.stripTrailing(), separator);
    if (cells.equals(List.of(""))) {
      throw new DataException(source + ":1:1", "an empty first line", "a CSV file begins with one");
    }
    boolean header = cells.stream().anyMatch(cell -> !isNumber(cell));
    List<String> names = new ArrayList<>();
    for (int i = 0; i < cells.size(); i++) {
      names.add(header && !cells.get(i).isEmpty() ? cells.get(i) : Integer.toString(i + 1));
    }
    return new CsvColumns(separator, header, names, label(source, header, names, asked));
  }

  /// Number of features.
  int features() {
    return names.size() - (label < 0 ? 0 : 1);
  }

  private static int label(String source, boolean header, List<String> names, String asked) {
    if (asked.equals("none")) {
      return -1;
    }
    if (asked.isEmpty()) {
      List<String> found =
          names.stream().filter(n -> LABEL_NAMES.contains(n.toLowerCase(Locale.ROOT))).toList();
      if (header && found.size() == 1) {
        return names.indexOf(found.getFirst());
      }
      throw new DataException(
          source,
          "which column is the label? There are " + listed(names),
          "say it: --label NAME, --label NUMBER or --label none");
    }
    int index = header ? names.indexOf(asked) : -1;
    if (index < 0 && asked.matches("[1-9][0-9]{0,8}") && Integer.parseInt(asked) <= names.size()) {
      index = Integer.parseInt(asked) - 1;
    }
    if (index < 0) {
      throw new DataException(
          source, "no column \"" + asked + "\"; there are " + listed(names), "correct --label");
    }
    return index;
  }

  private static String listed(List<String> names) {
    String all = names.size() + " columns: " + String.join(", ", names);
    return all.length() > LONGEST_LIST ? all.substring(0, LONGEST_LIST) + " …" : all;
  }

  private static char separator(String line) {
    boolean quoted = false;
    char found = ',';
    for (int i = 0; i < line.length(); i++) {
      char c = line.charAt(i);
      quoted ^= c == '"';
      if (!quoted && (c == '\t' || (c == ';' && found == ','))) {
        found = c;
      }
    }
    return found;
  }

  private static List<String> cells(String source, String line, char separator) {
    List<String> cells = new ArrayList<>();
    StringBuilder cell = new StringBuilder();
    boolean quoted = false;
    for (int i = 0; i < line.length(); i++) {
      char c = line.charAt(i);
      if (c == '"' && quoted && i + 1 < line.length() && line.charAt(i + 1) == '"') {
        cell.append('"');
        i++;
      } else if (c == '"') {
        quoted = !quoted;
      } else if (c == separator && !quoted) {
        cells.add(cell.toString().strip());
        cell.setLength(0);
      } else {
        cell.append(c);
      }
    }
    if (quoted) {
      throw new DataException(
          source + ":1", "a quote is open at the end of the line", "keep each row on one line");
    }
    cells.add(cell.toString().strip());
    return cells;
  }

  private static boolean isNumber(String cell) {
    byte[] bytes = (cell + "\n").getBytes(StandardCharsets.UTF_8);
    DecimalScanner decimal = new DecimalScanner();
    decimal.scan(bytes, 0);
    return cell.isEmpty()
        || decimal.end() == bytes.length - 1
        || cell.toLowerCase(Locale.ROOT).matches("[+-]?(nan|inf|infinity|na|null)");
  }

  private static int indexOf(byte[] bytes, int from, int to) {
    for (int i = from; i < to; i++) {
      if (bytes[i] == '\n') {
        return i;
      }
    }
    return -1;
  }
}
