package org.strait.engine.compress;

import org.strait.kernels.BackendUnavailableException;
import org.strait.kernels.Backends;
import org.strait.kernels.CodecOps;

/// Where the tests of compress and exchange get their codec operations: the one place.
public final class TestCodec {
  private TestCodec() {}

  /// Codec operations for tests.
  public static CodecOps ops() {
    try {
      return Backends.choose("scalar").backend().codec();
    } catch (BackendUnavailableException e) {
      throw new IllegalStateException("the scalar backend runs everywhere", e);
    }
  }
}
