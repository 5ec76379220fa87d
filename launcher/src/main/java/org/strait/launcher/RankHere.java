package org.strait.launcher;

import java.util.List;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.function.IntSupplier;
import org.strait.launcher.config.Job;
import org.strait.launcher.start.Crew;
import org.strait.launcher.start.Death;
import org.strait.launcher.start.Outcome;
import org.strait.launcher.worker.JobWork;

/// The only rank of a job, on a thread of the command's own process: a small job takes less time
/// than a second JVM takes to start.
final class RankHere implements Crew {
  /// System property by which the start script says that this JVM may compute.
  private static final String ALLOWED = "strait.here";

  private static final int INTERRUPTED = Integer.MIN_VALUE;

  private final String label;
  private final TrainingListener listener;
  private final BlockingQueue<Integer> ends = new LinkedBlockingQueue<>();

  /// @param dc name of the rank's data centre
  RankHere(String dc, TrainingListener listener) {
    label = "rank 0 (" + dc + ")";
    this.listener = listener;
  }

  /// Whether this JVM is made for the job: one rank, nobody to meet, nothing that needs the flags
  /// of a rank's own JVM, and nobody who wants to kill it.
  static boolean suits(Job job) {
    return Boolean.getBoolean(ALLOWED)
        && job.geography().topology().size() == 1
        && job.safety().kill().isEmpty()
        && JobWork.plainFloat64(job);
  }

  /// Lets the rank begin.
  ///
  /// @param rank its work; returns its status
  void start(IntSupplier rank) {
    Thread.ofPlatform()
        .daemon()
        .name("strait-rank-0")
        .start(
            () -> {
              int status = ExitStatus.BUG; // if it throws, whoever waits must learn that it ended
              try {
                status = rank.getAsInt();
              } finally {
                ends.add(status);
              }
            });
  }

  @Override
  public void interrupt() {
    ends.add(INTERRUPTED);
  }

  @Override
  public void silent(int rank) {
    ends.add(Death.SILENT);
  }

  @Override
  public Outcome await() throws InterruptedException {
    int status = ends.take();
    if (status == 0 || status == INTERRUPTED) {
      return new Outcome(status != 0, Optional.empty(), List.of(status == 0 ? 0 : -1));
    }
    Death death = new Death(0, label, status, false, listener.phase(0), List.of());
    return new Outcome(false, Optional.of(death), List.of(status));
  }
}
