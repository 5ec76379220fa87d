package org.strait.kernels.team;

class TeamScalarTest extends TeamDenseContract {
  @Override
  protected String name() {
    return "scalar";
  }
}
