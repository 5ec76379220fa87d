package org.strait.bench.kernels;

import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;
import java.util.function.DoubleSupplier;
import org.strait.bench.peers.Twins;
import org.strait.bench.run.BenchCase;
import org.strait.bench.run.Bout;
import org.strait.bench.run.Limit;
import org.strait.bench.run.Outcome;
import org.strait.bench.run.Outcome.Part;
import org.strait.bench.run.Ways;
import org.strait.bench.run.Work;
import org.strait.bench.run.Workplace;
import org.strait.kernels.team.Team;
import org.strait.memory.Floats;
import org.strait.memory.HostMemory;

/// A stream of memory, as fast as it goes: in Java over native memory and in C.
///
/// @param limit which stream
/// @param quick whether short ones will do
record StreamLimit(Limit limit, boolean quick) implements BenchCase {
  /// Parts of the work begin at multiples of so many floats.
  private static final long GRAIN = 256;

  /// The operands: multiples of 1/4, so that every order of adding them gives the same sum.
  private static final class Streams {
    private final long n;
    private final Floats a;
    private final Floats b;
    private final Floats c;

    Streams(long n, Limit.Kind kind, HostMemory memory) {
      this.n = n;
      a = memory.floats(n);
      b = memory.floats(kind == Limit.Kind.TRIAD ? n : 0);
      c = memory.floats(kind == Limit.Kind.READ ? 0 : kind == Limit.Kind.NARROW ? n / 4 : n);
      for (long i = 0; i < n; i++) {
        a.set(i, (i % 5 - 1) * 0.25f);
      }
      for (long i = 0; i < b.length(); i++) {
        b.set(i, (float) (i % 3));
      }
    }

    void reset() {
      for (long i = 0; i < c.length(); i++) {
        c.set(i, 3);
      }
    }
  }

  @Override
  public String name() {
    return limit.caseName(quick);
  }

  @Override
  public List<Bout> bouts(Workplace place, HostMemory memory) {
    long n = limit.size().floats(limit.kind().arrays(), quick) / GRAIN * GRAIN;
    Streams streams = new Streams(n, limit.kind(), memory);
    Part[] left =
        limit.kind() == Limit.Kind.READ ? new Part[0] : new Part[] {Part.of("c", streams.c)};
    List<Bout> bouts = new ArrayList<>();
    for (int threads : place.threads(limit.size())) {
      Ways ways = new Ways(place, threads, "sum", streams::reset, left);
      if (MultiplyAddLimit.vectorsMayRun(place)) {
        ways.add("java vector", false, java(streams, place.team(threads)));
      }
      ways.repeatingTwin("C", twins -> twin(twins, streams, threads));
      if (!ways.isEmpty()) {
        Work work = Work.moves(limit.kind().bytesPerElement() * n);
        bouts.add(ways.bout(name(), work, 1e-6, expected(streams)));
      }
    }
    return bouts;
  }

  private Twins.Call twin(Twins twins, Streams s, int threads) {
    return switch (limit.kind()) {
      case READ -> twins.repeating("limit_read", float.class, s.a, s.n, threads);
      case COPY -> twins.repeating("limit_copy", void.class, s.a, s.c, s.n, threads);
      case NARROW -> twins.repeating("limit_narrow", void.class, s.a, s.c, s.n, threads);
      case TRIAD -> twins.repeating("limit_triad", void.class, s.a, s.b, s.c, s.n, threads);
      case ADD -> twins.repeating("limit_add", void.class, s.a, s.c, s.n, threads);
      case MULTIPLY_ADD -> throw noStream();
    };
  }

  private IllegalStateException noStream() {
    return new IllegalStateException("no stream of memory: " + limit);
  }

  private Outcome expected(Streams s) {
    return switch (limit.kind()) {
      case READ -> {
        double sum = 0;
        for (long i = 0; i < s.n; i++) {
          sum += s.a.get(i);
        }
        double total = sum;
        yield Outcome.of(Part.number("sum", () -> total));
      }
      case COPY -> Outcome.of(Part.of("c", s.a));
      case NARROW -> Outcome.of(new Part("c", s.n / 4, i -> sumOfFour(s.a, i)));
      case TRIAD -> Outcome.of(new Part("c", s.n, i -> s.a.get(i) + 1.5 * s.b.get(i)));
      case ADD -> Outcome.of(new Part("c", s.n, i -> 3.0 + s.a.get(i)));
      case MULTIPLY_ADD -> throw noStream();
    };
  }

  private static double sumOfFour(Floats a, long i) {
    double sum = 0;
    for (int k = 0; k < 4; k++) {
      sum += a.get(i / 16 * 64 + 16L * k + i % 16);
    }
    return sum;
  }

  private DoubleSupplier java(Streams s, Team team) {
    int threads = team.threads();
    MemorySegment a = s.a.segment();
    MemorySegment b = s.b.segment();
    MemorySegment c = s.c.segment();
    float[] sums = new float[threads];
    long grains = s.n / GRAIN;
    Team.Task task =
        (part, worker) -> {
          long from = part * grains / threads * GRAIN * Floats.BYTES;
          long to = (part + 1) * grains / threads * GRAIN * Floats.BYTES;
          switch (limit.kind()) {
            case READ -> sums[part] = JavaLimits.read(a, from, to);
            case COPY -> JavaLimits.copy(a, c, from, to);
            case NARROW -> JavaLimits.narrow(a, c, from, to);
            case TRIAD -> JavaLimits.triad(a, b, c, from, to);
            case ADD -> JavaLimits.add(a, c, from, to);
            case MULTIPLY_ADD -> throw noStream();
          }
        };
    return () -> {
      team.run(threads, task);
      double sum = 0;
      for (float part : sums) {
        sum += part;
      }
      return sum;
    };
  }
}
