package org.strait.engine.model;

import org.strait.kernels.Backend;
import org.strait.kernels.BackendUnavailableException;
import org.strait.kernels.Backends;

/// The backend that tests of this package compute with.
final class TestBackend {
  private TestBackend() {}

  static Backend make() {
    try {
      return Backends.choose("scalar").backend();
    } catch (BackendUnavailableException e) {
      throw new IllegalStateException("the scalar backend runs everywhere", e);
    }
  }
}
