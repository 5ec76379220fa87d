package org.strait.bench.run;

/// How much one call does.
///
/// @param bytes bytes that have to be read and written at least
/// @param flops floating-point operations, 0 where only bytes are counted
public record Work(long bytes, double flops) {
  /// Work of which only bytes are counted.
  public static Work moves(long bytes) {
    return new Work(bytes, 0);
  }
}
