package org.strait.launcher.record;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDateTime;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Optional;
import org.strait.launcher.config.UserMistake;

/// The folder of one run and the names of the files in it.
///
/// @param path the folder, absolute
public record RunFolder(Path path) {
  private static final DateTimeFormatter TIME = DateTimeFormatter.ofPattern("yyyyMMdd-HHmmss");

  /// Makes the folder: the one asked for, or a fresh `runs/TIME-NAME`. A record and report of an
  /// earlier run in it are removed, so that they cannot be taken for this run's.
  public static RunFolder create(Optional<Path> asked, String name, LocalDateTime now) {
    try {
      if (asked.isPresent()) {
        Path path = asked.get().toAbsolutePath().normalize();
        Files.createDirectories(path);
        RunFolder folder = new RunFolder(path);
        Files.deleteIfExists(folder.record());
        Files.deleteIfExists(folder.report());
        return folder;
      }
      Path runs = Files.createDirectories(Path.of("runs").toAbsolutePath());
      String base = TIME.format(now) + "-" + name.replaceAll("[^A-Za-z0-9_.-]", "_");
      for (int i = 1; ; i++) {
        try {
          return new RunFolder(Files.createDirectory(runs.resolve(i == 1 ? base : base + "-" + i)));
        } catch (FileAlreadyExistsException e) {
          // Another run began in the same second: take the next number.
        }
      }
    } catch (IOException e) {
      throw new UserMistake(
          "cannot make the run's folder "
              + asked.map(Path::toString).orElse("under runs/")
              + " ("
              + (e instanceof FileSystemException refused ? UserMistake.reason(refused) : e)
              + ")",
          "give a folder that can be written with --out DIR");
    }
  }

  /// The job as the ranks read it.
  public Path job() {
    return path.resolve("job.json");
  }

  /// The figures that ranks choose their kernels by; absent if the machine was not measured.
  public static Path calibration(Path folder) {
    return folder.resolve("calibration.txt");
  }

  /// Decisions that were taken as the run went, one JSON object a line; absent without --adapt.
  public static Path metrics(Path folder) {
    return folder.resolve("metrics.jsonl");
  }

  /// The checkpoints of all data centres whose gateways see this folder.
  public static Path checkpoints(Path folder) {
    return folder.resolve("checkpoints");
  }

  /// Removes checkpoints and ledgers of an earlier run in this folder, which would be taken for
  /// this run's.
  public void forgetEarlier() throws IOException {
    Files.deleteIfExists(metrics(path));
    for (Path folder : List.of(checkpoints(path), ledgers(path))) {
      if (Files.isDirectory(folder)) {
        try (DirectoryStream<Path> files =
            Files.newDirectoryStream(folder, "*.{checkpoint,jsonl,support}")) {
          for (Path file : files) {
            Files.delete(file);
          }
        }
      }
    }
  }

  /// The ledgers of all data centres whose gateways see this folder.
  public static Path ledgers(Path folder) {
    return folder.resolve("ledger");
  }

  /// The run record.
  public Path record() {
    return path.resolve("run.json");
  }

  /// The report.
  public Path report() {
    return path.resolve("report.html");
  }

  /// Logs of the ranks.
  public Path logs() {
    return path.resolve("logs");
  }
}
