package org.strait.launcher.summary;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.strait.engine.topology.DataCenter;
import org.strait.engine.topology.Link;
import org.strait.engine.topology.Topology;
import org.strait.launcher.config.Geography;
import org.strait.launcher.config.Job;
import org.strait.launcher.progress.Figures;

/// The first lines of `train` and `demo`: what is about to run where.
public final class Heading {
  private static final int MOST_LINKS = 6;

  private Heading() {}

  /// The lines.
  ///
  /// @param where the ranks are, in words
  /// @param ranksOnHost how many of them are on this machine
  public static List<String> lines(Job job, String version, String where, int ranksOnHost) {
    List<String> lines = new ArrayList<>();
    lines.add(
        "strait "
            + version
            + " · JDK "
            + Runtime.version().feature()
            + " · seed "
            + job.machine().seed());
    Geography geography = job.geography();
    Topology topology = geography.topology();
    List<String> dcs = new ArrayList<>();
    for (int i = 0; i < topology.dcs().size(); i++) {
      DataCenter dc = topology.dcs().get(i);
      String place = geography.places().get(i);
      dcs.add(
          dc.name()
              + (place.equals(dc.name()) ? "" : " (" + place + ")")
              + " × "
              + dc.ranks()
              + (dc.ranks() == 1 ? " rank" : " ranks"));
    }
    lines.add("  Topology   " + String.join(", ", dcs) + ", " + where + whichPart(geography));
    links(topology).forEach(line -> lines.add("             " + line));
    lines.add(
        "  Model      "
            + job.objective().model()
            + ", l2 "
            + job.objective().l2()
            + "   solver "
            + job.method().solver()
            + "   exchange "
            + job.method().exchange());
    lines.add("  Rows       " + rows(job));
    threads(job, ranksOnHost, Runtime.getRuntime().availableProcessors()).ifPresent(lines::add);
    return lines;
  }

  private static String whichPart(Geography geography) {
    return geography
        .here()
        .map(dc -> ": " + dc + " only, the others have launches of their own")
        .orElse("");
  }

  /// A line about threads, if ranks have several or there are more than cores.
  static Optional<String> threads(Job job, int ranks, int cores) {
    int threads = job.machine().threads();
    if (threads == 1) {
      return Optional.empty();
    }
    String line = "  Threads    " + threads + " in each of " + counted(ranks, "rank");
    return Optional.of(
        (long) threads * ranks <= cores
            ? line
            : line
                + " on "
                + counted(cores, "core")
                + ": they take turns and sleep while they wait, which is slower than fewer;"
                + " --threads auto gives "
                + Math.max(1, cores / ranks));
  }

  private static String counted(int count, String what) {
    return count + " " + what + (count == 1 ? "" : "s");
  }

  private static List<String> links(Topology topology) {
    List<String> lines = new ArrayList<>();
    for (Link link : topology.links()) {
      boolean first = link.from().compareTo(link.to()) < 0;
      if (link.shaped() && first && lines.size() < MOST_LINKS) {
        lines.add(
            String.format(
                Locale.ROOT,
                "%s ─ %s  %s, %s  (emulated)",
                link.from(),
                link.to(),
                Figures.seconds(link.delayNanos() / 1e9) + " one way",
                link.bitsPerSecond() == 0
                    ? "unlimited"
                    : Figures.megabits((double) link.bitsPerSecond())));
      }
    }
    return lines;
  }

  private static String rows(Job job) {
    if (job.data().generatedRows().isPresent()) {
      return String.format(
          Locale.ROOT,
          "%,d generated in each data centre; they stay there",
          job.data().generatedRows().getAsInt());
    }
    int files = job.data().files().size();
    if (job.geography().here().isPresent()) {
      return job.data().files().getFirst().getFileName()
          + " of "
          + job.geography().here().get()
          + "; they stay there";
    }
    return files == 1
        ? job.data().files().getFirst().getFileName()
            + ", split "
            + job.data().split().text()
            + " over the data centres"
        : files + " files, one per data centre; they stay there";
  }
}
