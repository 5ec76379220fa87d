package org.strait.kernels.calibration;

import java.util.List;
import java.util.Locale;
import org.strait.kernels.Family;

/// Kinds of work that are counted and timed apart. Dense operations are two: a matrix product has
/// nothing in common with a pass over a vector.
public enum Workload {
  /// Elements of dense vectors read by a dot or an axpy.
  VECTORS(Family.DENSE),
  /// Multiply-adds of dense matrix products.
  PRODUCTS(Family.DENSE),
  /// Entries of sparse rows, once per pass over them.
  SPARSE(Family.SPARSE),
  /// Rows whose loss and derivative are computed.
  LOSS(Family.LOSS),
  /// Parameters updated by one step.
  UPDATE(Family.UPDATE),
  /// Elements of vectors that are encoded or decoded.
  CODEC(Family.CODEC);

  private final Family family;

  Workload(Family family) {
    this.family = family;
  }

  /// The family whose operations do it.
  public Family family() {
    return family;
  }

  /// Name in calibration files, for instance {@code vectors}.
  public String key() {
    return name().toLowerCase(Locale.ROOT);
  }

  /// The kinds of work of a family.
  public static List<Workload> of(Family family) {
    return List.of(values()).stream().filter(kind -> kind.family == family).toList();
  }
}
