package org.strait.kernels;

class Simd512Test extends BackendContract {
  @Override
  protected String name() {
    return "simd-512";
  }
}
