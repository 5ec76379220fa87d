package org.strait.launcher.record;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStreamWriter;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.zip.GZIPInputStream;
import java.util.zip.GZIPOutputStream;
import org.strait.engine.data.RatingIds;
import org.strait.engine.data.RowFacts;
import org.strait.launcher.config.UserMistake;

/// Which users and items the features of a model of ratings are, beside the model's file: users of
/// the first data centre only, where each has its own file. Gzip-compressed lines `item,ID` and
/// `user,ID` in the order of features, under a line `features,N,first user,F`.
public final class IdsFile {
  private static final String NAME = "model.ids.csv.gz";

  private IdsFile() {}

  /// Writes the ids of ratings; nothing for other rows.
  ///
  /// @param model file of the model
  public static void write(Path model, RowFacts facts) throws IOException {
    RatingIds ids = facts.ids();
    if (ids == null) {
      return;
    }
    try (Writer out =
        new OutputStreamWriter(
            new GZIPOutputStream(Files.newOutputStream(model.resolveSibling(NAME))),
            StandardCharsets.UTF_8)) {
      out.write("features," + ids.features() + ",first user," + ids.firstUser() + "\n");
      for (String item : ids.items()) {
        out.write("item," + item + "\n");
      }
      for (String user : ids.users()) {
        out.write("user," + user + "\n");
      }
    }
  }

  /// The ids beside a model.
  ///
  /// @throws UserMistake if the file is not whole
  public static Optional<RatingIds> read(Path model) throws IOException {
    Path file = model.resolveSibling(NAME);
    if (!Files.exists(file)) {
      return Optional.empty();
    }
    List<String> items = new ArrayList<>();
    List<String> users = new ArrayList<>();
    try (BufferedReader in =
        new BufferedReader(
            new InputStreamReader(
                new GZIPInputStream(Files.newInputStream(file)), StandardCharsets.UTF_8))) {
      String[] head = in.readLine().split(",", -1);
      int features = Integer.parseInt(head[1]);
      int firstUser = Integer.parseInt(head[3]);
      for (String line = in.readLine(); line != null; line = in.readLine()) {
        String[] words = line.split(",", 2);
        (words[0].equals("item") ? items : users).add(words[1]);
      }
      RatingIds own = RatingIds.of(items, users);
      return Optional.of(own.among(items, firstUser - items.size(), features - items.size()));
    } catch (IOException | RuntimeException e) {
      throw new UserMistake(
          file + ": is not whole (" + e.getMessage() + ")", "take the file that training wrote");
    }
  }
}
