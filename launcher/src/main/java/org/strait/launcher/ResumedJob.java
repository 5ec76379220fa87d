package org.strait.launcher;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.strait.launcher.config.Job;
import org.strait.launcher.config.JobJson;
import org.strait.launcher.config.JobKey;
import org.strait.launcher.config.Settings;
import org.strait.launcher.config.UserMistake;
import org.strait.launcher.record.JsonFiles;
import org.strait.launcher.record.RunFolder;

/// The job of a run that is to go on: that of the run's folder, with what the flags change.
final class ResumedJob {
  private ResumedJob() {}

  /// Reads it.
  ///
  /// @param dir folder of the run
  /// @param flags bounds and the like; rows and places cannot be changed
  static Job of(String dir, Settings flags) {
    Path folder = Path.of(dir).toAbsolutePath().normalize();
    if (!Files.isDirectory(folder)) {
      throw new UserMistake("--resume: there is no folder " + folder, "give the folder of a run");
    }
    if (!Files.isDirectory(RunFolder.checkpoints(folder))) {
      throw new UserMistake(
          "--resume: " + folder + " has no checkpoints",
          "give the folder of a run with --checkpoint-every, or start it anew");
    }
    List<String> fixed =
        flags.keys().stream().filter(JobKey::fixedInRun).map(JobKey::flag).toList();
    if (!fixed.isEmpty()) {
      throw new UserMistake(
          fixed.getFirst() + " cannot be changed in a run that goes on",
          "leave it out, or start a new run");
    }
    return JobJson.resumed(
        JsonFiles.read(
            new RunFolder(folder).job(), "the job of a run", "geography", "given", "wan"),
        flags);
  }
}
