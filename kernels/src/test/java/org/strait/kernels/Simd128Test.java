package org.strait.kernels;

class Simd128Test extends BackendContract {
  @Override
  protected String name() {
    return "simd-128";
  }
}
