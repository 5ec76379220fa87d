package org.strait.engine.checkpoint;

import java.io.IOException;
import java.net.URLEncoder;
import java.nio.channels.FileChannel;
import java.nio.channels.WritableByteChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.function.UnaryOperator;
import org.strait.engine.disk.WholeFile;

/// The checkpoints of one data centre in a folder, {@code DC-ROUND.checkpoint}: the last {@value
/// #KEPT} are kept, so that data centres that ended a round apart still have one in common. A file
/// is written aside, forced to the disk and renamed: a crash leaves the old ones, or the old ones
/// and a whole new one.
public final class CheckpointFolder {
  /// How many are kept.
  public static final int KEPT = 2;

  private static final String SUFFIX = ".checkpoint";

  private final Path folder;
  private final String prefix;
  private final UnaryOperator<WritableByteChannel> wrap;

  /// @param folder made when the first is written
  /// @param dc name of the data centre
  public CheckpointFolder(Path folder, String dc) {
    this(folder, dc, channel -> channel);
  }

  /// @param wrap sees every byte on its way to the disk
  CheckpointFolder(Path folder, String dc, UnaryOperator<WritableByteChannel> wrap) {
    this.folder = folder;
    this.wrap = wrap;
    prefix = URLEncoder.encode(dc, StandardCharsets.UTF_8) + "-";
  }

  /// Writes one and removes those that are no longer needed.
  ///
  /// @throws CheckpointException if the disk refuses; what was there before stays
  public void write(Checkpoint checkpoint) {
    Path file = file(checkpoint.round());
    try {
      WholeFile.write(file, out -> CheckpointLayout.write(checkpoint, wrap.apply(out)));
      List<Long> rounds = rounds();
      for (long old : rounds.subList(0, Math.max(0, rounds.size() - KEPT))) {
        Files.deleteIfExists(file(old));
      }
    } catch (IOException e) {
      throw new CheckpointException(
          "cannot write the checkpoint of round "
              + checkpoint.round()
              + " to "
              + file
              + " ("
              + e.getMessage()
              + "), which needs "
              + CheckpointLayout.bytes(checkpoint)
              + " bytes; earlier ones are as they were: make room, then go on with --resume",
          e);
    }
  }

  /// Rounds of the files there are, ascending, whole or not.
  public List<Long> rounds() {
    List<Long> rounds = new ArrayList<>();
    if (!Files.isDirectory(folder)) {
      return rounds;
    }
    try (DirectoryStream<Path> files = Files.newDirectoryStream(folder)) {
      for (Path file : files) {
        String name = file.getFileName().toString();
        if (name.startsWith(prefix) && name.endsWith(SUFFIX)) {
          String round = name.substring(prefix.length(), name.length() - SUFFIX.length());
          if (round.matches("\\d{1,18}")) {
            rounds.add(Long.parseLong(round));
          }
        }
      }
    } catch (IOException e) {
      throw new CheckpointException("cannot read the folder " + folder, e);
    }
    Collections.sort(rounds);
    return rounds;
  }

  /// Checks that a file is whole.
  ///
  /// @throws CheckpointException if it is not, or cannot be read
  public void verify(long round) {
    Path file = file(round);
    try (FileChannel in = FileChannel.open(file, StandardOpenOption.READ)) {
      CheckpointLayout.verify(in, file.toString());
    } catch (IOException e) {
      throw new CheckpointException("cannot read " + file + " (" + e + ")", e);
    }
  }

  /// Reads one.
  ///
  /// @throws CheckpointException if it cannot be read or is not one of this training
  public void read(long round, String settings, Checkpoint.Target target) {
    Path file = file(round);
    try (FileChannel in = FileChannel.open(file, StandardOpenOption.READ)) {
      CheckpointLayout.read(in, file.toString(), settings, target);
    } catch (IOException e) {
      throw new CheckpointException("cannot read " + file + " (" + e + ")", e);
    }
  }

  /// Where the checkpoint after a round is.
  public Path file(long round) {
    return folder.resolve(prefix + String.format(Locale.ROOT, "%09d", round) + SUFFIX);
  }
}
