package org.strait.bench.geo;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import org.strait.engine.data.ClickData;
import org.strait.engine.data.Dataset;
import org.strait.engine.data.DatasetBuilder;
import org.strait.engine.data.Labels;
import org.strait.engine.data.RowFile;
import org.strait.engine.data.RowSettings;
import org.strait.engine.data.RowSplits;
import org.strait.engine.data.SiteFile;
import org.strait.kernels.Csr;
import org.strait.memory.HostMemory;
import org.strait.memory.Ints;

/// A data set, and the ways in which its rows can lie in data centres.
///
/// @param name for people
/// @param rows all of them, labels -1 and +1; only features that occur
/// @param siteOfRow where each row is from; empty if nobody knows
/// @param sites how many such places there are
/// @param l2 weight of the penalty
record GeoSet(String name, Dataset rows, List<Integer> siteOfRow, int sites, double l2) {
  private static final int CLICK_SITES = 8;
  private static final long SEED = 1;

  /// Entries of a row, most of them 1: a penalty of so many over the number of rows is that of C =
  /// 1 for rows scaled to norm 1.
  private static final double CLICK_FIELDS = 39;

  GeoSet {
    siteOfRow = List.copyOf(siteOfRow);
  }

  /// Generated clicks of eight sites, as many of each.
  ///
  /// @param l2 below 0 for the usual one
  static GeoSet clicks(int count, double l2, HostMemory memory) {
    List<Integer> sites = new ArrayList<>();
    try (HostMemory scratch = HostMemory.unlimited("generated rows");
        DatasetBuilder builder = new DatasetBuilder(scratch)) {
      ClickData data = new ClickData(SEED);
      int at = 0;
      for (int site = 0; site < CLICK_SITES; site++) {
        int end = (int) ((long) count * (site + 1) / CLICK_SITES);
        append(data.rows(site, 0, end - at, scratch), builder);
        for (; at < end; at++) {
          sites.add(site);
        }
      }
      Dataset all = builder.build("generated clicks", ClickData.FEATURES, scratch);
      return new GeoSet(
          "clicks", compact(all, memory), sites, CLICK_SITES, l2 < 0 ? CLICK_FIELDS / count : l2);
    }
  }

  /// A file, with a penalty of one over its rows if none is given, and {@code NAME.sites.gz} beside
  /// {@code NAME.libsvm.gz} if it is there.
  static GeoSet file(Path path, double l2, Consumer<String> tell, HostMemory memory) {
    String file = path.getFileName().toString();
    String stem = file.replaceFirst("\\.(libsvm|csv|tsv|txt)(\\.gz)?$|\\.gz$", "");
    Dataset rows;
    try (RowFile whole = RowFile.open(path, RowSettings.defaults(), tell)) {
      Labels.auto().apply(whole.data());
      rows = compact(whole.data(), memory);
    }
    Path beside = path.resolveSibling(stem + ".sites.gz");
    double penalty = l2 < 0 ? 1.0 / rows.rows() : l2;
    if (!Files.exists(beside)) {
      return new GeoSet(stem, rows, List.of(), 0, penalty);
    }
    SiteFile sites = SiteFile.read(beside);
    sites.checkRows(rows);
    return new GeoSet(
        stem,
        rows,
        IntStream.range(0, rows.rows()).mapToObj(sites::site).toList(),
        sites.names().size(),
        penalty);
  }

  /// Why rows cannot lie like that; empty if they can.
  Optional<String> missing(String partition, int dcs) {
    if (!partition.equals("sites")) {
      return rows.rows() >= dcs
          ? Optional.empty()
          : Optional.of(name + " has only " + rows.rows() + " rows");
    }
    if (sites == 0) {
      return Optional.of("nobody says where the rows of " + name + " are from");
    }
    return sites >= dcs
        ? Optional.empty()
        : Optional.of(name + " is from " + sites + " places, fewer than " + dcs);
  }

  /// The data centre of each row.
  int[] partition(String partition, int dcs) {
    if (partition.equals("sites")) {
      int[] dcOfSite = groups(dcs);
      return siteOfRow.stream().mapToInt(site -> dcOfSite[site]).toArray();
    }
    List<String> names = IntStream.range(0, dcs).mapToObj(dc -> "dc" + (dc + 1)).toList();
    return RowSplits.choose(partition, SEED, null).dcOfRow(rows, names);
  }

  /// Sites go to data centres whole: the largest first, each to the one with fewest rows.
  private int[] groups(int dcs) {
    long[] size = new long[sites];
    for (int site : siteOfRow) {
      size[site]++;
    }
    List<Integer> order = new ArrayList<>(IntStream.range(0, sites).boxed().toList());
    order.sort(Comparator.comparingLong((Integer site) -> -size[site]).thenComparing(s -> s));
    long[] filled = new long[dcs];
    int[] dcOfSite = new int[sites];
    for (int site : order) {
      int least = 0;
      for (int dc = 1; dc < dcs; dc++) {
        least = filled[dc] < filled[least] ? dc : least;
      }
      dcOfSite[site] = least;
      filled[least] += size[site];
    }
    return dcOfSite;
  }

  private static void append(Dataset part, DatasetBuilder builder) {
    Csr matrix = part.matrix();
    for (int r = 0; r < part.rows(); r++) {
      for (long e = matrix.rowStart().get(r); e < matrix.rowStart().get(r + 1L); e++) {
        builder.entry(matrix.index().get(e), matrix.value().get(e));
      }
      builder.endRow(part.labels().get(r));
    }
  }

  /// The same rows without the features that none has, so that a vector is as long as it must be.
  private static Dataset compact(Dataset all, HostMemory memory) {
    try (HostMemory scratch = HostMemory.unlimited("features")) {
      Ints places = scratch.ints(all.features());
      places.fill(-1);
      Csr matrix = all.matrix();
      for (long e = 0; e < matrix.entries(); e++) {
        places.set(matrix.index().get(e), 0);
      }
      int features = 0;
      for (long f = 0; f < places.length(); f++) {
        places.set(f, places.get(f) < 0 ? -1 : features++);
      }
      try (DatasetBuilder builder = new DatasetBuilder(scratch)) {
        for (int r = 0; r < all.rows(); r++) {
          for (long e = matrix.rowStart().get(r); e < matrix.rowStart().get(r + 1L); e++) {
            builder.entry(places.get(matrix.index().get(e)), matrix.value().get(e));
          }
          builder.endRow(all.labels().get(r));
        }
        return builder.build(all.source(), features, memory);
      }
    }
  }
}
