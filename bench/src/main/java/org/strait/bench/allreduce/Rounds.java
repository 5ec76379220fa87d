package org.strait.bench.allreduce;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.Set;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.DoubleStream;
import java.util.stream.IntStream;
import org.strait.bench.run.Timing;

/// Lets contestants take turns at one size after the other. Only one is at work at a time; the
/// others' ranks wait for their next order.
final class Rounds {
  /// Below it, barriers cost more than memory.
  private static final long LIMIT_FROM_BYTES = 256 << 10;

  private static final long REST_NANOS = 100_000_000;

  /// The system counts in ticks of 10 ms.
  private static final long IDLE_MILLIS = 10;

  private static final int MOST_WARM_CALLS = 1 << 14;

  private final List<Contestant> contestants;
  private final SumPace pace;
  private final Set<Contestant> warmed = new HashSet<>();

  Rounds(List<Contestant> contestants, SumPace pace) {
    this.contestants = List.copyOf(contestants);
    this.pace = pace;
  }

  /// The rows of one size.
  List<SumRow> at(long bytes) {
    List<Contestant> here = contestants.stream().filter(c -> bytes <= c.mostBytes()).toList();
    double[] call = new double[here.size()];
    double longest = 0;
    for (int c = 0; c < call.length; c++) {
      call[c] = warmUp(here.get(c), bytes);
      longest = Math.max(longest, call[c]);
    }
    rest();
    int turns = (int) Math.clamp(pace.boutSeconds() / longest, pace.leastTurns(), pace.mostTurns());
    List<List<double[]>> seconds = new ArrayList<>();
    here.forEach(c -> seconds.add(new ArrayList<>()));
    for (int turn = 0; turn < turns; turn++) {
      for (int i = 0; i < call.length; i++) {
        int c = (turn + i) % call.length;
        int calls = (int) Math.clamp(pace.turnSeconds() / call[c], 1, pace.mostCalls());
        int warm = (int) Math.min(pace.settleSeconds() / call[c], MOST_WARM_CALLS);
        seconds.get(c).add(here.get(c).crew().order(here.get(c).way(), bytes, warm, calls));
      }
    }
    List<Timing> timings =
        seconds.stream()
            .map(all -> Timing.of(all.stream().flatMapToDouble(DoubleStream::of).toArray()))
            .toList();
    return rows(bytes, here, timings);
  }

  /// Ranks that have warmed up go on compiling: waits until nobody is at work.
  private void rest() {
    long before = cpuMillis();
    for (int i = 0; i < pace.mostRests(); i++) {
      LockSupport.parkNanos(REST_NANOS);
      long now = cpuMillis();
      if (now - before <= IDLE_MILLIS) {
        return;
      }
      before = now;
    }
  }

  private long cpuMillis() {
    return contestants.stream().map(Contestant::crew).distinct().mapToLong(Crew::cpuMillis).sum();
  }

  /// Runs for a while; returns the seconds of a call with what surrounds it.
  private double warmUp(Contestant contestant, long bytes) {
    double enough = warmed.add(contestant) ? pace.firstWarmSeconds() : pace.warmSeconds();
    double spent = 0;
    double last;
    int calls = 1;
    do {
      long from = System.nanoTime();
      double[] unused = contestant.crew().order(contestant.way(), bytes, 0, calls);
      double took = (System.nanoTime() - from) * 1e-9;
      last = took / unused.length;
      spent += took;
      if (took < enough / 4) {
        calls = Math.min(2 * calls, pace.mostCalls());
      }
    } while (spent < enough);
    return last;
  }

  private static List<SumRow> rows(long bytes, List<Contestant> here, List<Timing> timings) {
    OptionalDouble limit = OptionalDouble.empty();
    for (int c = 0; c < here.size(); c++) {
      if (here.get(c).limit() && bytes >= LIMIT_FROM_BYTES) {
        limit = OptionalDouble.of(timings.get(c).median());
      }
    }
    List<SumRow> rows = new ArrayList<>();
    for (int c = 0; c < here.size(); c++) {
      Contestant contestant = here.get(c);
      double median = timings.get(c).median();
      Optional<Integer> rival =
          IntStream.range(0, here.size())
              .filter(i -> contestant.rivals().contains(here.get(i).who()))
              .boxed()
              .min(Comparator.comparing(i -> timings.get(i).median()));
      rows.add(
          new SumRow(
              bytes,
              contestant.who(),
              contestant.peer(),
              contestant.crew().ranks(),
              timings.get(c),
              rival.isPresent()
                  ? OptionalDouble.of(timings.get(rival.get()).median() / median)
                  : OptionalDouble.empty(),
              rival.map(i -> here.get(i).who()).orElse(""),
              limit.isPresent() && !contestant.limit()
                  ? OptionalDouble.of(limit.getAsDouble() / median)
                  : OptionalDouble.empty()));
    }
    return rows;
  }
}
