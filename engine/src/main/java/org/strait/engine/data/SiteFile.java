package org.strait.engine.data;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/// The site of each row of a data file: one name per line, plain or gzip-compressed.
public final class SiteFile {
  private final String source;
  private final List<String> names;
  private final int[] siteOfRow;

  private SiteFile(String source, List<String> names, int[] siteOfRow) {
    this.source = source;
    this.names = List.copyOf(names);
    this.siteOfRow = siteOfRow;
  }

  /// Reads all lines.
  ///
  /// @throws DataException if the file cannot be read, is empty, or has a line without a name
  public static SiteFile read(Path file) {
    String source = file.toString();
    Map<String, Integer> numbers = new HashMap<>();
    List<String> names = new ArrayList<>();
    int[] siteOfRow = new int[1024];
    int rows = 0;
    try (BufferedReader lines =
        new BufferedReader(new InputStreamReader(FileSource.open(file), StandardCharsets.UTF_8))) {
      for (String line = lines.readLine(); line != null; line = lines.readLine()) {
        String name = line.strip();
        if (name.isEmpty() || name.chars().anyMatch(c -> c < ' ' || c == 0xFFFD)) {
          throw new DataException(
              source + ":" + (rows + 1) + ":1",
              name.isEmpty() ? "a line without a site name" : "a site name with binary characters",
              "each line names the site of the same row of the data file");
        }
        Integer number = numbers.get(name);
        if (number == null) {
          number = names.size();
          numbers.put(name, number);
          names.add(name);
        }
        if (rows == siteOfRow.length) {
          siteOfRow = Arrays.copyOf(siteOfRow, 2 * rows);
        }
        siteOfRow[rows++] = number;
      }
    } catch (IOException e) {
      throw FileSource.unreadable(source + ":" + (rows + 1) + ":1", e);
    }
    if (rows == 0) {
      throw new DataException(source, "no lines", "it needs one site name for each row");
    }
    return new SiteFile(source, names, Arrays.copyOf(siteOfRow, rows));
  }

  /// Checks that there is one line for each row.
  ///
  /// @throws DataException that names both numbers
  public void checkRows(Dataset data) {
    if (data.rows() != siteOfRow.length) {
      throw new DataException(
          source,
          siteOfRow.length + " lines, but " + data.source() + " has " + data.rows() + " rows",
          "give the site file that belongs to these rows");
    }
  }

  /// Names in order of first appearance.
  public List<String> names() {
    return names;
  }

  /// Number of lines.
  public int rows() {
    return siteOfRow.length;
  }

  /// Index in {@link #names} of the site of a row.
  public int site(int row) {
    return siteOfRow[row];
  }

  /// Where the names come from, for messages.
  public String source() {
    return source;
  }
}
