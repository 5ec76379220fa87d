package org.strait.engine.model;

import org.strait.kernels.Backend;

/// The backend that tests of this package compute with.
final class TestBackend {
  private TestBackend() {}

  static Backend make() {
    return new PlainBackend();
  }
}
