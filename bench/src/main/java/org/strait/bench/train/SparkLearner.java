package org.strait.bench.train;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/// Spark MLlib's LogisticRegression in a driver of its own, local[threads]: needs {@code
/// SPARK_HOME} with a folder jars, and a JDK 17 or 21, which Spark 4 asks for.
final class SparkLearner implements Learner {
  private static final String SOURCE = "SparkTrain.java";
  private static final List<String> OPENED =
      List.of(
          "java.base/java.lang",
          "java.base/java.lang.invoke",
          "java.base/java.lang.reflect",
          "java.base/java.io",
          "java.base/java.net",
          "java.base/java.nio",
          "java.base/java.util",
          "java.base/java.util.concurrent",
          "java.base/java.util.concurrent.atomic",
          "java.base/sun.nio.ch",
          "java.base/sun.nio.cs",
          "java.base/sun.security.action",
          "java.base/sun.util.calendar");

  private final TrainSet set;
  private final Path home;
  private final String jars;
  private final Path folder;
  private final int threads;

  private SparkLearner(TrainSet set, Path home, String jars, Path folder, int threads) {
    this.set = set;
    this.home = home;
    this.jars = jars;
    this.folder = folder;
    this.threads = threads;
  }

  /// Spark, compiled for; empty with a word why if it is not here.
  ///
  /// @param missing takes why
  static Optional<SparkLearner> find(
      TrainSet set, String sparkHome, Path folder, int threads, StringBuilder missing)
      throws IOException {
    if (sparkHome == null || !Files.isDirectory(Path.of(sparkHome, "jars"))) {
      missing.append("SPARK_HOME names no folder with jars");
      return Optional.empty();
    }
    Optional<Path> jdk = jdk();
    if (jdk.isEmpty()) {
      missing.append("no JDK 17 or 21 in /usr/lib/jvm");
      return Optional.empty();
    }
    String jars = Path.of(sparkHome, "jars") + "/*";
    Path source = folder.resolve(SOURCE);
    try (InputStream in =
        SparkLearner.class.getResourceAsStream("/org/strait/bench/train/" + SOURCE)) {
      Files.write(source, in.readAllBytes());
    }
    Program.run(
        List.of(
            jdk.get().resolve("bin/javac").toString(),
            "-nowarn",
            "-cp",
            jars,
            "-d",
            folder.toString(),
            source.toString()),
        folder.resolve("spark.out"),
        folder.resolve("spark.log"));
    return Optional.of(new SparkLearner(set, jdk.get(), jars, folder, threads));
  }

  private static Optional<Path> jdk() throws IOException {
    Path all = Path.of("/usr/lib/jvm");
    if (!Files.isDirectory(all)) {
      return Optional.empty();
    }
    try (Stream<Path> homes = Files.list(all)) {
      return homes
          .filter(home -> Files.isExecutable(home.resolve("bin/javac")))
          .filter(home -> List.of("17", "21").contains(major(home)))
          .sorted()
          .findFirst();
    }
  }

  private static String major(Path home) {
    try (Stream<String> lines = Files.lines(home.resolve("release"))) {
      return lines
          .filter(line -> line.startsWith("JAVA_VERSION="))
          .map(line -> line.replaceAll("^JAVA_VERSION=\"(\\d+).*", "$1"))
          .findFirst()
          .orElse("");
    } catch (IOException e) {
      return "";
    }
  }

  @Override
  public String who() {
    return "spark mllib";
  }

  @Override
  public boolean peer() {
    return true;
  }

  @Override
  public int threads() {
    return threads;
  }

  @Override
  public String[] tolerances() {
    return new String[] {"1e-5", "1e-6", "1e-7", "1e-8", "1e-9"};
  }

  @Override
  public Result train(String tolerance) throws IOException {
    Path weights = folder.resolve("spark.f64");
    List<String> command = new ArrayList<>(List.of(home.resolve("bin/java").toString()));
    OPENED.forEach(one -> command.add("--add-opens=" + one + "=ALL-UNNAMED"));
    command.addAll(List.of("-Xmx8g", "-cp", folder + ":" + jars, "SparkTrain"));
    command.addAll(
        List.of(
            set.file().toString(),
            "" + set.features(),
            Double.toString(set.l2()),
            "" + threads,
            tolerance,
            weights.toString()));
    double seconds = Program.run(command, folder.resolve("spark.out"), folder.resolve("spark.log"));
    return new Result(seconds, set.objective(WeightsFile.read(weights)));
  }
}
