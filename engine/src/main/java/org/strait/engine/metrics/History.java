package org.strait.engine.metrics;

import java.util.Arrays;

/// Keeps the curve of a run in bounded memory: when full, every second point is dropped and from
/// then on only every second round is kept. Which rounds are kept depends on their numbers only, so
/// the histories of all ranks line up.
public final class History implements Metrics {
  private static final int CAPACITY = 2048;

  private final long[] round = new long[CAPACITY];
  private final double[] seconds = new double[CAPACITY];
  private final double[] objective = new double[CAPACITY];
  private final long[] bytesSent = new long[CAPACITY];
  private int size;
  private long stride = 1;

  @Override
  public void record(StepMetrics step) {
    if ((step.round() - 1) % stride != 0) {
      return;
    }
    if (size == CAPACITY) {
      thin();
      if ((step.round() - 1) % stride != 0) {
        return;
      }
    }
    append(step);
  }

  /// Keeps a round whatever its number, for the last one of a run, in place of what was kept of it.
  public void recordLast(StepMetrics step) {
    if (size > 0 && round[size - 1] == step.round()) {
      size--;
    }
    if (size == CAPACITY) {
      thin();
    }
    append(step);
  }

  /// Numbers of the kept rounds, ascending.
  public long[] rounds() {
    return Arrays.copyOf(round, size);
  }

  /// Seconds at the end of each kept round.
  public double[] seconds() {
    return Arrays.copyOf(seconds, size);
  }

  /// Objective of the model as of each kept round.
  public double[] objectives() {
    return Arrays.copyOf(objective, size);
  }

  /// Bytes sent until the end of each kept round.
  public long[] bytesSent() {
    return Arrays.copyOf(bytesSent, size);
  }

  private void append(StepMetrics step) {
    round[size] = step.round();
    seconds[size] = step.seconds();
    objective[size] = step.objective();
    bytesSent[size] = step.bytesSent();
    size++;
  }

  private void thin() {
    stride *= 2;
    int kept = 0;
    for (int i = 0; i < size; i++) {
      if ((round[i] - 1) % stride == 0) {
        round[kept] = round[i];
        seconds[kept] = seconds[i];
        objective[kept] = objective[i];
        bytesSent[kept] = bytesSent[i];
        kept++;
      }
    }
    size = kept;
  }
}
