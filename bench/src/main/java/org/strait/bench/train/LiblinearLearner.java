package org.strait.bench.train;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/// `liblinear-train`: its objective is ours times the rows and C, where C = 1/(rows·l2).
final class LiblinearLearner implements Learner {
  /// Trust-region Newton.
  static final int PRIMAL = 0;

  /// Dual coordinate descent.
  static final int DUAL = 7;

  private final TrainSet set;
  private final Path program;
  private final Path folder;
  private final int solver;

  /// @param solver number of its -s
  LiblinearLearner(TrainSet set, Path program, Path folder, int solver) {
    this.set = set;
    this.program = program;
    this.folder = folder;
    this.solver = solver;
  }

  @Override
  public String who() {
    return "liblinear -s " + solver;
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
    return new String[] {"0.1", "0.03", "0.01", "0.003", "0.001", "0.0003", "0.0001", "0.00001"};
  }

  @Override
  public Result train(String tolerance) throws IOException {
    Path model = folder.resolve("liblinear.model");
    double c = 1 / (set.rows() * set.l2());
    double seconds =
        Program.run(
            List.of(
                program.toString(),
                "-q",
                "-s",
                "" + solver,
                "-c",
                Double.toString(c),
                "-e",
                tolerance,
                set.file().toString(),
                model.toString()),
            folder.resolve("liblinear.out"),
            folder.resolve("liblinear.log"));
    return new Result(seconds, set.objective(weights(Files.readAllLines(model))));
  }

  /// Weights of the larger label: those of the file are of the one that is named first.
  static double[] weights(List<String> lines) {
    double sign = 1;
    int from = 0;
    while (!lines.get(from).equals("w")) {
      String[] words = lines.get(from++).split(" ", -1);
      if (words[0].equals("label")) {
        sign = Double.parseDouble(words[1]) > Double.parseDouble(words[2]) ? 1 : -1;
      }
    }
    double toLarger = sign;
    return lines.subList(from + 1, lines.size()).stream()
        .filter(line -> !line.isBlank())
        .mapToDouble(line -> toLarger * Double.parseDouble(line.strip()))
        .toArray();
  }
}
