package org.strait.bench.train;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.strait.bench.peers.SearchPath;
import org.strait.launcher.bench.BenchFailure;

/// scikit-learn's LogisticRegression in a Python process that reads the file with
/// load_svmlight_file.
final class SklearnLearner implements Learner {
  private final TrainSet set;
  private final Path python;
  private final Path folder;
  private final String solver;

  /// @param solver lbfgs or newton-cg
  SklearnLearner(TrainSet set, Path python, Path folder, String solver) {
    this.set = set;
    this.python = python;
    this.folder = folder;
    this.solver = solver;
  }

  /// A Python that has scikit-learn: of the search path, or the system's own.
  static Optional<Path> python(String searchPath, Path folder) throws IOException {
    for (String path : List.of(searchPath, "/usr/bin")) {
      Optional<Path> found = SearchPath.find(path, "python3");
      if (found.isPresent() && imports(found.get(), folder)) {
        return found;
      }
    }
    return Optional.empty();
  }

  private static boolean imports(Path python, Path folder) throws IOException {
    try {
      Program.run(
          List.of(python.toString(), "-c", "import sklearn.linear_model"),
          folder.resolve("sklearn.out"),
          folder.resolve("sklearn.log"));
      return true;
    } catch (BenchFailure e) {
      return false;
    }
  }

  @Override
  public String who() {
    return "scikit-learn " + solver;
  }

  @Override
  public boolean peer() {
    return true;
  }

  @Override
  public int threads() {
    return 1;
  }

  @Override
  public String[] tolerances() {
    return new String[] {"1e-3", "1e-4", "1e-5", "1e-6", "1e-7", "1e-8"};
  }

  @Override
  public Result train(String tolerance) throws IOException {
    Path script = folder.resolve("sklearn_train.py");
    try (InputStream source =
        SklearnLearner.class.getResourceAsStream("/org/strait/bench/train/sklearn_train.py")) {
      Files.write(script, source.readAllBytes());
    }
    Path weights = folder.resolve("sklearn.f64");
    double seconds =
        Program.run(
            List.of(
                python.toString(),
                script.toString(),
                set.file().toString(),
                solver,
                Double.toString(set.l2()),
                tolerance,
                weights.toString()),
            folder.resolve("sklearn.out"),
            folder.resolve("sklearn.log"));
    return new Result(seconds, set.objective(WeightsFile.read(weights)));
  }
}
