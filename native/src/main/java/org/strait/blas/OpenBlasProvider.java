package org.strait.blas;

import org.strait.kernels.Backend;
import org.strait.kernels.BackendProvider;
import org.strait.kernels.BackendUnavailableException;

/// Joins OpenBLAS to the choice of backends.
public final class OpenBlasProvider implements BackendProvider {
  static final String NAME = "openblas";

  @Override
  public String name() {
    return NAME;
  }

  @Override
  public Backend create(Backend best) throws BackendUnavailableException {
    OpenBlasLibrary.load();
    return new OpenBlasBackend(best);
  }
}
