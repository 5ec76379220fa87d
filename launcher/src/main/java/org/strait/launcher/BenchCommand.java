package org.strait.launcher;

import java.nio.file.Path;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.ServiceLoader;
import java.util.TreeSet;
import java.util.concurrent.Callable;
import org.strait.launcher.bench.BenchFailure;
import org.strait.launcher.bench.BenchRequest;
import org.strait.launcher.bench.BenchResult;
import org.strait.launcher.bench.BenchSuite;
import org.strait.launcher.config.UserMistake;
import org.strait.launcher.record.JsonFiles;
import org.strait.launcher.record.RunFolder;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/// `strait bench`: measures, side by side with peers.
@Command(
    name = "bench",
    description = {
      "Measure kernels, compressors, the parser, sums over ranks or a link, beside peers; or what",
      "each solver sends between data centres.",
      "BENCH is allreduce, codec, geo, kernels, parse, train or wan. Progress goes to standard error."
    })
final class BenchCommand implements Callable<Integer> {
  private static final int MOST_THREADS = 1024;

  /// Flags of bench geo that bench train has too.
  private static final List<String> TRAIN_FLAGS = List.of("data", "gap", "rows", "l2");

  @Parameters(
      paramLabel = "BENCH",
      description = "what to measure: allreduce, codec, geo, kernels, parse, train, wan")
  private String bench;

  @Option(
      names = "--threads",
      paramLabel = "N,N",
      description = "numbers of threads (default: 1 and all)")
  private String threads;

  @Option(
      names = "--only",
      paramLabel = "CASE",
      description = "cases whose name has this text or matches this pattern with *; several: A,B")
  private String only;

  @Option(
      names = "--backend",
      paramLabel = "NAME",
      description = "kernels to measure (default: ${DEFAULT-VALUE})")
  private String backend = "auto";

  @Option(names = "--quick", description = "small and short: checks results, measures nothing")
  private boolean quick;

  @Option(names = "--peers", description = "also NumPy, PyTorch and the like, where installed")
  private boolean peers;

  @Option(
      names = "--np",
      paramLabel = "N,N",
      description = "allreduce: numbers of ranks (default: 2,4)")
  private String np;

  @Option(
      names = "--sizes",
      paramLabel = "SIZES",
      description =
          "allreduce: 1KB,64KB, or 4B..256MB by fours, or 4B..256MB:16 by sixteens (default:"
              + " 4B..256MB)")
  private String sizes;

  @Option(
      names = "--engines",
      paramLabel = "NAMES",
      description =
          "allreduce: of shared-memory, tcp, unix, loopback, mpj, mpi-openmpi, mpi-mpich, peers"
              + " (default: all that are installed); tcp:halving forces an algorithm")
  private String engines;

  @Option(
      names = "--sets",
      paramLabel = "NAMES",
      description = "geo: clicks (generated), and files as with --data (default: clicks)")
  private String sets;

  @Option(
      names = "--data",
      paramLabel = "FILE,FILE",
      description =
          "geo, train: rows in LIBSVM text (geo: or CSV); NAME.sites.gz beside NAME.libsvm.gz says where rows are"
              + " from")
  private String data;

  @Option(
      names = "--dcs",
      paramLabel = "N,N",
      description = "geo: numbers of data centres (default: 2,4,8)")
  private String dcs;

  @Option(
      names = "--partitions",
      paramLabel = "NAMES",
      description = "geo: of random, label, sites (default: all)")
  private String partitions;

  @Option(
      names = "--solvers",
      paramLabel = "NAMES",
      description =
          "geo: solvers over data centres, default (float32, compressed: what strait train takes"
              + " where frugal cannot) and centralized"
              + " (default: all that differ)")
  private String solvers;

  @Option(
      names = "--gap",
      paramLabel = "X",
      description =
          "geo, train: relative distance to the optimum to reach (default: 1e-5; train 1e-6)")
  private String gap;

  @Option(
      names = "--links",
      paramLabel = "PROFILE",
      description = "geo: emulated network, as train --wan (default: 20ms 200Mbit/s)")
  private String links;

  @Option(
      names = "--rows",
      paramLabel = "N",
      description = "geo, train: generated rows (default: 16000; train 100000)")
  private String rows;

  @Option(
      names = "--l2",
      paramLabel = "X",
      description =
          "geo, train: weight of the penalty (default: 1/rows; geo's clicks 39/rows, so many have"
              + " values)")
  private String l2;

  @Option(
      names = "--rounds",
      paramLabel = "N",
      description = "geo: most steps of a solver (default: 100)")
  private String rounds;

  @Option(
      names = "--route",
      paramLabel = "ROUTE",
      description = "geo: how sums travel: hub (fewest bytes), mesh (default: hub)")
  private String route;

  @Option(
      names = "--html",
      paramLabel = "FILE",
      description = "geo: where the page of charts goes (default: geo.html in the run's folder)")
  private String html;

  @Mixin private final CommonOptions options;

  BenchCommand(CommonOptions options) {
    this.options = options;
  }

  @Override
  public Integer call() throws Exception {
    BenchSuite suite =
        ServiceLoader.load(BenchSuite.class)
            .findFirst()
            .orElseThrow(
                () ->
                    new UserMistake(
                        "the benchmarks are not on the class path", "use ./strait bench"));
    if (!suite.benches().containsKey(bench)) {
      throw new UserMistake(
          "unknown benchmark \"" + bench + "\"",
          "there are: " + String.join(", ", suite.benches().keySet()));
    }
    checkFlags();
    List<Integer> threadCounts = threadCounts();
    RunFolder folder =
        RunFolder.create(
            options.out(), "bench-" + bench, LocalDateTime.now(ZoneId.systemDefault()));
    options.folder(folder);
    Path record = folder.path().resolve("bench.json");
    BenchRequest request =
        new BenchRequest(
            bench,
            folder.path(),
            backend,
            threadCounts,
            Optional.ofNullable(only),
            quick,
            peers,
            Optional.ofNullable(np),
            Optional.ofNullable(sizes),
            Optional.ofNullable(engines),
            geoFlags(),
            Optional.ofNullable(System.getenv("PATH")).orElse(""),
            options::progress);
    BenchResult result;
    try {
      result = suite.run(request);
    } catch (BenchFailure e) {
      options.complain("strait: " + e.getMessage());
      return ExitStatus.RANK_LOST;
    }
    JsonFiles.writeAtomically(record, JsonFiles.pretty(result.rows()));
    if (options.json()) {
      options.json(result.rows());
    } else {
      result.table().forEach(options::say);
      options.say("rows  " + record);
    }
    return ExitStatus.DONE;
  }

  /// Flags of one benchmark mean nothing to the others.
  private void checkFlags() {
    boolean sums = bench.equals("allreduce");
    boolean geo = bench.equals("geo");
    for (String flag : geoFlags().keySet()) {
      if (!geo && !(bench.equals("train") && TRAIN_FLAGS.contains(flag))) {
        throw new UserMistake(
            "--" + flag + " does not go with bench " + bench,
            "it belongs to bench geo" + (TRAIN_FLAGS.contains(flag) ? " and train" : ""));
      }
    }
    if (geo && (only != null || peers || threads != null)) {
      throw new UserMistake(
          "--only, --peers and --threads do not go with bench geo",
          "say --sets, --dcs, --partitions and --solvers");
    }
    if (!sums && (np != null || sizes != null || engines != null)) {
      throw new UserMistake(
          "--np, --sizes and --engines do not go with bench " + bench,
          "they belong to bench allreduce");
    }
    if (sums && threads != null) {
      throw new UserMistake(
          "--threads does not go with bench allreduce", "say --np for the number of ranks");
    }
  }

  private Map<String, String> geoFlags() {
    Map<String, String> flags = new LinkedHashMap<>();
    String[][] all = {
      {"sets", sets},
      {"data", data},
      {"dcs", dcs},
      {"partitions", partitions},
      {"solvers", solvers},
      {"gap", gap},
      {"links", links},
      {"rows", rows},
      {"l2", l2},
      {"rounds", rounds},
      {"route", route},
      {"html", html}
    };
    for (String[] flag : all) {
      if (flag[1] != null) {
        flags.put(flag[0], flag[1]);
      }
    }
    return flags;
  }

  private List<Integer> threadCounts() {
    if (threads == null) {
      int all = Runtime.getRuntime().availableProcessors();
      return all == 1 ? List.of(1) : List.of(1, all);
    }
    TreeSet<Integer> counts = new TreeSet<>();
    for (String word : threads.split(",", -1)) {
      int count = word.matches("[0-9]{1,4}") ? Integer.parseInt(word) : 0;
      if (count < 1 || count > MOST_THREADS) {
        throw new UserMistake(
            "--threads: \"" + word + "\" is no number of threads",
            "write numbers from 1 to " + MOST_THREADS + ", such as 1,2");
      }
      counts.add(count);
    }
    return new ArrayList<>(counts);
  }
}
