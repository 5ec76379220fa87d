package org.strait.kernels.team;

class TeamSimdTest extends TeamDenseContract {
  @Override
  protected String name() {
    return "simd";
  }
}
