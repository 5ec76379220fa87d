package org.strait.bench.train;

import com.google.gson.JsonParser;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/// `./strait train` as a user types it, without a cache of rows.
final class StraitLearner implements Learner {
  private final TrainSet set;
  private final Path script;
  private final Path folder;
  private final int threads;
  private final double target;
  private int runs;

  /// @param script the start script
  /// @param target objective to stop at
  StraitLearner(TrainSet set, Path script, Path folder, int threads, double target) {
    this.set = set;
    this.script = script;
    this.folder = folder;
    this.threads = threads;
    this.target = target;
  }

  @Override
  public String who() {
    return "strait";
  }

  @Override
  public boolean peer() {
    return false;
  }

  @Override
  public int threads() {
    return threads;
  }

  @Override
  public String[] tolerances() {
    return new String[] {"--target"};
  }

  @Override
  public Result train(String tolerance) throws IOException {
    Path out = folder.resolve("strait.json");
    List<String> command =
        List.of(
            script.toString(),
            "train",
            "--data",
            set.file().toString(),
            "--l2",
            Double.toString(set.l2()),
            "--target",
            Double.toString(target),
            "--threads",
            "" + threads,
            "--cache",
            "false",
            "--json",
            "--out",
            folder.resolve("run-" + threads + "-" + ++runs).toString());
    double seconds = Program.run(command, out, folder.resolve("strait.log"));
    return new Result(
        seconds,
        JsonParser.parseString(Files.readString(out))
            .getAsJsonObject()
            .get("objective")
            .getAsDouble());
  }
}
