package org.strait.kernels;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assumptions.abort;

import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

/// All contracts for one backend. Where the machine cannot run it, its tests are skipped with the
/// reason; {@code BackendsTest} sees to it that not everything is skipped.
public abstract class BackendContract {
  /// The backend's name as given to {@link Backends#choose}.
  protected abstract String name();

  private Backend backend() {
    try {
      return Backends.choose(name()).backend();
    } catch (BackendUnavailableException e) {
      return abort(e.getMessage());
    }
  }

  @Test
  void carriesItsName() {
    assertEquals(name(), backend().name());
  }

  @Nested
  class Dense extends DenseOpsContract {
    @Override
    protected Backend backend() {
      return BackendContract.this.backend();
    }
  }

  @Nested
  class Sparse extends SparseOpsContract {
    @Override
    protected Backend backend() {
      return BackendContract.this.backend();
    }
  }

  @Nested
  class Loss extends LossOpsContract {
    @Override
    protected Backend backend() {
      return BackendContract.this.backend();
    }
  }

  @Nested
  class Update extends UpdateOpsContract {
    @Override
    protected Backend backend() {
      return BackendContract.this.backend();
    }
  }

  @Nested
  class Codec extends CodecOpsContract {
    @Override
    protected Backend backend() {
      return BackendContract.this.backend();
    }
  }

  @Nested
  class Net extends NetOpsContract {
    @Override
    protected Backend backend() {
      return BackendContract.this.backend();
    }
  }

  @Nested
  class LossFamily extends LossFamilyContract {
    @Override
    protected Backend backend() {
      return BackendContract.this.backend();
    }
  }

  @Nested
  class BlockCodes extends BlockCodesContract {
    @Override
    protected Backend backend() {
      return BackendContract.this.backend();
    }
  }

  @Nested
  class Selection extends SelectionContract {
    @Override
    protected Backend backend() {
      return BackendContract.this.backend();
    }
  }

  @Nested
  class Steady extends SteadyStateContract {
    @Override
    protected Backend backend() {
      return BackendContract.this.backend();
    }
  }
}
