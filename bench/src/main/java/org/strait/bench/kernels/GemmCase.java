package org.strait.bench.kernels;

import java.util.ArrayList;
import java.util.List;
import org.strait.bench.peers.Blas;
import org.strait.bench.peers.Twins;
import org.strait.bench.run.BenchCase;
import org.strait.bench.run.Bout;
import org.strait.bench.run.Limit;
import org.strait.bench.run.Outcome;
import org.strait.bench.run.Outcome.Part;
import org.strait.bench.run.Ways;
import org.strait.bench.run.Work;
import org.strait.bench.run.Workplace;
import org.strait.kernels.DenseOps;
import org.strait.kernels.Matrix;
import org.strait.memory.Floats;
import org.strait.memory.HostMemory;

/// C ← A·B, float32, row-major. Tiny shapes show what a call costs.
///
/// @param m rows of A and C
/// @param n columns of B and C
/// @param k columns of A and rows of B
record GemmCase(int m, int n, int k) implements BenchCase {
  @Override
  public String name() {
    return "sgemm " + m + "x" + n + "x" + k;
  }

  @Override
  public Limit limit() {
    return Limit.multiplyAdd();
  }

  @Override
  public List<Bout> bouts(Workplace place, HostMemory memory) {
    Operands operands = new Operands(memory);
    Floats a = operands.normal((long) m * k, 1);
    Floats b = operands.normal((long) k * n, 1);
    Floats c = memory.floats((long) m * n);
    Floats v = operands.normal(n, 1);
    Matrix left = Matrix.of(a, m, k);
    Matrix right = Matrix.of(b, k, n);
    Matrix out = Matrix.of(c, m, n);
    Outcome expected = Outcome.of(expected(a, b, v));
    double flops = 2.0 * m * n * k;
    long bytes = 4 * ((long) m * k + (long) k * n + (long) m * n);
    List<Bout> bouts = new ArrayList<>();
    for (int threads : place.threads()) {
      DenseOps ops = place.backend(threads).dense();
      Ways ways =
          new Ways(place, threads, "nothing", () -> Operands.clear(c), product(m, n, c, v))
              .strait(
                  () -> {
                    ops.gemm(false, false, 1, left, right, 0, out);
                    return 0;
                  });
      Blas.inThisProcess()
          .ifPresent(
              blas ->
                  place
                      .twins(1)
                      .ifPresent(
                          twins -> {
                            Twins.Call call =
                                twins.repeating("blas_sgemm", void.class, blas, a, b, c, m, n, k);
                            ways.peerThatRepeats(
                                "C, OpenBLAS",
                                repeats -> {
                                  if (threads > 1) {
                                    blas.threads(threads);
                                  }
                                  call.repeated(repeats);
                                  if (threads > 1) {
                                    blas.threads(1);
                                  }
                                  return 0;
                                });
                          }));
      ways.python("sgemm", a, b, m, n, k);
      bouts.add(ways.bout(name(), new Work(bytes, flops), 1e-3, expected));
    }
    return bouts;
  }

  /// C·v, computed when it is compared (Freivalds 1977): a product is checked without another one.
  private static Part product(int m, int n, Floats c, Floats v) {
    return new Part(
        "product",
        m,
        i -> {
          double sum = 0;
          for (int j = 0; j < n; j++) {
            sum += (double) c.get(i * n + j) * v.get(j);
          }
          return sum;
        });
  }

  /// A·(B·v).
  private Part expected(Floats a, Floats b, Floats v) {
    double[] bv = new double[k];
    for (int r = 0; r < k; r++) {
      for (int j = 0; j < n; j++) {
        bv[r] += (double) b.get((long) r * n + j) * v.get(j);
      }
    }
    return new Part(
            "product",
            m,
            i -> {
              double sum = 0;
              for (int r = 0; r < k; r++) {
                sum += a.get(i * k + r) * bv[r];
              }
              return sum;
            })
        .kept();
  }
}
