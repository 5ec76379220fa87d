package org.strait.launcher.record;

import com.google.gson.Gson;
import com.google.gson.GsonBuilder;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParseException;
import com.google.gson.JsonParser;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import org.strait.launcher.config.UserMistake;

/// JSON files, written whole or not at all.
public final class JsonFiles {
  private static final Gson PRETTY =
      new GsonBuilder().setPrettyPrinting().disableHtmlEscaping().create();

  private JsonFiles() {}

  /// The JSON as indented text, with a line end.
  public static String pretty(JsonElement json) {
    return PRETTY.toJson(json) + "\n";
  }

  /// Writes text aside, forces it to the disk and renames: readers see the old file or the new one.
  ///
  /// @throws FileSystemException if the disk refuses; it names the file
  public static void writeAtomically(Path file, String text) throws IOException {
    Path aside = file.resolveSibling(file.getFileName() + ".partial");
    try {
      Files.writeString(aside, text, StandardCharsets.UTF_8);
      try (FileChannel channel = FileChannel.open(aside, StandardOpenOption.WRITE)) {
        channel.force(true);
      }
      Files.move(aside, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    } catch (FileSystemException e) {
      throw e;
    } catch (IOException e) {
      // The system names no file when the disk is full.
      throw (FileSystemException)
          new FileSystemException("" + file, null, e.getMessage()).initCause(e);
    } finally {
      Files.deleteIfExists(aside);
    }
  }

  /// Reads a JSON object that has certain members.
  ///
  /// @param what what the file should be, for the message
  /// @throws UserMistake if it is something else
  public static JsonObject read(Path file, String what, String... members) {
    JsonObject json = read(file);
    for (String member : members) {
      if (!json.has(member)) {
        throw new UserMistake(
            file + " is not " + what + ": it has no \"" + member + "\"",
            "give the folder of a run");
      }
    }
    return json;
  }

  /// Reads a JSON object.
  public static JsonObject read(Path file) {
    try {
      JsonElement json = JsonParser.parseString(Files.readString(file));
      if (json.isJsonObject()) {
        return json.getAsJsonObject();
      }
      throw new UserMistake(file + " holds no JSON object", "give a file that strait wrote");
    } catch (IOException e) {
      throw new UserMistake(
          (Files.exists(file) ? "cannot read " : "there is no file ") + file, "check the path");
    } catch (JsonParseException e) {
      throw new UserMistake(file + " is not JSON", "give a file that strait wrote");
    }
  }
}
