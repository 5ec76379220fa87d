package org.strait.bench.run;

import com.google.gson.JsonArray;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.function.Consumer;
import org.strait.memory.HostMemory;

/// Runs cases and keeps their rows. The limit that a case is compared with is measured before it,
/// once.
public final class Ledger {
  private record LimitKey(Limit limit, int threads) {}

  private final String bench;
  private final Workplace place;
  private final Consumer<String> progress;
  private final Interleaver interleaver;
  private final Map<Limit, BenchCase> limitCases = new HashMap<>();

  /// Bytes or operations a second, 0 where nothing here can measure it.
  private final Map<LimitKey, Double> limits = new HashMap<>();
  private final List<Row> rows = new ArrayList<>();

  /// @param bench name for the rows
  /// @param place what to measure with
  /// @param limitCases how to measure limits
  /// @param progress takes a line about every bout
  public Ledger(
      String bench,
      Workplace place,
      Map<Limit, ? extends BenchCase> limitCases,
      Consumer<String> progress) {
    this.bench = bench;
    this.place = place;
    this.progress = progress;
    this.limitCases.putAll(limitCases);
    interleaver = new Interleaver(place.quick() ? Pace.QUICK : Pace.FULL);
  }

  /// Runs a case on all its numbers of threads.
  ///
  /// @throws WrongResultException if a contender is wrong
  public void run(BenchCase benchCase) {
    // Limits first: their memory is given back before the case takes its own.
    place.threads().forEach(threads -> measureLimit(benchCase.limit(), threads));
    if (!isLimit(benchCase)) {
      bouts(benchCase, place);
    }
  }

  private boolean isLimit(BenchCase benchCase) {
    return limitCases.get(benchCase.limit()).equals(benchCase);
  }

  private void measureLimit(Limit limit, int threads) {
    if (limits.putIfAbsent(new LimitKey(limit, threads), 0.0) == null) {
      bouts(limitCases.get(limit), place.with(threads));
    }
  }

  private void bouts(BenchCase benchCase, Workplace at) {
    try (HostMemory memory = HostMemory.unlimited(benchCase.name())) {
      for (Bout bout : benchCase.bouts(at, memory)) {
        add(benchCase, bout);
      }
    }
  }

  private void add(BenchCase benchCase, Bout bout) {
    List<Timing> timings = interleaver.time(bout);
    double bestPeer = Double.MAX_VALUE;
    double best = Double.MAX_VALUE;
    for (int c = 0; c < timings.size(); c++) {
      double median = timings.get(c).median();
      best = Math.min(best, median);
      if (bout.contenders().get(c).peer()) {
        bestPeer = Math.min(bestPeer, median);
      }
    }
    Work work = bout.work();
    double amount =
        benchCase.limit().kind() == Limit.Kind.MULTIPLY_ADD ? work.flops() : work.bytes();
    LimitKey key = new LimitKey(benchCase.limit(), bout.threads());
    if (isLimit(benchCase)) {
      limits.put(key, amount / best);
    }
    double limit = limits.get(key);
    for (int c = 0; c < timings.size(); c++) {
      Contender contender = bout.contenders().get(c);
      double median = timings.get(c).median();
      rows.add(
          new Row(
              bench,
              bout.name(),
              contender.who(),
              contender.peer(),
              bout.threads(),
              work,
              timings.get(c),
              bestPeer < Double.MAX_VALUE
                  ? OptionalDouble.of(bestPeer / median)
                  : OptionalDouble.empty(),
              limit > 0 ? OptionalDouble.of(amount / median / limit) : OptionalDouble.empty()));
    }
    progress.accept(Table.line(rows.get(rows.size() - timings.size())));
  }

  /// The rows so far.
  public List<Row> rows() {
    return Collections.unmodifiableList(rows);
  }

  /// The rows so far as JSON.
  public JsonArray json() {
    JsonArray json = new JsonArray();
    rows.forEach(row -> json.add(row.json()));
    return json;
  }
}
