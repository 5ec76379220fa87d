package org.strait.engine.exchange;

/// What one round cost. Reused by the exchange: copy what must outlive the next round.
public final class RoundReport {
  private long round;
  private int parties;
  private long bytesOut;
  private long bytesIn;
  private double residualNorm;

  /// Overwrites the report.
  ///
  /// @param round number of the round, from 1
  /// @param parties DCs that counted
  /// @param bytesOut bytes this gateway handed to the wire in this round, framing included
  /// @param bytesIn bytes it took from the wire
  /// @param residualNorm Euclidean norm of what this DC still holds back, 0 for lossless exchanges
  public void set(long round, int parties, long bytesOut, long bytesIn, double residualNorm) {
    this.round = round;
    this.parties = parties;
    this.bytesOut = bytesOut;
    this.bytesIn = bytesIn;
    this.residualNorm = residualNorm;
  }

  /// Number of the round, from 1.
  public long round() {
    return round;
  }

  /// DCs that counted.
  public int parties() {
    return parties;
  }

  /// Bytes this gateway handed to the wire in this round, framing included.
  public long bytesOut() {
    return bytesOut;
  }

  /// Bytes this gateway took from the wire in this round.
  public long bytesIn() {
    return bytesIn;
  }

  /// Euclidean norm of what this DC still holds back.
  public double residualNorm() {
    return residualNorm;
  }
}
