package org.strait.engine.data;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/// What the first line of a CSV file says: the separator, the names of the columns, and which one
/// is the label, which the weight, and which feature each other one is.
///
/// - The separator is a tab if the first line has one outside of quotes, else a semicolon if it has
///   one, else a comma.
/// - The first line is a header if one of its cells is not a number; else columns are called 1, 2,
///   …
/// - The label is the column that was asked for, by name or by number from 1, or else the only one
///   called {@code label}, {@code target}, {@code class} or {@code y} in any case; {@code none}
///   says that there is none, and labels are 0.
/// - A column that was asked for is how much each row counts, not a feature.
/// - Where a model has names for its features, columns are taken by name: every one of them must be
///   there, in any order; others are left out.
///
/// @param separator byte between cells
/// @param header whether the first line holds names
/// @param names of the columns, in order
/// @param label index of the label's column, or -1
/// @param weight index of the weight's column, or -1
/// @param places number of the feature of each column, -1 for none
record CsvColumns(
    char separator,
    boolean header,
    List<String> names,
    int label,
    int weight,
    List<Integer> places) {
  private static final List<String> LABEL_NAMES = List.of("label", "target", "class", "y");
  private static final int LONGEST_LIST = 200;

  CsvColumns {
    names = List.copyOf(names);
    places = List.copyOf(places);
  }

  /// Reads the first line of a file.
  ///
  /// @throws DataException if the file cannot be read or has no such column
  static CsvColumns of(Path file, RowSettings settings) {
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
      return of(file.toString(), line, settings);
    } catch (IOException e) {
      throw FileSource.unreadable(file.toString(), e);
    }
  }

  /// @param source where the line comes from, for messages
  private static CsvColumns of(String source, String firstLine, RowSettings settings) {
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
    List<String> wanted = header ? settings.columns() : List.of();
    int weight =
        settings.weight().isEmpty()
            ? -1
            : named(source, header, names, settings.weight(), "--weight");
    int label =
        settings.label().equals(RowSettings.IF_ANY)
            ? usualLabel(names, wanted)
            : label(source, header, names, settings.label());
    if (label >= 0 && label == weight) {
      throw new DataException(
          source, "column \"" + names.get(label) + "\" is label and weight", "correct --weight");
    }
    List<Integer> places =
        wanted.isEmpty()
            ? inOrder(names.size(), label, weight)
            : byName(source, names, wanted, label, weight);
    CsvColumns columns = new CsvColumns(separator, header, names, label, weight, places);
    int known = settings.columns().size();
    if (known > 0 && columns.features() != known) {
      throw new DataException(
          source,
          columns.features() + " columns without names are features, the model has " + known,
          "give the file a header, or leave out what is no feature (--label)");
    }
    return columns;
  }

  /// Number of features.
  int features() {
    return (int) places.stream().filter(place -> place >= 0).count();
  }

  /// Names of the features in their order; none if the file has no header.
  List<String> featureNames() {
    List<String> features = new ArrayList<>();
    for (int i = 0; i < names.size() && header; i++) {
      if (i != label && i != weight) {
        features.add(names.get(i));
      }
    }
    return features;
  }

  private static List<Integer> inOrder(int cells, int label, int weight) {
    List<Integer> places = new ArrayList<>();
    int next = 0;
    for (int i = 0; i < cells; i++) {
      places.add(i == label || i == weight ? -1 : next++);
    }
    return places;
  }

  private static List<Integer> byName(
      String source, List<String> names, List<String> wanted, int label, int weight) {
    Map<String, Integer> place = new HashMap<>();
    for (String name : wanted) {
      place.put(name, place.size());
    }
    List<Integer> places = new ArrayList<>();
    boolean[] there = new boolean[wanted.size()];
    for (int i = 0; i < names.size(); i++) {
      int feature = i == label || i == weight ? -1 : place.getOrDefault(names.get(i), -1);
      if (feature >= 0 && there[feature]) {
        throw new DataException(
            source, "two columns are called \"" + names.get(i) + "\"", "rename one of them");
      }
      places.add(feature);
      if (feature >= 0) {
        there[feature] = true;
      }
    }
    List<String> missing = new ArrayList<>();
    for (int f = 0; f < there.length; f++) {
      if (!there[f]) {
        missing.add(wanted.get(f));
      }
    }
    if (!missing.isEmpty()) {
      throw new DataException(
          source,
          "the model has " + listed(missing) + ", which the file has not",
          "add what is missing, or give a model that was trained without it");
    }
    return places;
  }

  /// The only column with a usual name that is no feature; -1 if there is none.
  private static int usualLabel(List<String> names, List<String> wanted) {
    List<String> found =
        names.stream()
            .filter(n -> LABEL_NAMES.contains(n.toLowerCase(Locale.ROOT)) && !wanted.contains(n))
            .toList();
    return found.size() == 1 ? names.indexOf(found.getFirst()) : -1;
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
    return named(source, header, names, asked, "--label");
  }

  private static int named(
      String source, boolean header, List<String> names, String asked, String flag) {
    int index = header ? names.indexOf(asked) : -1;
    if (index < 0 && asked.matches("[1-9][0-9]{0,8}") && Integer.parseInt(asked) <= names.size()) {
      index = Integer.parseInt(asked) - 1;
    }
    if (index < 0) {
      throw new DataException(
          source, "no column \"" + asked + "\"; there are " + listed(names), "correct " + flag);
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
