package org.strait.bench.kernels;

import java.util.ArrayList;
import java.util.List;
import org.strait.bench.run.BenchCase;
import org.strait.bench.run.Bout;
import org.strait.bench.run.Limit;
import org.strait.bench.run.Outcome;
import org.strait.bench.run.Outcome.Part;
import org.strait.bench.run.SizeClass;
import org.strait.bench.run.Ways;
import org.strait.bench.run.Work;
import org.strait.bench.run.Workplace;
import org.strait.kernels.DenseOps;
import org.strait.memory.Floats;
import org.strait.memory.HostMemory;

/// Two dense vectors: their product, or one added to the other.
///
/// @param dot whether it is the product
/// @param size size class of both together
/// @param quick whether short ones will do
record VectorCase(boolean dot, SizeClass size, boolean quick) implements BenchCase {
  private static final float ALPHA = 1e-3f;

  @Override
  public String name() {
    return (dot ? "dot " : "axpy ") + size.label(quick);
  }

  @Override
  public Limit limit() {
    return new Limit(dot ? Limit.Kind.READ : Limit.Kind.ADD, size);
  }

  @Override
  public List<Bout> bouts(Workplace place, HostMemory memory) {
    long n = size.floats(2, quick);
    Operands operands = new Operands(memory);
    Floats x = operands.normal(n, 1);
    Floats start = operands.normal(n, 1);
    Floats y = memory.floats(n);
    y.copyFrom(start);
    List<Bout> bouts = new ArrayList<>();
    for (int threads : place.threads(size)) {
      DenseOps ops = place.backend(threads).dense();
      Ways ways = new Ways(place, threads, "product", () -> y.copyFrom(start), Part.of("y", y));
      if (dot) {
        ways.strait(() -> ops.dot(x, y))
            .repeatingTwin(
                "C", twins -> twins.repeating("vector_dot", double.class, x, y, n, threads));
      } else {
        ways.strait(
                () -> {
                  ops.axpy(ALPHA, x, y);
                  return 0;
                })
            .repeatingTwin(
                "C", twins -> twins.repeating("vector_axpy", void.class, ALPHA, x, y, n, threads));
      }
      bouts.add(ways.bout(name(), new Work((dot ? 8 : 12) * n, 2.0 * n), 1e-5, expected(x, start)));
    }
    return bouts;
  }

  private Outcome expected(Floats x, Floats y) {
    double product = dot ? Operands.JUDGE.dense().dot(x, y) : 0;
    return Outcome.of(
        Part.number("product", () -> product),
        new Part("y", y.length(), i -> dot ? y.get(i) : y.get(i) + (double) ALPHA * x.get(i)));
  }
}
