package org.strait.kernels.simd;

import java.util.function.IntSupplier;
import jdk.incubator.vector.VectorShape;

/// The vector width that this JVM prefers on this CPU, in bits; 64 where it has no vectors.
public final class PreferredWidth implements IntSupplier {
  @Override
  public int getAsInt() {
    return VectorShape.preferredShape().vectorBitSize();
  }
}
