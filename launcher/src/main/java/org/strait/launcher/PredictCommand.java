package org.strait.launcher;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import org.strait.engine.data.Batch;
import org.strait.engine.data.DataException;
import org.strait.engine.data.Dataset;
import org.strait.engine.data.ImageSettings;
import org.strait.engine.data.RowFile;
import org.strait.engine.data.RowSettings;
import org.strait.engine.model.Evaluation;
import org.strait.engine.model.Model;
import org.strait.engine.model.ModelFile;
import org.strait.engine.model.Models;
import org.strait.engine.model.Replica;
import org.strait.engine.net.Nets;
import org.strait.kernels.BackendUnavailableException;
import org.strait.kernels.Backends;
import org.strait.launcher.config.UserMistake;
import org.strait.launcher.record.IdsFile;
import org.strait.launcher.record.JsonFiles;
import org.strait.launcher.record.MetricsJson;
import org.strait.launcher.worker.JobModel;
import org.strait.memory.Floats;
import org.strait.memory.HostMemory;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/// `strait predict`: labels of rows under a model, or how good the model is on rows whose labels
/// are known.
@Command(
    name = "predict",
    description = "Score rows with a trained model.",
    footer = {
      "",
      "Prints one row a line: the label, and for logistic models the probability of the second",
      "label, for softmax models that of the label itself. --metrics prints measures instead; with",
      "--out DIR the lines go to DIR/predictions.txt, with or without --metrics."
    })
final class PredictCommand implements Callable<Integer> {
  @Parameters(index = "0", paramLabel = "MODEL", description = "model file that train wrote")
  private Path model;

  @Parameters(index = "1", paramLabel = "FILE", description = "rows in LIBSVM text or CSV, .gz too")
  private Path rows;

  @Option(
      names = "--format",
      paramLabel = "NAME",
      defaultValue = "auto",
      description = "format of FILE: libsvm, csv, idx, npz, images, ratings, or auto, by the name")
  private String format;

  @Option(
      names = "--label",
      paramLabel = "COLUMN",
      defaultValue = "",
      description = "label column of a CSV file, by name or number; none if it has none")
  private String label;

  @Option(
      names = "--part",
      paramLabel = "PART",
      defaultValue = "test",
      description = "part of an .npz file: train, val or test (default: test)")
  private String part;

  @Option(
      names = "--image-size",
      paramLabel = "HxW",
      defaultValue = "",
      description = "bring images of a folder to this size")
  private String imageSize;

  @Option(
      names = "--pixels",
      paramLabel = "SCALE",
      description = "what bytes of images become (default: as the model was trained)")
  private String pixels;

  @Option(names = "--metrics", description = "compare with the labels in FILE")
  private boolean metrics;

  @Option(
      names = "--labels",
      paramLabel = "A,B",
      description = "the two labels, such as 0,1 (default: those that the model was trained with)")
  private String labels;

  @Mixin private final CommonOptions options;

  PredictCommand(CommonOptions options) {
    this.options = options;
  }

  @Override
  public Integer call() throws IOException, BackendUnavailableException {
    try (HostMemory memory = HostMemory.unlimited("predict")) {
      return predict(memory);
    } catch (DataException e) {
      throw UserMistake.of(e);
    }
  }

  private int predict(HostMemory memory) throws IOException, BackendUnavailableException {
    ModelFile file = ModelFile.read(model, memory);
    String setting = labels == null ? file.metadata().getOrDefault("labels", "auto") : labels;
    Model kind = kind(file, setting);
    int features = JobModel.features(file);
    try (RowFile read = RowFile.open(rows, reading(file), options::tell)) {
      Dataset data = read.data();
      if (!data.facts().classes().isEmpty() && file.metadata().containsKey("classes")) {
        data = data.withClasses(List.of(file.metadata().get("classes").split("\n", -1)));
      }
      return predict(file, kind, setting, data.clipped(features, memory), memory);
    }
  }

  /// Later runs seldom see the same rows: no cache.
  private RowSettings reading(ModelFile file) throws IOException {
    String scale = pixels == null ? file.metadata().getOrDefault("pixels", "unit") : pixels;
    try {
      return new RowSettings(format, label, 1, false)
          .ofPart(part)
          .with(ImageSettings.parse(imageSize, "fail", scale))
          .with(IdsFile.read(model).orElse(null));
    } catch (IllegalArgumentException e) {
      throw UserMistake.of(e);
    }
  }

  private int predict(ModelFile file, Model kind, String setting, Dataset data, HostMemory memory)
      throws IOException, BackendUnavailableException {
    int features = JobModel.features(file);
    if (metrics) {
      applyLabels(kind, setting, data);
    }
    // Rows are sparse, and every backend scores sparse rows by the same plain loops.
    try (Replica replica =
        Replica.of(
            kind,
            features,
            data.rows(),
            Backends.choose(nets(kind) ? "auto" : "scalar").backend(),
            memory)) {
      replica.weights().copyFrom(file.weights());
      Floats scores = memory.floats((long) data.rows() * kind.outputs());
      replica.scores(Batch.of(data), scores);
      List<String> lines = lines(kind, setting, scores);
      JsonObject json = new JsonObject();
      json.addProperty("command", "predict");
      json.addProperty("model", kind.name());
      json.addProperty("rows", data.rows());
      if (options.out().isPresent()) {
        Path written = Files.createDirectories(options.out().get()).resolve("predictions.txt");
        JsonFiles.writeAtomically(written, String.join("\n", lines) + "\n");
        json.addProperty("predictions", written.toAbsolutePath().toString());
        options.tell("predictions  " + written);
      } else if (!metrics) {
        tellLines(lines, json);
      }
      if (metrics) {
        Evaluation evaluation = Evaluation.of(kind, scores, data.labels(), data.weights());
        tellMetrics(MetricsJson.of(evaluation, names(kind, setting)), json);
      }
      if (options.json()) {
        options.json(json);
      }
      return ExitStatus.DONE;
    }
  }

  /// Nets are products of matrices.
  private static boolean nets(Model kind) {
    return Nets.knows(kind.name());
  }

  private Model kind(ModelFile file, String setting) {
    Model kind;
    try {
      kind = JobModel.of(file, setting);
    } catch (IllegalArgumentException e) {
      throw new UserMistake(
          model + ": " + e.getMessage().split("; ", 2)[0],
          "use the version of strait that trained it");
    }
    if (!kind.parameters(JobModel.features(file)).parameters().equals(file.layout().parameters())) {
      throw new UserMistake(
          model + ": its parameters are not those of a " + kind.name() + " model",
          "name a model file that training wrote");
    }
    return kind;
  }

  /// Labels as -1 and +1. The pairs -1,1 and 0,1 stand for each other unless --labels says which.
  private void applyLabels(Model kind, String setting, Dataset data) {
    if (kind.targets() == Model.Targets.REAL) {
      return;
    }
    boolean usual = setting.equals("-1,1") || setting.equals("0,1");
    try {
      Models.labels(kind, labels == null && usual ? "auto" : setting).apply(data);
    } catch (IllegalArgumentException e) {
      throw new UserMistake("--labels: " + e.getMessage(), "give the labels in " + rows);
    }
  }

  /// Labels of the classes, in the order of their numbers.
  private static List<String> names(Model kind, String setting) {
    if (kind.targets() == Model.Targets.CLASSES) {
      return Models.labels(kind, setting).names();
    }
    String[] names = (setting.contains(",") ? setting : "-1,1").split(",", 2);
    return kind.targets() == Model.Targets.REAL
        ? List.of()
        : List.of(names[0].strip(), names[1].strip());
  }

  private static List<String> lines(Model kind, String setting, Floats scores) {
    List<String> lines = new ArrayList<>();
    List<String> names = names(kind, setting);
    int outputs = kind.outputs();
    for (long at = 0; at < scores.length(); at += outputs) {
      for (int k = 0; k < outputs; k++) {
        if (Float.isNaN(scores.get(at + k))) {
          throw new UserMistake(
              "the score of row "
                  + (at / outputs + 1)
                  + " is not a number: the model's weights have diverged",
              "train it again");
        }
      }
      float score = scores.get(at);
      lines.add(
          switch (kind.targets()) {
            case REAL -> Float.toString(score);
            case TWO_CLASSES ->
                line(kind, names.get(score > 0 ? 1 : 0), 1 / (1 + Math.exp(-score)));
            case CLASSES -> {
              int best = Evaluation.best(scores, at, outputs);
              double sum = 0;
              for (int k = 0; k < outputs; k++) {
                sum += Math.exp((double) scores.get(at + k) - scores.get(at + best));
              }
              yield line(kind, names.get(best), 1 / sum);
            }
          });
    }
    return lines;
  }

  private static String line(Model kind, String label, double probability) {
    return kind.probabilistic() ? String.format(Locale.ROOT, "%s %.6f", label, probability) : label;
  }

  private void tellLines(List<String> lines, JsonObject json) {
    if (options.json()) {
      JsonArray array = new JsonArray();
      lines.forEach(array::add);
      json.add("predictions", array);
    } else {
      lines.forEach(options::say);
    }
  }

  private void tellMetrics(JsonObject measures, JsonObject json) {
    measures.remove("rows");
    json.add("metrics", measures);
    if (!options.json()) {
      for (Map.Entry<String, JsonElement> measure : measures.asMap().entrySet()) {
        if (measure.getValue().isJsonPrimitive()) {
          options.say(
              String.format(
                  Locale.ROOT, "%-9s %.6f", measure.getKey(), measure.getValue().getAsDouble()));
        }
      }
    }
  }
}
