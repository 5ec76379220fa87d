package org.strait.bench.parse;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.foreign.MemorySegment;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.strait.bench.peers.Twins;
import org.strait.bench.run.BenchCase;
import org.strait.bench.run.Bout;
import org.strait.bench.run.Limit;
import org.strait.bench.run.Outcome;
import org.strait.bench.run.Outcome.Part;
import org.strait.bench.run.SizeClass;
import org.strait.bench.run.Ways;
import org.strait.bench.run.Work;
import org.strait.bench.run.Workplace;
import org.strait.engine.data.Dataset;
import org.strait.engine.data.LibSvmReader;
import org.strait.memory.Doubles;
import org.strait.memory.HostMemory;

/// Reading LIBSVM text out of the system's file cache into fresh memory, and the same rows out of
/// the cache beside it: mapped again, and for the first time in a new process (whose start is not
/// counted).
///
/// @param text the file
/// @param features its columns
/// @param expected what a reader has to find
/// @param liblinear the program, if it is to be measured
record ParseCase(Path text, int features, Sums expected, Optional<Path> liblinear)
    implements BenchCase {
  /// What there is in a file, as numbers.
  ///
  /// @param rows number of rows
  /// @param entries number of entries
  /// @param labels their sum
  /// @param indices their sum, counted from 0
  /// @param values their sum
  record Sums(double rows, double entries, double labels, double indices, double values) {
    static Sums of(Dataset data) {
      double labels = 0;
      for (int r = 0; r < data.rows(); r++) {
        labels += data.labels().get(r);
      }
      double indices = 0;
      double values = 0;
      long first = data.matrix().rowStart().get(0);
      for (long e = first; e < first + data.entries(); e++) {
        indices += data.matrix().index().get(e);
        values += data.matrix().value().get(e);
      }
      return new Sums(data.rows(), data.entries(), labels, indices, values);
    }

    Part[] parts() {
      return new Part[] {
        Part.number("rows", () -> rows),
        Part.number("entries", () -> entries),
        Part.number("labels", () -> labels),
        Part.number("indices", () -> indices),
        Part.number("values", () -> values)
      };
    }
  }

  @Override
  public String name() {
    return "libsvm " + (int) expected.rows + "x" + features;
  }

  @Override
  public Limit limit() {
    return new Limit(Limit.Kind.READ, SizeClass.MEMORY);
  }

  private Dataset read(int threads, HostMemory memory) {
    return LibSvmReader.read(text, threads, memory);
  }

  /// Reads and forgets.
  private double rows(int threads) {
    try (HostMemory memory = HostMemory.unlimited("parse")) {
      return read(threads, memory).rows();
    }
  }

  @Override
  public List<Bout> bouts(Workplace place, HostMemory memory) {
    Sums read;
    try (HostMemory once = memory.child("once")) {
      read = Sums.of(read(1, once));
    }
    long bytes;
    try {
      bytes = Files.size(text);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    Doubles sums = memory.doubles(5);
    List<Bout> bouts = new ArrayList<>();
    for (int threads : place.threads()) {
      Ways ways =
          new Ways(place, threads, "rows", () -> {})
              .add("strait", false, () -> rows(threads), read.parts());
      CachedRows cached = new CachedRows(text, threads);
      Sums kept = cached.prepare();
      ways.add("strait, from cache (mapped)", false, cached::again, kept.parts());
      ways.timedByItself("strait, from cache, new process", cached::first);
      place.twins(threads).ifPresent(twins -> addTwin(ways, twins, sums, threads));
      if (threads == 1) {
        ways.python("libsvm", text);
        liblinear.ifPresent(program -> ways.add("liblinear-train", true, () -> train(program)));
      }
      bouts.add(ways.bout(name(), Work.moves(bytes), 1e-9, Outcome.of(expected.parts())));
    }
    return bouts;
  }

  private void addTwin(Ways ways, Twins twins, Doubles sums, int threads) {
    Twins.Call summing = twins.call("parse_libsvm", int.class, text.toString(), sums, threads);
    if (summing.once() != 0) {
      throw new IllegalStateException("the C twin cannot read " + text);
    }
    Sums found = new Sums(sums.get(0), sums.get(1), sums.get(2), sums.get(3), sums.get(4));
    Twins.Call call =
        twins.call("parse_libsvm", int.class, text.toString(), MemorySegment.NULL, threads);
    ways.add(
        "C",
        true,
        () -> {
          call.once();
          return found.rows;
        },
        found.parts());
  }

  /// The whole process, which stops before its first iteration: nearly all of it is reading.
  private double train(Path program) {
    try {
      Process process =
          new ProcessBuilder(
                  program.toString(), "-s", "0", "-e", "1e9", "-q", text.toString(), "/dev/null")
              .redirectErrorStream(true)
              .redirectOutput(ProcessBuilder.Redirect.DISCARD)
              .start();
      if (process.waitFor() != 0) {
        throw new IllegalStateException(program + " ended with " + process.exitValue());
      }
      return expected.rows;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted", e);
    }
  }
}
