package org.strait.bench.allreduce;

import com.google.gson.JsonArray;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.strait.bench.CasePattern;
import org.strait.launcher.bench.BenchFailure;
import org.strait.launcher.bench.BenchRequest;
import org.strait.launcher.bench.BenchResult;
import org.strait.launcher.config.UserMistake;

/// Times a float32 sum of every size by every engine and peer, in place, for each number of ranks.
public final class AllReduceBench {
  private static final List<Integer> RANKS = List.of(2, 4);
  private static final String SIZES = "4B..256MB";
  private static final String QUICK_SIZES = "4B,1KB,64KB,1MB";
  private static final String CHART = "allreduce.html";

  /// Part of the free memory that may be used.
  private static final double MEMORY_SHARE = 0.9;

  private final BenchRequest request;
  private final List<Integer> rankCounts;
  private final Map<String, Boolean> chosen;
  private final List<Crew> crews = new CopyOnWriteArrayList<>();
  private final List<SumRow> rows = new ArrayList<>();
  private volatile boolean stopped;

  private AllReduceBench(BenchRequest request) {
    this.request = request;
    rankCounts =
        request.np().map(AllReduceBench::ranks).orElse(request.quick() ? List.of(2) : RANKS);
    chosen = Engines.choose(request.engines());
  }

  /// Measures.
  ///
  /// @throws UserMistake if a flag names what is not there
  /// @throws BenchFailure if a rank is lost
  public static BenchResult run(BenchRequest request) throws IOException {
    AllReduceBench bench = new AllReduceBench(request);
    List<Long> sizes =
        CasePattern.choose(
            Sizes.parse(request.sizes().orElse(request.quick() ? QUICK_SIZES : SIZES)),
            bytes -> "float32 " + Sizes.name(bytes),
            request.only());
    Thread interrupted = new Thread(bench::stop, "allreduce-interrupted");
    Runtime.getRuntime().addShutdownHook(interrupted);
    try {
      for (int n : bench.rankCounts) {
        bench.measure(n, sizes);
      }
    } catch (BenchFailure e) {
      // Ranks that were ended on purpose are not lost.
      throw bench.stopped ? new BenchFailure("interrupted") : e;
    } finally {
      bench.close();
      try {
        Runtime.getRuntime().removeShutdownHook(interrupted);
      } catch (IllegalStateException e) {
        // The JVM is stopping already: the hook has done its work.
        bench.stopped = true;
      }
    }
    return bench.result();
  }

  private static List<Integer> ranks(String text) {
    TreeSet<Integer> counts = new TreeSet<>();
    for (String word : text.split(",", -1)) {
      int count = word.strip().matches("[0-9]{1,4}") ? Integer.parseInt(word.strip()) : 0;
      if (count < 2 || count > Pattern.MOST_RANKS) {
        throw new UserMistake(
            "--np: \"" + word + "\" is no number of ranks that can sum",
            "write numbers from 2 to " + Pattern.MOST_RANKS + ", such as 2,4");
      }
      counts.add(count);
    }
    return List.copyOf(counts);
  }

  private void measure(int ranks, List<Long> asked) throws IOException {
    Map<String, Boolean> here = new LinkedHashMap<>();
    Engines finder = new Engines(request, 0);
    for (Map.Entry<String, Boolean> engine : chosen.entrySet()) {
      Optional<String> missing = finder.missing(engine.getKey());
      if (missing.isEmpty()) {
        here.put(engine.getKey(), engine.getValue());
      } else if (engine.getValue()) {
        throw new UserMistake(
            "--engines: " + engine.getKey() + " cannot run here, " + missing.get(),
            "leave it out or install it");
      } else {
        request.progress().accept("no " + engine.getKey() + ": " + missing.get());
      }
    }
    List<Long> sizes = fitting(asked, ranks, here);
    Engines engines = new Engines(request, sizes.getLast());
    try {
      List<Contestant> contestants = new ArrayList<>();
      for (String name : here.keySet()) {
        open(name, ranks, engines, contestants);
      }
      request
          .progress()
          .accept(
              ranks
                  + " ranks: "
                  + contestants.stream().map(Contestant::who).collect(Collectors.joining(", ")));
      Rounds rounds = new Rounds(contestants, request.quick() ? SumPace.QUICK : SumPace.FULL);
      for (long bytes : sizes) {
        List<SumRow> measured = rounds.at(bytes);
        measured.forEach(row -> request.progress().accept(SumTable.line(row)));
        rows.addAll(measured);
      }
    } finally {
      close();
    }
  }

  /// The sizes that there is memory for. Only those that nobody asked for are left out.
  private List<Long> fitting(List<Long> asked, int ranks, Map<String, Boolean> here) {
    Optional<Long> free = Installed.freeBytes();
    List<Long> sizes = new ArrayList<>(asked);
    while (free.isPresent() && needed(sizes.getLast(), ranks, here) > free.get() * MEMORY_SHARE) {
      long largest = sizes.removeLast();
      String need =
          String.format(
              "%d ranks of %d engines need %.1f GB for %s, and %.1f are free",
              ranks,
              here.size(),
              needed(largest, ranks, here) * 1e-9,
              Sizes.name(largest),
              free.get() * 1e-9);
      if (request.sizes().isPresent() || sizes.isEmpty()) {
        throw new UserMistake(need, "give smaller --sizes or fewer --engines");
      }
      request.progress().accept("no " + Sizes.name(largest) + ": " + need);
    }
    return sizes;
  }

  private static double needed(long bytes, int ranks, Map<String, Boolean> here) {
    return ranks
        * here.keySet().stream().mapToDouble(name -> Engines.bytesPerRank(name, bytes)).sum();
  }

  private void open(String name, int ranks, Engines engines, List<Contestant> contestants)
      throws IOException {
    Path log = request.folder().resolve(name.replace(':', '-') + "-" + ranks + ".log");
    Path meet = Files.createTempDirectory("strait-allreduce-");
    Crew crew = new Crew(name, ranks, log);
    crews.add(crew);
    try {
      crew.start(
          engines.commands(name, crew, meet),
          Map.of(
              "OMPI_ALLOW_RUN_AS_ROOT", "1",
              "OMPI_ALLOW_RUN_AS_ROOT_CONFIRM", "1",
              "OPENBLAS_NUM_THREADS", "1"));
      contestants.addAll(engines.contestants(name, crew));
    } catch (BenchFailure e) {
      // A peer that does not work is none; one of ours is a finding.
      if (!Engines.peer(name) || chosen.get(name) || stopped) {
        throw e;
      }
      crew.kill();
      request.progress().accept("no " + name + ": " + e.getMessage());
    } finally {
      remove(meet);
    }
  }

  private static void remove(Path folder) {
    try (Stream<Path> files = Files.walk(folder)) {
      for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.deleteIfExists(file);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private void close() {
    crews.forEach(Crew::close);
    crews.clear();
  }

  private void stop() {
    stopped = true;
    List<String> names = crews.stream().map(Crew::name).toList();
    crews.forEach(Crew::kill);
    request.progress().accept("interrupted: ended the processes of " + String.join(", ", names));
  }

  private BenchResult result() throws IOException {
    String machine =
        Runtime.getRuntime().availableProcessors()
            + " processors, "
            + System.getProperty("os.name")
            + " "
            + System.getProperty("os.version")
            + ", float32, in place, medians of the slowest rank, all taking turns in one run";
    Path chart = request.folder().resolve(CHART);
    Files.writeString(chart, SumCharts.page(rows, machine));
    JsonArray json = new JsonArray();
    rows.forEach(row -> json.add(row.json()));
    List<String> table = new ArrayList<>(SumTable.of(rows));
    table.add("chart " + chart);
    if (request.quick()) {
      table.add("times of --quick mean nothing: only results were checked");
    }
    return new BenchResult(json, table);
  }
}
