package org.strait.engine.data;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import org.strait.memory.Floats;
import org.strait.memory.HostMemory;

/// Reads how much each row counts: a file with a number of at least 0 on each line, plain or
/// gzip-compressed, as many as the rows have lines of their own.
public final class RowWeights {
  private RowWeights() {}

  /// The weights of all rows of a file.
  ///
  /// @param file what to read
  /// @param rows how many there must be
  /// @param of the file with the rows, for messages
  /// @throws DataException if a line is no such number, or their count is another
  public static Floats read(Path file, int rows, String of, HostMemory memory) {
    Floats weights = memory.floats(rows);
    try (BufferedReader in =
        new BufferedReader(new InputStreamReader(FileSource.open(file), StandardCharsets.UTF_8))) {
      long count = 0;
      for (String line = in.readLine(); line != null; line = in.readLine()) {
        if (count < rows) {
          weights.set(count, weight(file + ":" + (count + 1), line.strip()));
        }
        count++;
      }
      if (count != rows) {
        throw new DataException(
            file.toString(),
            count + " weights, but " + of + " has " + rows + " rows",
            "give one line for each row");
      }
      return weights;
    } catch (IOException e) {
      throw FileSource.unreadable(file.toString(), e);
    }
  }

  private static float weight(String where, String text) {
    float weight;
    try {
      weight = Float.parseFloat(text);
    } catch (NumberFormatException e) {
      throw new DataException(
          where, "\"" + text + "\" is not a number", "write one number a line", e);
    }
    if (!(weight >= 0) || Float.isInfinite(weight)) {
      throw new DataException(
          where, "a weight of " + text, "weights are numbers of at least 0; 0 leaves the row out");
    }
    return weight;
  }
}
