package org.strait.kernels;

class ScalarTest extends BackendContract {
  @Override
  protected String name() {
    return "scalar";
  }
}
