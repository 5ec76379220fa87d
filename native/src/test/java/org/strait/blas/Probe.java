package org.strait.blas;

import org.bytedeco.javacpp.Pointer;
import org.strait.kernels.Backend;
import org.strait.kernels.Backends;
import org.strait.kernels.Matrix;
import org.strait.memory.HostMemory;

/// What a JVM of its own says about OpenBLAS: how the backend was chosen, how many threads a call
/// uses, what JavaCPP counts, and one product of matrices far larger than the limits it was given.
public final class Probe {
  private static final int SIDE = 2048;

  private Probe() {}

  /// Says it on the standard output.
  ///
  /// @param args the backend to choose
  public static void main(String[] args) throws Exception {
    Backends.Choice choice = Backends.choose(args[0]);
    Backend backend = choice.backend();
    System.out.println(choice.logLine());
    try (HostMemory memory = HostMemory.unlimited("probe")) {
      Matrix a = Matrix.of(memory.floats((long) SIDE * SIDE), SIDE, SIDE);
      Matrix c = Matrix.of(memory.floats((long) SIDE * SIDE), SIDE, SIDE);
      a.values().fill(0.5f);
      if (backend.name().equals("openblas")) {
        long before = Pointer.totalBytes();
        backend.dense().gemm(false, true, 1, a, a, 0, c);
        System.out.println("threads " + OpenBlasLibrary.threads());
        System.out.println("counted " + (Pointer.totalBytes() - before));
        System.out.println("corner " + c.values().get((long) SIDE * SIDE - 1));
      } else {
        backend.dense().axpy(1, a.values(), c.values());
        System.out.println("corner " + c.values().get((long) SIDE * SIDE - 1));
      }
    }
  }
}
