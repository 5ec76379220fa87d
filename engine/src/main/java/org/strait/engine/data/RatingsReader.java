package org.strait.engine.data;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.strait.memory.HostMemory;

/// Reads ratings, plain or gzip-compressed: CSV lines {@code userId,movieId,rating} with further
/// columns or none, under a header or, without one, in this order. A row has two features with the
/// value 1, the item's and the user's ({@link RatingIds}), and the rating as its label. Ids are any
/// text without a comma.
public final class RatingsReader {
  private static final List<String> USERS = List.of("userid", "user", "useridentifier");
  private static final List<String> ITEMS = List.of("movieid", "movie", "itemid", "item");
  private static final List<String> RATINGS = List.of("rating", "score", "stars");
  private static final String REMEDY = "a rating is a line userId,movieId,rating";

  private final String source;
  private final int[] columns = {0, 1, 2};
  private int line;

  private RatingsReader(Path file) {
    source = file.toString();
  }

  /// All ratings of a file.
  ///
  /// @param known users and items that may occur, others are left out of their rows; null to take
  ///     those of the file
  /// @param memory owner of the rows
  /// @throws DataException if the file is not what it should be; names file and line
  public static Dataset read(Path file, RatingIds known, HostMemory memory) {
    RatingsReader reader = new RatingsReader(file);
    try (BufferedReader lines =
        new BufferedReader(new InputStreamReader(FileSource.open(file), StandardCharsets.UTF_8))) {
      return reader.read(lines, known, memory);
    } catch (IOException e) {
      throw FileSource.unreadable(file + ":" + (reader.line + 1), e);
    }
  }

  private Dataset read(BufferedReader lines, RatingIds known, HostMemory memory)
      throws IOException {
    Map<String, Integer> users = new HashMap<>();
    Map<String, Integer> items = new HashMap<>();
    List<int[]> pairs = new ArrayList<>();
    List<Float> ratings = new ArrayList<>();
    for (String text = lines.readLine(); text != null; text = lines.readLine()) {
      line++;
      String stripped = text.strip();
      if (stripped.isEmpty() || (line == 1 && header(stripped))) {
        continue;
      }
      String[] cells = stripped.split(",", -1);
      String user = cell(cells, 0, "user");
      String item = cell(cells, 1, "item");
      ratings.add(rating(cell(cells, 2, "rating")));
      pairs.add(
          new int[] {
            users.computeIfAbsent(user, _ -> users.size()),
            items.computeIfAbsent(item, _ -> items.size())
          });
    }
    if (pairs.isEmpty()) {
      throw new DataException(source, "no ratings", REMEDY);
    }
    RatingIds ids = known == null ? RatingIds.of(items.keySet(), users.keySet()) : known;
    int[] userPlaces = new int[users.size()];
    int[] itemPlaces = new int[items.size()];
    users.forEach((id, i) -> userPlaces[i] = ids.user(id));
    items.forEach((id, i) -> itemPlaces[i] = ids.item(id));
    try (DatasetBuilder builder = new DatasetBuilder(memory)) {
      for (int r = 0; r < pairs.size(); r++) {
        int user = userPlaces[pairs.get(r)[0]];
        int item = itemPlaces[pairs.get(r)[1]];
        if (item >= 0) {
          builder.entry(item, 1);
        }
        if (user >= 0) {
          builder.entry(user, 1);
        }
        builder.endRow(ratings.get(r));
      }
      return builder.build(source, ids.features(), memory).with(new RowFacts(null, List.of(), ids));
    }
  }

  /// Whether the first line is a header; finds the columns then.
  private boolean header(String first) {
    List<String> names = new ArrayList<>();
    for (String cell : first.split(",", -1)) {
      String plain = cell.strip().toLowerCase(Locale.ROOT).replaceAll("[^a-z]", "");
      names.add(plain);
    }
    List<List<String>> wanted = List.of(USERS, ITEMS, RATINGS);
    if (names.stream().noneMatch(name -> wanted.stream().anyMatch(w -> w.contains(name)))) {
      return false;
    }
    for (int c = 0; c < columns.length; c++) {
      List<String> any = wanted.get(c);
      columns[c] = -1;
      for (int i = 0; i < names.size() && columns[c] < 0; i++) {
        columns[c] = any.contains(names.get(i)) ? i : -1;
      }
      if (columns[c] < 0) {
        throw new DataException(
            source + ":1",
            "no column " + List.of("userId", "movieId", "rating").get(c) + " in \"" + first + "\"",
            REMEDY);
      }
    }
    return true;
  }

  private String cell(String[] cells, int which, String what) {
    int column = columns[which];
    if (column >= cells.length || cells[column].isBlank()) {
      throw new DataException(
          source + ":" + line,
          column >= cells.length
              ? cells.length + " columns, the " + what + " is in column " + (column + 1)
              : "the " + what + " is empty",
          REMEDY);
    }
    return unquoted(cells[column].strip());
  }

  private static String unquoted(String cell) {
    boolean quoted = cell.length() > 1 && cell.startsWith("\"") && cell.endsWith("\"");
    return quoted ? cell.substring(1, cell.length() - 1) : cell;
  }

  private float rating(String cell) {
    float rating;
    try {
      rating = Float.parseFloat(cell);
    } catch (NumberFormatException e) {
      rating = Float.NaN;
    }
    if (!Float.isFinite(rating)) {
      throw new DataException(source + ":" + line, "a rating of \"" + cell + "\"", REMEDY);
    }
    return rating;
  }
}
