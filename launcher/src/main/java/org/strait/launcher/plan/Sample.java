package org.strait.launcher.plan;

import java.io.BufferedWriter;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.strait.engine.data.ClickData;
import org.strait.engine.data.Dataset;
import org.strait.engine.data.LibSvmWriter;
import org.strait.engine.data.RowFile;
import org.strait.engine.data.SiteFile;
import org.strait.launcher.config.Job;
import org.strait.launcher.config.UserMistake;
import org.strait.memory.HostMemory;

/// Every k-th row of a job's files, in files of their own on this machine; all rows if they are
/// few.
///
/// @param every k
/// @param files with the rows: none if rows are generated
/// @param sites which row is from where, if the job has such a file
/// @param rows of the whole job
/// @param entries of the whole job
/// @param features that vectors have
/// @param occurring how many times more features occur in all rows than in these, at least 1
record Sample(
    int every,
    List<Path> files,
    Optional<Path> sites,
    long rows,
    long entries,
    int features,
    double occurring) {
  /// Entries that pilots train on, at most about so many: some seconds each.
  private static final long MOST_ENTRIES = 2_000_000;

  private static final int CLICK_FIELDS = 39;

  /// Reads the files and writes the sample beside each other into a folder.
  static Sample of(Job job, Path folder) throws IOException {
    if (job.data().files().isEmpty()) {
      return generated(job);
    }
    try (HostMemory memory = HostMemory.unlimited("rows to plan with")) {
      List<Dataset> all = new ArrayList<>();
      for (Path file : job.data().files()) {
        try (RowFile whole =
            RowFile.open(file, job.data().reading(job.machine().threads()), line -> {})) {
          all.add(whole.data().select(every(whole.data().rows(), 1), memory));
        }
      }
      long entries = all.stream().mapToLong(Dataset::entries).sum();
      long rows = all.stream().mapToLong(Dataset::rows).sum();
      int features =
          Math.max(
              job.data().features().orElse(0),
              all.stream().mapToInt(Dataset::features).max().orElse(0));
      int k = (int) Math.min(Integer.MAX_VALUE, Math.ceilDiv(Math.max(1, entries), MOST_ENTRIES));
      if (k == 1) {
        return new Sample(1, job.data().files(), job.data().sites(), rows, entries, features, 1);
      }
      List<Dataset> parts = new ArrayList<>();
      List<Path> files = new ArrayList<>();
      for (Dataset one : all) {
        Dataset part = one.select(every(one.rows(), k), memory);
        parts.add(part);
        Path file = folder.resolve("sample-" + (files.size() + 1) + ".libsvm");
        try (OutputStream out = Files.newOutputStream(file)) {
          LibSvmWriter.write(part, out);
        }
        files.add(file);
      }
      double occurring = (double) count(all, features) / count(parts, features);
      return new Sample(
          k, files, sites(job, k, folder), rows, entries, features, Math.max(1, occurring));
    }
  }

  private static Sample generated(Job job) {
    long perDc = job.data().generatedRows().orElseThrow();
    long rows = perDc * job.geography().topology().dcs().size();
    long entries = rows * CLICK_FIELDS;
    int k = (int) Math.clamp(Math.ceilDiv(entries, MOST_ENTRIES), 1, perDc);
    // A new row brings new categories, the fewer the more there are: like the square root.
    return new Sample(
        k, List.of(), Optional.empty(), rows, entries, ClickData.FEATURES, Math.sqrt(k));
  }

  private static Optional<Path> sites(Job job, int k, Path folder) throws IOException {
    if (job.data().sites().isEmpty()) {
      return Optional.empty();
    }
    SiteFile whole = SiteFile.read(job.data().sites().get());
    Path file = folder.resolve("sample.sites");
    try (BufferedWriter out = Files.newBufferedWriter(file, StandardCharsets.UTF_8)) {
      for (int row : every(whole.rows(), k)) {
        out.write(whole.names().get(whole.site(row)));
        out.write('\n');
      }
    }
    return Optional.of(file);
  }

  private static int[] every(int rows, int k) {
    if (rows < k) {
      throw new UserMistake(
          "a file of " + rows + " rows beside much larger ones cannot be sampled",
          "plan with data centres of like sizes");
    }
    return IntStream.iterate(0, row -> row < rows, row -> row + k).toArray();
  }

  private static long count(List<Dataset> parts, int features) {
    boolean[] there = new boolean[features];
    long count = 0;
    for (Dataset part : parts) {
      for (long e = 0; e < part.entries(); e++) {
        int f = part.matrix().index().get(e);
        count += there[f] ? 0 : 1;
        there[f] = true;
      }
    }
    return count;
  }
}
