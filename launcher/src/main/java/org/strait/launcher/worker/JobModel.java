package org.strait.launcher.worker;

import java.util.Map;
import java.util.OptionalDouble;
import org.strait.engine.data.Dataset;
import org.strait.engine.data.Labels;
import org.strait.engine.model.Model;
import org.strait.engine.model.Model.Targets;
import org.strait.engine.model.ModelFile;
import org.strait.engine.model.Models;
import org.strait.engine.net.Net;
import org.strait.engine.net.Nets;
import org.strait.launcher.config.Job;

/// The model of a job or of a model file, whichever family it is of.
public final class JobModel {
  private static final double NET_RATE = 0.02;
  private static final double NET_ADAM_RATE = 0.001;

  private JobModel() {}

  /// What the labels of a model with this name are.
  ///
  /// @throws IllegalArgumentException for an unknown name; the message has the known ones
  public static Targets targets(String name) {
    if (Nets.knows(name)) {
      return Targets.CLASSES;
    }
    try {
      return Models.targets(name);
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException(e.getMessage() + ", " + String.join(", ", Nets.NAMES), e);
    }
  }

  /// The model of a job, once its rows are known.
  ///
  /// @throws IllegalArgumentException if a net does not fit them
  static Model of(Job job, Dataset rows, Labels labels) {
    String name = job.objective().model();
    int classes = labels.names().size();
    if (!Nets.knows(name)) {
      return Models.choose(name, classes, false, job.objective().factors());
    }
    Nets.Settings settings = job.objective().net();
    if (settings.input().isBlank() && rows.shape() != null && !name.equals("mlp")) {
      settings = settings.withInput(rows.shape().toString());
    }
    return Nets.choose(name, settings, rows.features(), classes);
  }

  /// The model of a file.
  ///
  /// @param labels setting of its labels
  /// @throws IllegalArgumentException if nobody knows it
  public static Model of(ModelFile file, String labels) {
    Map<String, String> metadata = file.metadata();
    if (metadata.containsKey(Net.LAYERS)) {
      return Nets.of(file.model(), metadata);
    }
    Targets targets = Models.targets(file.model());
    int classes = Models.labels(file.model(), targets, labels).names().size();
    int factors = Integer.parseInt(metadata.getOrDefault("factors", "1"));
    return Models.choose(file.model(), classes, false, factors);
  }

  /// Features of the rows that the model of a file takes.
  public static int features(ModelFile file) {
    return file.metadata().containsKey(Net.LAYERS)
        ? Integer.parseInt(file.metadata().get("features"))
        : file.features();
  }

  /// The learning rate if none is asked for.
  static double rate(Job job, String solver) {
    OptionalDouble asked = job.method().rate();
    boolean adam = solver.equals("adamw");
    double usual =
        Nets.knows(job.objective().model()) ? adam ? NET_ADAM_RATE : NET_RATE : adam ? 0.01 : 0.1;
    return asked.orElse(usual);
  }
}
