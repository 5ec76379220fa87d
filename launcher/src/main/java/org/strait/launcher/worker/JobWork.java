package org.strait.launcher.worker;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.strait.engine.TrainingConfig;
import org.strait.engine.optim.Optimizers;
import org.strait.kernels.calibration.Work;
import org.strait.kernels.calibration.Workload;
import org.strait.launcher.config.Job;

/// How much one rank has to compute in a whole job: what `--backend auto` weighs against the price
/// of getting kernels warm. Counted from numbers that all ranks share, so they decide alike.
public final class JobWork {
  /// Rounds that trainings over all rows usually take until they converge.
  private static final int USUAL_ROUNDS = 60;

  /// Passes over vectors of a round of L-BFGS: two for each of 20 pairs, twice, and some; and of
  /// the other solvers.
  private static final int METRIC_PASSES = 100;

  private static final int OTHER_PASSES = 6;

  /// Bytes that an entry takes in LIBSVM text at least, and in such text packed.
  private static final int BYTES_PER_ENTRY = 5;

  private static final int PACKED = 4;
  private static final int ENTRIES_PER_ROW = 10;

  /// Visits to an entry per step of a solver with products of the Hessian.
  private static final int CONVEX_PASSES = 20;

  private JobWork() {}

  /// Whether a job computes in float64 within one data centre: no vector kernels, nothing to choose
  /// a backend by, and nothing to say to other data centres.
  public static boolean plainFloat64(Job job) {
    return job.geography().topology().dcs().size() == 1
        && !job.geography().others()
        && List.of("auto", "scalar").contains(job.machine().backend())
        && Plan.of(job, 1).convex();
  }

  /// Before any row is read: what the sizes of the files allow at most.
  public static Work guess(Job job) {
    int ranks = job.geography().topology().size();
    int dcs = job.geography().topology().dcs().size();
    long entries = job.data().generatedRows().orElse(0) * 39L * dcs / ranks;
    for (Path file : job.data().files()) {
      try {
        long bytes = Files.size(file) * (file.toString().endsWith(".gz") ? PACKED : 1);
        entries += bytes / BYTES_PER_ENTRY / ranks;
      } catch (IOException e) {
        // The ranks will tell what is wrong with the file.
      }
    }
    int rows = (int) Math.min(Integer.MAX_VALUE, entries / ENTRIES_PER_ROW + 1);
    return of(job, Plan.of(job, rows), rows, entries, job.data().features().orElse(0));
  }

  /// Of the largest rank.
  static Work of(Job job, Plan plan, int rows, long entries, int features) {
    boolean metric = Optimizers.usesMetric(plan.solver());
    boolean batches = plan.batchRows() > 0;
    double share = batches && rows > 0 ? Math.min(1, (double) plan.batchRows() / rows) : 1;
    TrainingConfig training = plan.training();
    boolean allRounds = batches || (training.tolerance() == 0 && Double.isNaN(training.target()));
    double rounds = allRounds ? training.maxRounds() : Math.min(training.maxRounds(), USUAL_ROUNDS);
    if (job.reference()) {
      rounds *= 2;
    }
    boolean encodes =
        job.geography().topology().dcs().size() > 1 && !plan.exchange().equals("dense");
    double vector = rounds * features;
    return Work.none()
        .with(
            Workload.SPARSE,
            rounds * entries * share * (plan.convex() ? CONVEX_PASSES : metric ? 3 : 2))
        .with(Workload.LOSS, rounds * rows * share * 2)
        .with(Workload.VECTORS, vector * (metric ? METRIC_PASSES : OTHER_PASSES))
        .with(Workload.UPDATE, metric ? 0 : vector)
        .with(Workload.CODEC, encodes ? vector : 0);
  }
}
