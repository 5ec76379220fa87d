package org.strait.launcher;

import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/// `strait predict`: scores of rows under a model.
@Command(name = "predict", description = "Score rows with a trained model.")
final class PredictCommand implements Callable<Integer> {
  @Parameters(index = "0", paramLabel = "MODEL", description = "model file that train wrote")
  private Path model;

  @Parameters(index = "1", paramLabel = "FILE", description = "rows in LIBSVM text, .gz too")
  private Path rows;

  @Option(names = "--metrics", description = "compare with the labels in FILE")
  private boolean metrics;

  @Mixin private final CommonOptions options;

  PredictCommand(CommonOptions options) {
    this.options = options;
  }

  @Override
  public Integer call() {
    throw new UnsupportedOperationException(
        "predict " + model + " " + rows + " " + metrics + " " + options.json());
  }
}
