package org.strait.bench.geo;

import com.google.gson.JsonArray;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.function.DoublePredicate;
import org.strait.engine.FrugalTrainer;
import org.strait.engine.solver.Solvers;
import org.strait.launcher.bench.BenchRequest;
import org.strait.launcher.bench.BenchResult;
import org.strait.launcher.config.UserMistake;
import org.strait.launcher.config.WanProfiles;
import org.strait.memory.HostMemory;

/// Trains the same model over several data centres with each solver until the objective is within a
/// gap of the optimum, which Newton's method finds on all rows in one place, and counts bytes at
/// the sockets. The figures of Cano et al., "Towards Geo-Distributed Machine Learning" (IEEE Data
/// Eng. Bull. 40(4), 2017), and what they leave out: rows that differ by data centre.
///
/// Sums go through a hub, as in the paper, unless {@code --route mesh} says that all send to all.
/// Data centres are threads of this JVM and speak TCP over links as slow as the profile says; they
/// share its cores, so time beyond the links' is more than it would be with a machine each.
public final class GeoBench {
  /// The solver that sends rows.
  static final String CENTRALIZED = "centralized";

  /// What {@code strait train} takes if nobody says: L-BFGS whose gradients travel compressed.
  static final String DEFAULT = "default";

  private static final List<String> PARTITIONS = List.of("random", "label", "sites");
  private static final List<String> ROUTES = List.of("hub", "mesh");
  private static final String CLICKS = "clicks";

  /// Solvers of one data centre, or of penalties that are not used here.
  private static final List<String> NOT_COMPARED = List.of("tron", "owl-qn");

  private static final int MOST_SOLVERS = 6;

  private final BenchRequest request;
  private final List<GeoRow> rows = new ArrayList<>();
  private final List<Integer> dcs;
  private final List<String> partitions;
  private final List<String> solvers;
  private final double gap;
  private final String links;
  private final int rounds;
  private final String route;

  private GeoBench(BenchRequest request) {
    this.request = request;
    boolean quick = request.quick();
    dcs =
        words("dcs", quick ? "2" : "2,4,8").stream()
            .map(word -> (int) number("dcs", word, 2, 64))
            .toList();
    partitions = known("partitions", words("partitions", "random,label,sites"), PARTITIONS);
    List<String> names = new ArrayList<>(List.of(CENTRALIZED, DEFAULT));
    names.addAll(Solvers.NAMES);
    names.add(FrugalTrainer.NAME);
    List<String> compared = new ArrayList<>(names);
    compared.removeAll(NOT_COMPARED);
    solvers = known("solvers", words("solvers", String.join(",", compared)), names);
    if (solvers.size() > MOST_SOLVERS) {
      throw new UserMistake(
          "--solvers: " + solvers.size() + " solvers do not fit into a chart",
          "name at most " + MOST_SOLVERS);
    }
    gap = fraction("gap", flag("gap", "1e-5"), x -> x > 0 && x < 1);
    rounds = (int) number("rounds", flag("rounds", "100"), 1, 1_000_000);
    route = known("route", List.of(flag("route", "hub")), ROUTES).getFirst();
    links = flag("links", quick ? "none" : "20ms 200Mbit/s");
    try {
      WanProfiles.links(links, List.of("a", "b"));
    } catch (IllegalArgumentException e) {
      String[] parts = e.getMessage().split("; ", 2);
      throw new UserMistake("--links: " + parts[0], parts.length > 1 ? parts[1] : "correct it");
    }
  }

  /// Measures.
  ///
  /// @throws UserMistake if a flag names what is not there
  public static BenchResult run(BenchRequest request) throws IOException {
    GeoBench bench = new GeoBench(request);
    for (String name : bench.sets()) {
      try (HostMemory memory = HostMemory.unlimited(name)) {
        bench.measure(bench.set(name, memory));
      }
    }
    return bench.result();
  }

  private List<String> sets() {
    Set<String> names = new LinkedHashSet<>();
    boolean onlyFiles = request.flags().containsKey("data") && !request.flags().containsKey("sets");
    if (!onlyFiles) {
      names.addAll(words("sets", CLICKS));
    }
    if (request.flags().containsKey("data")) {
      names.addAll(words("data", ""));
    }
    return List.copyOf(names);
  }

  private GeoSet set(String name, HostMemory memory) {
    Optional<String> l2 = Optional.ofNullable(request.flags().get("l2"));
    double penalty = l2.isPresent() ? fraction("l2", l2.get(), x -> x >= 0) : -1;
    if (name.equals(CLICKS)) {
      String usual = request.quick() ? "1600" : "16000";
      int count = (int) number("rows", flag("rows", usual), 100, 100_000_000);
      return GeoSet.clicks(count, penalty, memory);
    }
    if (!Files.exists(Path.of(name))) {
      throw new UserMistake(
          "there is no file " + name + ", nor a generated set of that name",
          "give files, or " + CLICKS);
    }
    return GeoSet.file(Path.of(name), penalty, request.progress(), memory);
  }

  private void measure(GeoSet set) {
    GeoCell reference = new GeoCell(set, request.backend(), "none", rounds, "mesh");
    double optimum = reference.optimum();
    request
        .progress()
        .accept(
            String.format(
                Locale.ROOT,
                "%s: %,d rows, %,d features, l2 %.3g, optimum %.10f",
                set.name(),
                set.rows().rows(),
                set.rows().features(),
                set.l2(),
                optimum));
    GeoCell cell = new GeoCell(set, request.backend(), links, rounds, route);
    for (int count : dcs) {
      for (String partition : partitions) {
        Optional<String> missing = set.missing(partition, count);
        if (missing.isPresent()) {
          request.progress().accept("no partition " + partition + ": " + missing.get());
          continue;
        }
        int[] dcOfRow = set.partition(partition, count);
        for (String solver : solvers) {
          GeoRow row = cell.train(solver, partition, dcOfRow, count, optimum, gap);
          rows.add(row);
          request.progress().accept(GeoTable.line(row));
        }
      }
    }
  }

  private BenchResult result() throws IOException {
    JsonArray json = new JsonArray();
    rows.forEach(row -> json.add(row.json()));
    Path page =
        request.flags().containsKey("html")
            ? Path.of(request.flags().get("html")).toAbsolutePath()
            : request.folder().resolve("geo.html");
    Files.createDirectories(page.getParent());
    Files.writeString(page, GeoCharts.page(rows, solvers, gap, links + ", route " + route));
    List<String> table = new ArrayList<>(GeoTable.of(rows));
    table.add("charts  " + page);
    return new BenchResult(json, table);
  }

  private String flag(String name, String otherwise) {
    return request.flags().getOrDefault(name, otherwise);
  }

  private List<String> words(String name, String otherwise) {
    List<String> words = new ArrayList<>();
    for (String word : flag(name, otherwise).split(",", -1)) {
      if (word.isBlank()) {
        throw new UserMistake("--" + name + ": a name is empty", "separate names by one comma");
      }
      words.add(word.strip());
    }
    return List.copyOf(new LinkedHashSet<>(words));
  }

  private static List<String> known(String flag, List<String> words, List<String> names) {
    for (String word : words) {
      if (!names.contains(word)) {
        throw new UserMistake(
            "--" + flag + ": unknown name \"" + word + "\"", "known: " + String.join(", ", names));
      }
    }
    return words;
  }

  private static long number(String flag, String word, long least, long most) {
    long number = word.matches("[0-9]{1,9}") ? Long.parseLong(word) : -1;
    if (number < least || number > most) {
      throw new UserMistake(
          "--" + flag + ": \"" + word + "\" is no number from " + least + " to " + most,
          "write for instance " + Math.max(least, 4));
    }
    return number;
  }

  private static double fraction(String flag, String word, DoublePredicate right) {
    double number;
    try {
      number = Double.parseDouble(word);
    } catch (NumberFormatException e) {
      number = Double.NaN;
    }
    if (!right.test(number) || Double.isInfinite(number)) {
      throw new UserMistake(
          "--" + flag + ": \"" + word + "\" is not such a number", "write for instance 1e-5");
    }
    return number;
  }
}
