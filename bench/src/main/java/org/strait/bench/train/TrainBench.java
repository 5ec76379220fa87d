package org.strait.bench.train;

import com.google.gson.JsonArray;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import org.strait.bench.peers.SearchPath;
import org.strait.bench.run.Timing;
import org.strait.engine.data.ClickData;
import org.strait.engine.data.LibSvmWriter;
import org.strait.kernels.Backend;
import org.strait.kernels.BackendUnavailableException;
import org.strait.kernels.Backends;
import org.strait.launcher.bench.BenchFailure;
import org.strait.launcher.bench.BenchRequest;
import org.strait.launcher.bench.BenchResult;
import org.strait.launcher.config.UserMistake;
import org.strait.memory.HostMemory;

/// From a file of rows to a model within a gap of the optimum: {@code ./strait train} beside
/// liblinear-train, scikit-learn and Spark MLlib, whole processes that take turns. Before they are
/// timed, each peer's stop rule is tightened until its model reaches the gap.
public final class TrainBench {
  private static final int TURNS = 3;
  private static final String GENERATED = "clicks.libsvm";

  private final BenchRequest request;
  private final Path script;
  private final double gap;
  private final double l2;
  private final int turns;
  private final List<TrainRow> rows = new ArrayList<>();

  private TrainBench(BenchRequest request, Path script) {
    this.request = request;
    this.script = script;
    gap = positive("gap", "1e-6");
    l2 = request.flags().containsKey("l2") ? positive("l2", "") : -1;
    turns = request.quick() ? 1 : TURNS;
  }

  /// Measures.
  ///
  /// @param script what starts strait
  /// @throws UserMistake if a flag names what is not there
  public static BenchResult run(BenchRequest request, Path script) throws IOException {
    TrainBench bench = new TrainBench(request, script);
    int most = request.threads().getLast();
    try (Backend backend = Backends.choose(request.backend(), most).backend()) {
      for (Path file : bench.files()) {
        try (TrainSet set = new TrainSet(file, bench.l2, backend, request.progress())) {
          bench.measure(set);
        }
      }
    } catch (BackendUnavailableException e) {
      throw new UserMistake("--backend: " + e.getMessage(), "auto always runs");
    }
    JsonArray json = new JsonArray();
    bench.rows.forEach(row -> json.add(row.json()));
    return new BenchResult(json, TrainRow.table(bench.rows));
  }

  private List<Path> files() throws IOException {
    if (!request.flags().containsKey("data")) {
      return List.of(generated());
    }
    List<Path> files = new ArrayList<>();
    for (String name : request.flags().get("data").split(",", -1)) {
      if (!Files.isRegularFile(Path.of(name))) {
        throw new UserMistake("there is no file " + name, "give files of LIBSVM text");
      }
      files.add(Path.of(name).toAbsolutePath());
    }
    return List.copyOf(files);
  }

  private Path generated() throws IOException {
    String text = request.flags().getOrDefault("rows", request.quick() ? "2000" : "100000");
    if (!text.matches("[1-9][0-9]{2,8}")) {
      throw new UserMistake("--rows: \"" + text + "\" is no number from 100", "write 100000");
    }
    Path file = request.folder().resolve(GENERATED);
    try (HostMemory memory = HostMemory.unlimited(GENERATED);
        OutputStream out = new BufferedOutputStream(Files.newOutputStream(file))) {
      LibSvmWriter.write(new ClickData(1).rows(0, 0, Integer.parseInt(text), memory), out);
    }
    return file;
  }

  private void measure(TrainSet set) throws IOException {
    request
        .progress()
        .accept(
            String.format(
                Locale.ROOT,
                "%s: %,d rows, %,d features, l2 %.3g, optimum %.12f",
                set.name(),
                set.rows(),
                set.features(),
                set.l2(),
                set.optimum()));
    Map<Learner, String> settings = new LinkedHashMap<>();
    for (Learner learner : learners(set)) {
      setting(learner, set).ifPresent(setting -> settings.put(learner, setting));
    }
    Map<Learner, double[]> seconds = new LinkedHashMap<>();
    Map<Learner, Double> objectives = new LinkedHashMap<>();
    settings.keySet().forEach(learner -> seconds.put(learner, new double[turns]));
    for (int turn = 0; turn < turns; turn++) {
      for (Map.Entry<Learner, String> one : settings.entrySet()) {
        Learner.Result result = one.getKey().train(one.getValue());
        seconds.get(one.getKey())[turn] = result.seconds();
        objectives.put(one.getKey(), result.objective());
      }
    }
    double best =
        settings.keySet().stream()
            .filter(Learner::peer)
            .mapToDouble(peer -> Timing.of(seconds.get(peer)).median())
            .min()
            .orElse(Double.POSITIVE_INFINITY);
    for (Map.Entry<Learner, String> one : settings.entrySet()) {
      Learner learner = one.getKey();
      TrainRow row =
          new TrainRow(
                  set.name(),
                  set.l2(),
                  learner.who(),
                  learner.peer(),
                  learner.threads(),
                  one.getValue(),
                  Files.size(set.file()),
                  Timing.of(seconds.get(learner)),
                  objectives.get(learner) / set.optimum() - 1,
                  OptionalDouble.empty())
              .against(best);
      rows.add(row);
      request.progress().accept(row.line());
    }
  }

  /// The loosest stop rule that reaches the gap; empty, with a word, if none does.
  private Optional<String> setting(Learner learner, TrainSet set) throws IOException {
    double reached = Double.NaN;
    for (String tolerance : learner.tolerances()) {
      reached = learner.train(tolerance).objective() / set.optimum() - 1;
      if (reached <= gap) {
        return Optional.of(tolerance);
      }
    }
    String what =
        String.format(
            Locale.ROOT,
            "%s does not reach a gap of %.0e on %s, only %.1e",
            learner.who(),
            gap,
            set.name(),
            reached);
    if (!learner.peer()) {
      throw new BenchFailure(what);
    }
    request.progress().accept(what);
    return Optional.empty();
  }

  private List<Learner> learners(TrainSet set) throws IOException {
    List<Learner> learners = new ArrayList<>();
    double target = set.optimum() * (1 + gap);
    for (int threads : request.threads()) {
      learners.add(new StraitLearner(set, script, request.folder(), threads, target));
    }
    if (!request.peers()) {
      return learners;
    }
    Optional<Path> liblinear = SearchPath.find(request.searchPath(), "liblinear-train");
    liblinear.ifPresentOrElse(
        program ->
            Arrays.stream(new int[] {LiblinearLearner.PRIMAL, LiblinearLearner.DUAL})
                .forEach(
                    solver ->
                        learners.add(new LiblinearLearner(set, program, request.folder(), solver))),
        () -> skipped("liblinear", "there is no liblinear-train in PATH"));
    Optional<Path> python = SklearnLearner.python(request.searchPath(), request.folder());
    python.ifPresentOrElse(
        program ->
            List.of("lbfgs", "newton-cg")
                .forEach(
                    solver ->
                        learners.add(new SklearnLearner(set, program, request.folder(), solver))),
        () -> skipped("scikit-learn", "no python3 here has sklearn"));
    StringBuilder missing = new StringBuilder();
    SparkLearner.find(
            set,
            System.getenv("SPARK_HOME"),
            request.folder(),
            request.threads().getLast(),
            missing)
        .ifPresentOrElse(learners::add, () -> skipped("spark mllib", missing.toString()));
    return learners;
  }

  private void skipped(String peer, String why) {
    request.progress().accept("no " + peer + " peer: " + why);
  }

  private double positive(String flag, String otherwise) {
    String word = request.flags().getOrDefault(flag, otherwise);
    double number;
    try {
      number = Double.parseDouble(word);
    } catch (NumberFormatException e) {
      number = Double.NaN;
    }
    if (!(number > 0) || Double.isInfinite(number)) {
      throw new UserMistake(
          "--" + flag + ": \"" + word + "\" is no number above 0", "write for instance 1e-6");
    }
    return number;
  }
}
