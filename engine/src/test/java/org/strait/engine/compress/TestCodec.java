package org.strait.engine.compress;

import org.strait.kernels.CodecOps;

/// Where the tests of compress and exchange get their codec operations: the one place.
public final class TestCodec {
  private TestCodec() {}

  /// Codec operations for tests.
  public static CodecOps ops() {
    return new ReferenceCodecOps();
  }
}
