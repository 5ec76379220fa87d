package org.strait.engine.metrics;

/// What one step measured. Reused: copy what must outlive the call that received it.
public final class StepMetrics {
  private long round;
  private double seconds;
  private double objective;
  private long rows;
  private long bytesSent;
  private double residualNorm;

  /// Overwrites all figures.
  ///
  /// @param round number of the round, from 1
  /// @param seconds since the first step began
  /// @param objective of the model as of this round: mean loss plus regularisation
  /// @param rows that this data centre has processed so far
  /// @param bytesSent bytes that this rank has handed to other data centres so far
  /// @param residualNorm Euclidean norm of what this data centre has not sent yet
  public void set(
      long round,
      double seconds,
      double objective,
      long rows,
      long bytesSent,
      double residualNorm) {
    this.round = round;
    this.seconds = seconds;
    this.objective = objective;
    this.rows = rows;
    this.bytesSent = bytesSent;
    this.residualNorm = residualNorm;
  }

  /// Number of the round, from 1.
  public long round() {
    return round;
  }

  /// Seconds since the first step began.
  public double seconds() {
    return seconds;
  }

  /// Objective of the model as of this round.
  public double objective() {
    return objective;
  }

  /// Rows that this data centre has processed so far.
  public long rows() {
    return rows;
  }

  /// Bytes that this rank has handed to other data centres so far.
  public long bytesSent() {
    return bytesSent;
  }

  /// Norm of what this data centre has not sent yet.
  public double residualNorm() {
    return residualNorm;
  }
}
