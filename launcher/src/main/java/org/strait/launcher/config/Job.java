package org.strait.launcher.config;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.Set;
import org.strait.engine.LocalSteps;
import org.strait.engine.data.ImageSettings;
import org.strait.engine.data.RowSettings;
import org.strait.engine.net.Nets;

/// One training job, checked and complete: what every rank needs to know. Made by {@link
/// JobResolver}, handed to ranks as `job.json` ({@link JobJson}), kept as `config` in the run
/// record.
///
/// @param name name of the run
/// @param data rows
/// @param objective what is minimised
/// @param method how
/// @param bound when to stop
/// @param machine how each rank works
/// @param geography where
/// @param safety what guards it against losses
/// @param reference train a second time with the uncompressed exchange, to compare
/// @param given keys that were set by the user; all others stand at their default
public record Job(
    String name,
    Data data,
    Objective objective,
    Method method,
    Bound bound,
    Machine machine,
    Geography geography,
    Safety safety,
    boolean reference,
    Set<JobKey> given) {

  /// The rows.
  ///
  /// @param files absolute paths: none (rows are generated), one (split), or one per DC in DC order
  /// @param sites absolute path of the file with each row's DC
  /// @param test absolute path of the rows to evaluate with
  /// @param testSites absolute path of the file with each test row's DC
  /// @param split how one file is cut
  /// @param labels the two labels as written, such as `0,1`
  /// @param features number of features; empty means the largest index found
  /// @param generatedRows rows to generate in every DC; empty if files are read
  /// @param format of the files: libsvm, csv, or auto
  /// @param label which column of CSV files is the label; empty for the usual names
  /// @param cache keep scanned rows beside the files
  /// @param images how images become rows
  /// @param only one place whose rows are trained on, to compare; empty for all data centres
  public record Data(
      List<Path> files,
      Optional<Path> sites,
      Optional<Path> test,
      Optional<Path> testSites,
      Split split,
      Optional<String> labels,
      OptionalInt features,
      OptionalInt generatedRows,
      String format,
      String label,
      boolean cache,
      ImageSettings images,
      Optional<Only> only) {
    /// Copies the list.
    public Data {
      files = List.copyOf(files);
    }

    /// How the files are read.
    public RowSettings reading(int threads) {
      return new RowSettings(format, label, threads, cache).with(images);
    }
  }

  /// What is minimised: mean loss + l2/2·|w|² + l1·|w|₁.
  ///
  /// @param factors of each feature, for models that have them
  ///
  /// @param net what there is to say of nets
  public record Objective(String model, double l2, double l1, int factors, Nets.Settings net) {}

  /// How steps of mini-batches are taken; texts as they were written.
  ///
  /// @param clip longest gradient; empty for any
  /// @param decay decoupled weight decay
  public record Pace(String schedule, String warmup, OptionalDouble clip, double decay) {}

  /// How. Empty numbers leave the choice to the solver or exchange.
  ///
  /// @param support whether only shared features travel: on, off or auto
  /// @param adapt what is set as the run goes
  /// @param local steps that data centres take on their own; empty if they meet in every step
  /// @param rowsMayLeave whether rows of this launch may be sent to another data centre
  /// @param site the data centre that gets all rows; empty for the one with most
  /// @param pace learning rate and more, of steps of mini-batches
  public record Method(
      String solver,
      OptionalDouble rate,
      OptionalInt batch,
      String exchange,
      OptionalDouble density,
      String support,
      String route,
      Optional<LocalSteps> local,
      Adaptive adapt,
      boolean rowsMayLeave,
      Optional<String> site,
      Pace pace) {}

  /// When to stop: whichever comes first.
  ///
  /// @param target objective to reach; then tolerance does not count
  /// @param tolerance estimated relative distance to the minimum, 0 for never
  /// @param rounds most rounds
  /// @param epochs most passes over the rows; then rounds does not count
  public record Bound(OptionalDouble target, double tolerance, int rounds, OptionalInt epochs) {}

  /// How each rank works.
  ///
  /// @param connections between two ranks
  /// @param memoryBytes most native memory of a rank; empty means the rank's own default
  public record Machine(
      int threads,
      long seed,
      String backend,
      String transport,
      String allreduce,
      int connections,
      OptionalLong memoryBytes) {}

  /// Copies the set.
  public Job {
    given = Set.copyOf(given);
  }

  /// The same job with another set of given keys.
  Job withGiven(Set<JobKey> keys) {
    return new Job(
        name, data, objective, method, bound, machine, geography, safety, reference, keys);
  }
}
