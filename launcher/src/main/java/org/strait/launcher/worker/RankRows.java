package org.strait.launcher.worker;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import org.strait.engine.data.ClickData;
import org.strait.engine.data.DataException;
import org.strait.engine.data.Dataset;
import org.strait.engine.data.LabelSet;
import org.strait.engine.data.Labels;
import org.strait.engine.data.RowAssignment;
import org.strait.engine.data.RowFile;
import org.strait.engine.data.RowSettings;
import org.strait.engine.data.RowSplit;
import org.strait.engine.data.RowSplits;
import org.strait.engine.data.RowWeights;
import org.strait.engine.data.SiteFile;
import org.strait.engine.model.Models;
import org.strait.engine.rendezvous.Store;
import org.strait.engine.topology.DataCenter;
import org.strait.engine.topology.Topology;
import org.strait.launcher.config.Geography;
import org.strait.launcher.config.Job;
import org.strait.launcher.config.Only;
import org.strait.launcher.config.Split;
import org.strait.memory.HostMemory;

/// The rows of one rank, and what all ranks agreed on about theirs. Only numbers of rows and
/// features and the set of labels are published; rows stay in the process.
///
/// @param data this rank's rows, labels as the model wants them
/// @param allRows rows of all ranks
/// @param mostRows rows of the largest rank
/// @param mostEntries entries of the rank that has most
/// @param labels labels as they are in the files, over all ranks
/// @param policy what these labels mean
/// @param features number of features; the data have a column of ones more if there is an intercept
/// @param columns names of the features, if the files are CSV with a header; else none
/// @param meanLabel of the labels as they are in the files, over all ranks; 0 unless the model
///     begins at it
/// @param comesBack whether the other data centres are in training already, so that this one, with
///     a launch of its own, comes back
record RankRows(
    Dataset data,
    long allRows,
    int mostRows,
    long mostEntries,
    LabelSet labels,
    Labels policy,
    int features,
    List<String> columns,
    double meanLabel,
    boolean comesBack) {
  private static final long AGREE_NANOS = 600_000_000_000L;
  private static final String BACK = "back ";
  private static final double LABEL_PARTS = 1000;

  /// What is known about the rows of some ranks.
  ///
  /// @param weight what the rows count together
  /// @param columns hash of the names of CSV columns; 0 if there are none, 1 if they differ
  /// @param labelSum Σ label in thousandths, a whole number so that sums do not depend on their
  ///     order; 0 unless the model begins at their mean
  private record Facts(
      long rows,
      int mostRows,
      long mostEntries,
      int features,
      double weight,
      int columns,
      long labelSum,
      RowAbout about,
      LabelSet labels) {
    private static final int DIFFERENT = 1;

    static Facts of(
        Dataset own, boolean sums, List<String> columns, RowAbout about, LabelSet labels) {
      double sum = 0;
      for (int r = 0; sums && r < own.rows(); r++) {
        sum += own.labels().get(r);
      }
      return new Facts(
          own.rows(),
          own.rows(),
          own.entries(),
          own.features(),
          own.totalWeight(),
          columns.isEmpty() ? 0 : columns.hashCode() | Integer.MIN_VALUE,
          Math.round(sum * LABEL_PARTS),
          about,
          labels);
    }

    static Facts parse(String text, int mostLabels) {
      String[] words = text.split(" ", 9);
      return new Facts(
          Long.parseLong(words[0]),
          Integer.parseInt(words[1]),
          Long.parseLong(words[2]),
          Integer.parseInt(words[3]),
          Double.parseDouble(words[4]),
          Integer.parseInt(words[5]),
          Long.parseLong(words[6]),
          RowAbout.parse(words[7]),
          LabelSet.parse(words[8], mostLabels));
    }

    Facts and(Facts other) {
      return new Facts(
          rows + other.rows,
          Math.max(mostRows, other.mostRows),
          Math.max(mostEntries, other.mostEntries),
          Math.max(features, other.features),
          weight + other.weight,
          columns == other.columns || other.columns == 0
              ? columns
              : columns == 0 ? other.columns : DIFFERENT,
          labelSum + other.labelSum,
          about.and(other.about),
          labels.union(other.labels));
    }

    @Override
    public String toString() {
      return String.join(
          " ",
          "" + rows,
          "" + mostRows,
          "" + mostEntries,
          "" + features,
          "" + weight,
          "" + columns,
          "" + labelSum,
          about.toString(),
          labels.text());
    }
  }

  /// Reads or generates this rank's rows and agrees with all other ranks.
  ///
  /// @param agreement with data centres that have launches of their own
  /// @param tell takes a line about the cache of rows, if there is something to say
  static RankRows load(
      Job job,
      int rank,
      Labels policy,
      boolean classes,
      Store store,
      DcAgreement agreement,
      HostMemory memory,
      Consumer<String> tell) {
    int most = policy.most();
    Own mine = ownRows(job, rank, most, memory, tell);
    Dataset own = mine.rows();
    LabelSet found = mine.labels();
    Geography geography = job.geography();
    int dc = geography.topology().dcOf(rank);
    int dcs = geography.topology().dcs().size();
    boolean ownFiles = geography.here().isPresent() || job.data().files().size() > 1;
    RowAbout about = RowAbout.of(own.facts(), dc, dcs, ownFiles && job.data().only().isEmpty());
    List<String> columns = columns(job, rank);
    boolean sums = Models.CENTRED.contains(job.objective().model());
    Facts all = Facts.of(own, sums, columns, about, found);
    store.set("rows/" + rank, all.toString());
    for (int r = 0; r < geography.ranksHere(); r++) {
      int other = geography.firstRank() + r;
      if (other != rank) {
        all = all.and(Facts.parse(store.get("rows/" + other, AGREE_NANOS), most));
      }
    }
    boolean comesBack = false;
    if (geography.others() && rank == geography.firstRank()) {
      for (String text : agreement.exchange(all.toString())) {
        all = all.and(Facts.parse(text, most));
      }
      comesBack = agreement.comesBack();
      store.set("rows/all", (comesBack ? BACK : "") + all);
    } else if (geography.others()) {
      String text = store.get("rows/all", DcAgreement.PATIENCE_NANOS + AGREE_NANOS);
      comesBack = text.startsWith(BACK);
      all = Facts.parse(comesBack ? text.substring(BACK.length()) : text, most);
    }
    if (all.columns() == Facts.DIFFERENT) {
      throw new DataException(
          "all data centres",
          "the columns of their CSV files have different names, or another order",
          "give all the same header");
    }
    if (!(all.weight() > 0) || Double.isInfinite(all.weight())) {
      throw new DataException(
          "all data centres",
          "the rows weigh " + all.weight() + " together",
          "give weights above 0 to some rows");
    }
    about = all.about();
    own = about.apply(own, dc, memory);
    LabelSet labels =
        about.classes().isEmpty() ? all.labels() : LabelSet.below(about.classes().size());
    int features = Math.max(all.features(), own.features());
    // Before apply, so that every rank has the same complaint whatever its own rows are.
    policy.check(labels, job.data().files().size() == 1 ? own.source() : "all data centres");
    if (classes && labels.size() < 2) {
      throw new DataException(
          "all data centres",
          "every row has the label " + labels,
          "a classifier needs rows of two classes");
    }
    Labels meaning = policy.among(labels);
    meaning.apply(own);
    int asked = job.data().features().orElse(features);
    if (asked < features) {
      throw new DataException(
          own.source(),
          "feature " + features + " is above --features " + asked,
          "raise --features or leave it out");
    }
    Dataset data = own.withFeatures(asked);
    return new RankRows(
        job.objective().intercept() ? data.withConstant(memory) : data,
        all.rows(),
        all.mostRows(),
        all.mostEntries(),
        labels,
        meaning,
        asked,
        columns,
        (double) all.labelSum() / LABEL_PARTS / all.rows(),
        comesBack);
  }

  /// The file with rows of a data centre, or that of all.
  private static int fileOf(Job job, int rank) {
    return job.data().files().size() == 1 ? 0 : job.geography().topology().dcOf(rank);
  }

  private static List<String> columns(Job job, int rank) {
    return job.data().files().isEmpty()
        ? List.of()
        : RowFile.columns(
            job.data().files().get(fileOf(job, rank)), job.data().reading(job.machine().threads()));
  }

  /// The rows of one rank.
  ///
  /// @param labels that occur in them; of a training in one place, those of all data centres, so
  ///     that its model can be judged on rows of any
  private record Own(Dataset rows, LabelSet labels) {
    static Own of(Dataset rows, int mostLabels) {
      return new Own(rows, LabelSet.of(rows.labels(), mostLabels));
    }
  }

  private static Own ownRows(
      Job job, int rank, int most, HostMemory memory, Consumer<String> tell) {
    Topology topology = job.geography().topology();
    int dc = topology.dcOf(rank);
    int local = rank - topology.gatewayOf(dc);
    List<Path> files = job.data().files();
    if (files.isEmpty()) {
      int total = job.data().generatedRows().orElseThrow();
      int ranks = topology.dcs().get(dc).ranks();
      if (total < ranks) {
        throw new DataException(
            "--rows " + total,
            "data centre " + topology.dcs().get(dc).name() + " has " + ranks + " ranks",
            "generate at least one row for each rank");
      }
      int from = (int) ((long) total * local / ranks);
      int to = (int) ((long) total * (local + 1) / ranks);
      return Own.of(new ClickData(job.machine().seed()).rows(dc, from, to - from, memory), most);
    }
    if (job.data().only().isPresent()) {
      return ofOnePlace(job, job.data().only().get(), local, most, memory, tell);
    }
    Path path = files.get(fileOf(job, rank));
    try (RowFile whole = RowFile.open(path, job.data().reading(job.machine().threads()), tell)) {
      Dataset file = whole.data();
      if (!job.data().weights().isEmpty()) {
        Path weights = job.data().weights().get(fileOf(job, rank));
        file = file.weighted(RowWeights.read(weights, file.rows(), file.source(), memory));
      }
      boolean split = files.size() == 1 && job.geography().here().isEmpty();
      return Own.of(
          split
              ? file.select(
                  RowAssignment.of(file, split(job), names(topology), ranks(topology))
                      .rows(dc, local),
                  memory)
              : dealt(file, topology.dcs().get(dc), local, memory),
          most);
    }
  }

  /// The rows of one rank of a data centre that has all of these.
  private static Dataset dealt(Dataset rows, DataCenter dc, int local, HostMemory memory) {
    RowSplit whole = RowSplits.choose("contiguous", 0, null);
    RowAssignment assignment =
        RowAssignment.of(rows, whole, List.of(dc.name()), new int[] {dc.ranks()});
    return rows.select(assignment.rows(0, local), memory);
  }

  /// Of a training in one place: rows that one data centre would have, or those of all. All files
  /// are read, for their classes and items.
  private static Own ofOnePlace(
      Job job, Only only, int local, int most, HostMemory memory, Consumer<String> tell) {
    RowSettings reading = job.data().reading(job.machine().threads());
    DataCenter here = job.geography().topology().dcs().getFirst();
    List<Path> files = job.data().files();
    try (HostMemory scratch = memory.child("rows of one place")) {
      List<Dataset> parts = new ArrayList<>();
      LabelSet labels = null;
      RowAbout about = null;
      for (int i = 0; i < files.size(); i++) {
        try (RowFile file = RowFile.open(files.get(i), reading, tell)) {
          Dataset rows = file.data();
          if (!job.data().weights().isEmpty()) {
            Path weights = job.data().weights().get(i);
            rows = rows.weighted(RowWeights.read(weights, rows.rows(), rows.source(), memory));
          }
          boolean cut = files.size() == 1 && !only.isAll();
          int[] all = IntStream.range(0, rows.rows()).toArray();
          parts.add(rows.select(cut ? ofOne(job, only, rows) : all, scratch));
          LabelSet found = LabelSet.of(rows.labels(), most);
          labels = labels == null ? found : labels.union(found);
          RowAbout one = RowAbout.of(rows.facts(), i, files.size(), files.size() > 1);
          about = about == null ? one : about.and(one);
        }
      }
      int features = 0;
      for (int i = 0; i < parts.size(); i++) {
        parts.set(i, about.apply(parts.get(i), i, scratch));
        features = Math.max(features, parts.get(i).features());
      }
      for (int i = 0; i < parts.size(); i++) {
        parts.set(i, parts.get(i).withFeatures(features));
      }
      Dataset rows = parts.getFirst();
      if (parts.size() > 1) {
        rows = only.isAll() ? Dataset.joined(parts, scratch) : parts.get(only.index());
      }
      return new Own(dealt(rows, here, local, memory), labels);
    }
  }

  private static int[] ofOne(Job job, Only only, Dataset file) {
    int[] ranks = only.ranks().stream().mapToInt(Integer::intValue).toArray();
    return RowAssignment.of(file, split(job), only.dcs(), ranks).rows(only.index());
  }

  static RowSplit split(Job job) {
    SiteFile sites =
        job.data().split().equals(Split.SITES)
            ? SiteFile.read(job.data().sites().orElseThrow())
            : null;
    return RowSplits.choose(job.data().split().text(), job.machine().seed(), sites);
  }

  static List<String> names(Topology topology) {
    return topology.dcs().stream().map(DataCenter::name).toList();
  }

  private static int[] ranks(Topology topology) {
    return topology.dcs().stream().mapToInt(DataCenter::ranks).toArray();
  }

  /// The labels setting as the model file keeps it: of {@code auto}, the labels that were found.
  String labelNames(String setting, boolean several) {
    if (several) {
      return policy.toString();
    }
    if (!setting.equals("auto") || labels.values().length != 2) {
      return setting;
    }
    return labels.values()[0] == 0 ? "0,1" : "-1,1";
  }

  /// Rows of test data by DC name; only the DCs that have any.
  static int[] rowsOfSite(SiteFile sites, int site) {
    int[] rows = new int[sites.rows()];
    int count = 0;
    for (int row = 0; row < rows.length; row++) {
      if (sites.site(row) == site) {
        rows[count++] = row;
      }
    }
    return Arrays.copyOf(rows, count);
  }
}
