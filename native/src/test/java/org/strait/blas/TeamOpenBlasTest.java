package org.strait.blas;

import org.strait.kernels.team.TeamDenseContract;

class TeamOpenBlasTest extends TeamDenseContract {
  @Override
  protected String name() {
    return "openblas";
  }
}
