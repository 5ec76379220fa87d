package org.strait.kernels;

class Simd256Test extends BackendContract {
  @Override
  protected String name() {
    return "simd-256";
  }
}
