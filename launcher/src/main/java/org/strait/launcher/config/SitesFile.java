package org.strait.launcher.config;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.TreeSet;
import java.util.zip.GZIPInputStream;

/// The names in a sites file: one data centre's name per row, line by line, `.gz` too.
final class SitesFile {
  private static final int MOST_SITES = 1000;

  private SitesFile() {}

  /// The different names, sorted.
  static List<String> names(Path path) {
    TreeSet<String> names = new TreeSet<>();
    try (InputStream file = Files.newInputStream(path);
        InputStream plain = path.toString().endsWith(".gz") ? new GZIPInputStream(file) : file;
        BufferedReader reader =
            new BufferedReader(new InputStreamReader(plain, StandardCharsets.UTF_8))) {
      int line = 0;
      for (String text = reader.readLine(); text != null; text = reader.readLine()) {
        line++;
        String name = text.strip();
        if (!name.matches("[A-Za-z0-9][A-Za-z0-9_.-]*")) {
          throw new UserMistake(
              path + ":" + line + " \"" + name + "\" is no name for a data centre",
              "write one name per line: letters, digits, '-', '_' and '.'");
        }
        if (names.add(name) && names.size() > MOST_SITES) {
          throw new UserMistake(
              path + ":" + line + " names more than " + MOST_SITES + " data centres",
              "give the file with one data centre's name per row");
        }
      }
    } catch (IOException e) {
      throw new UserMistake("cannot read " + path + ": " + e.getMessage(), "check the file");
    }
    if (names.isEmpty()) {
      throw new UserMistake(path + " is empty", "write one data centre's name per row");
    }
    return List.copyOf(names);
  }
}
