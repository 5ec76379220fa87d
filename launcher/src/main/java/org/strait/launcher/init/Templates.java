package org.strait.launcher.init;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.strait.launcher.config.JobTemplate;
import org.strait.launcher.config.Suggestion;
import org.strait.launcher.config.UserMistake;

/// The one choice of a file to start from.
public final class Templates {
  /// What there is.
  public static final List<String> NAMES = List.of("job", "topology", "slurm", "kubernetes");

  private Templates() {}

  /// A file to start from.
  ///
  /// @param file name that it gets
  /// @param text what is in it, commented
  /// @param next what to do with it
  public record Template(String file, String text, String next) {}

  /// The template of a name.
  ///
  /// @throws UserMistake for another name
  public static Template of(String name) {
    return switch (name) {
      case "job" -> new Template("job.yaml", JobTemplate.text(), "./strait train job.yaml");
      case "topology" ->
          new Template(
              "topology.yaml",
              resource("topology.yaml"),
              "./strait train job.yaml --topology topology.yaml");
      case "slurm" -> new Template("job.sbatch", resource("job.sbatch"), "sbatch job.sbatch");
      case "kubernetes" ->
          new Template(
              "kubernetes.yaml", resource("kubernetes.yaml"), "kubectl apply -f kubernetes.yaml");
      default ->
          throw new UserMistake(
              "there is no template \"" + name + "\"", Suggestion.remedy(name, NAMES));
    };
  }

  private static String resource(String name) {
    try (InputStream in = Templates.class.getResourceAsStream(name)) {
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
