package org.strait.kernels;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/// The families of operations that a backend is made of; each may come from another backend.
public enum Family {
  /// {@link DenseOps}.
  DENSE,
  /// {@link SparseOps}.
  SPARSE,
  /// {@link LossOps}.
  LOSS,
  /// {@link UpdateOps}.
  UPDATE,
  /// {@link CodecOps}.
  CODEC;

  /// Name as given to {@code --backend}, for instance {@code dense}.
  public String key() {
    return name().toLowerCase(Locale.ROOT);
  }

  /// Names of all families.
  public static List<String> keys() {
    return Arrays.stream(values()).map(Family::key).toList();
  }

  /// This family's operations of a backend.
  Object of(Backend backend) {
    return switch (this) {
      case DENSE -> backend.dense();
      case SPARSE -> backend.sparse();
      case LOSS -> backend.loss();
      case UPDATE -> backend.update();
      case CODEC -> backend.codec();
    };
  }
}
