package org.strait.engine;

import java.util.List;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.strait.engine.adapt.Adapt;
import org.strait.engine.adapt.Decision;
import org.strait.engine.adapt.Figures;
import org.strait.engine.adapt.Guard;
import org.strait.engine.adapt.Setting;
import org.strait.engine.compress.Compressor;
import org.strait.engine.exchange.Exchange;
import org.strait.engine.exchange.LinkBytes;
import org.strait.engine.exchange.Membership;
import org.strait.engine.topology.LinkMatrix;
import org.strait.engine.topology.Route;
import org.strait.engine.topology.Routes;
import org.strait.memory.Doubles;
import org.strait.memory.Floats;
import org.strait.memory.HostMemory;

/// One gateway's part in setting how finely rounds travel. After every so many rounds it exchanges
/// a *sample*: its times, bytes and rates, and, for the guard, the sum of its own vectors since the
/// last sample, uncompressed (bfloat16), at coordinates that the sample's number chooses: all of up
/// to {@value #ALL}, else a sixteenth, one drawn at random from each stretch of equal length. The
/// mean of these sums is what dense rounds would have added up to; what the rounds did add up to is
/// known, so all data centres see the same distance and decide the same. With error feedback the
/// distance is what still waits to be sent; with differences it is the error of the mean itself.
///
/// A sample is exchanged before a round, never after one: a data centre that was let in at the end
/// of a round first gets the state, this one's numbers included. A window in which members changed
/// is not judged: each says whether its own is whole, and the sum must be the number of those that
/// count.
final class Adaptation implements AutoCloseable {
  /// Coordinates up to which all are compared.
  static final int ALL = 4096;

  /// Part of the coordinates that is compared where there are more.
  private static final int PART = 16;

  private static final int NUMBERS = 5 + Guard.NUMBERS;
  private static final int MOST_DCS = 60;
  private static final int PER_DC = 3;

  private final Adapt adapt;
  private final List<Compressor> compressors;
  private final Supplier<List<LinkBytes>> posted;
  private final Exchange reference;
  private final Session session;
  private final Route route;
  private final LongSupplier nanoTime;
  private final Setting.Bounds bounds;
  private final Guard guard;
  private final long[] lengths;
  private final long[] from;
  private final Floats dense;
  private final Floats travelled;
  private final Doubles figures;
  private final int dcs;
  private final int me;
  private final LinkMatrix links;
  private Setting setting;
  private long rounds;
  private long samples;
  private boolean broken;
  private long changes;
  private long computeNanos;
  private long exchangeNanos;
  private int computed;
  private int exchanged;
  private long bytesBefore;
  private long ended;
  private boolean running;

  /// Coordinates that are compared of vectors of these lengths.
  static long sampled(long[] lengths, Adapt adapt) {
    long sum = 0;
    for (long length : lengths) {
      sum += Double.isNaN(adapt.bound()) ? 0 : sampled(length);
    }
    return sum;
  }

  private static long sampled(long length) {
    return length <= ALL ? length : Math.max(ALL, length / PART);
  }

  /// @param compressors of all streams
  /// @param lengths of their vectors
  /// @param posted bytes of all streams
  /// @param reference of vectors of length {@link #sampled}; closed with this
  /// @param links the links' figures when it begins
  Adaptation(
      Adapt adapt,
      Session session,
      List<Compressor> compressors,
      long[] lengths,
      Supplier<List<LinkBytes>> posted,
      Exchange reference,
      Route route,
      LinkMatrix links,
      LongSupplier nanoTime,
      HostMemory memory) {
    this.adapt = adapt;
    this.session = session;
    this.compressors = compressors;
    this.posted = posted;
    this.reference = reference;
    this.route = route;
    this.links = links;
    this.nanoTime = nanoTime;
    this.lengths = lengths.clone();
    bounds =
        new Setting.Bounds(compressors.getFirst().rungs(), adapt.leastPeriod(), adapt.mostPeriod());
    if (bounds.finest().equals(new Setting(0, adapt.mostPeriod()))) {
      throw new IllegalArgumentException(
          "compressor \""
              + compressors.getFirst().name()
              + "\" has no bounds to choose between, and the period is fixed; write bounds, for"
              + " example top-k:0.1%..10%,int4..int8,rans,error-feedback");
    }
    guard = new Guard(adapt.bound(), bounds);
    from = new long[lengths.length + 1];
    for (int s = 0; s < lengths.length; s++) {
      from[s + 1] = from[s] + (Double.isNaN(adapt.bound()) ? 0 : sampled(lengths[s]));
    }
    dense = memory.floats(from[lengths.length]);
    travelled = memory.floats(from[lengths.length]);
    dcs = links.dcs();
    me = session.dc();
    figures = memory.doubles(1 + PER_DC * dcs + (dcs > MOST_DCS ? 0 : dcs * dcs));
    changes = members().changes();
    setting = adapt.controller().first(bounds);
    stand();
  }

  private Membership members() {
    return reference.members();
  }

  private void stand() {
    for (Compressor compressor : compressors) {
      compressor.stand(setting.rung());
    }
  }

  /// Local steps until the next round.
  int period() {
    return setting.period();
  }

  /// Whether a sample is due before the next round.
  boolean due() {
    return rounds > 0 && rounds % adapt.every() == 0 && rounds / adapt.every() > samples;
  }

  /// The exchange begins: until now this data centre has computed.
  void computed() {
    if (running) {
      computeNanos += nanoTime.getAsLong() - ended;
      computed++;
    }
  }

  /// This data centre's vector is about to travel.
  void travels(int stream, Floats vector) {
    for (long i = from[stream]; i < from[stream + 1]; i++) {
      dense.set(i, dense.get(i) + vector.get(place(stream, i - from[stream])));
    }
    ended = nanoTime.getAsLong();
  }

  /// The mean of such vectors came.
  void came(int stream, Floats mean) {
    for (long i = from[stream]; i < from[stream + 1]; i++) {
      travelled.set(i, travelled.get(i) + mean.get(place(stream, i - from[stream])));
    }
  }

  /// The exchange is over and this data centre computes again.
  void ended() {
    long now = nanoTime.getAsLong();
    exchangeNanos += now - ended;
    exchanged++;
    ended = now;
    running = true;
    rounds++;
    broken |= members().changes() != changes || members().admitted() >= 0;
  }

  /// What follows is neither: the clock goes on from here.
  void pause() {
    ended = nanoTime.getAsLong();
  }

  /// Coordinate of a stream that is compared as its i-th.
  private long place(int stream, long i) {
    long n = lengths[stream];
    long count = from[stream + 1] - from[stream];
    if (count == n) {
      return i;
    }
    long low = i * n / count;
    long high = (i + 1) * n / count;
    return low + Long.remainderUnsigned(mixed(samples * n + i), high - low);
  }

  /// SplitMix64 (Steele, Lea, Flood 2014).
  private static long mixed(long x) {
    long z = (x + 1) * 0x9e3779b97f4a7c15L;
    z = (z ^ (z >>> 30)) * 0xbf58476d1ce4e5b9L;
    z = (z ^ (z >>> 27)) * 0x94d049bb133111ebL;
    return z ^ (z >>> 31);
  }

  /// Exchanges a sample and stands as is decided.
  ///
  /// @param weight this data centre's
  void sample(double weight) {
    fill();
    int parties =
        reference
            .average(dense, weight, figures, session.deadline("exchange between data centres"))
            .parties();
    Figures agreed = agreed(figures.get(0) == parties && dense.length() > 0 ? error() : Double.NaN);
    Setting before = setting;
    Setting wanted = adapt.controller().next(agreed, before, bounds);
    setting = guard.check(agreed.error(), before, wanted);
    stand();
    samples++;
    begin();
    adapt
        .listener()
        .accept(
            new Decision(
                rounds,
                agreed,
                guard.poor(agreed.error()),
                before,
                describe(before),
                setting,
                describe(setting)));
  }

  private String describe(Setting some) {
    String rung = compressors.getFirst().describe(some.rung());
    return adapt.mostPeriod() == 1 ? rung : rung + ", " + some.period() + " local steps";
  }

  /// A new window.
  private void begin() {
    dense.fill(0);
    travelled.fill(0);
    broken = false;
    changes = members().changes();
    computeNanos = 0;
    exchangeNanos = 0;
    computed = 0;
    exchanged = 0;
    bytesBefore = payloadBytes();
  }

  private long payloadBytes() {
    long most = 0;
    for (int to = 0; to < dcs; to++) {
      long bytes = 0;
      for (LinkBytes one : posted.get()) {
        bytes += one.bytesTo(to, LinkBytes.Kind.PAYLOAD);
      }
      most = Math.max(most, bytes);
    }
    return most;
  }

  /// This data centre's figures, where the others have zeros.
  private void fill() {
    broken |= members().changes() != changes;
    figures.fill(0);
    figures.set(0, broken ? 0 : 1);
    long at = 1 + (long) PER_DC * me;
    figures.set(at, computed == 0 ? 0 : computeNanos / 1e9 / computed);
    figures.set(at + 1, exchanged == 0 ? 0 : exchangeNanos / 1e9 / exchanged);
    figures.set(at + 2, exchanged == 0 ? 0 : (double) (payloadBytes() - bytesBefore) / exchanged);
    for (int p = 0; p < dcs && dcs <= MOST_DCS; p++) {
      figures.set(rateAt(p, me), p == me ? 0 : members().bytesPerSecondFrom(p));
    }
  }

  private long rateAt(int sender, int receiver) {
    return 1 + (long) PER_DC * dcs + (long) receiver * dcs + sender;
  }

  private Figures agreed(double error) {
    double compute = 0;
    double exchange = Double.POSITIVE_INFINITY;
    double bytes = 0;
    for (int p = 0; p < dcs; p++) {
      long at = 1 + (long) PER_DC * p;
      compute = Math.max(compute, figures.get(at));
      bytes = Math.max(bytes, figures.get(at + 2));
      if (figures.get(at + 1) > 0) {
        exchange = Math.min(exchange, figures.get(at + 1));
      }
    }
    // Not kept: a data centre that comes back knows only what was measured first, and this sample.
    LinkMatrix now = links;
    if (dcs <= MOST_DCS) {
      double[][] rates = new double[dcs][dcs];
      for (int sender = 0; sender < dcs; sender++) {
        for (int receiver = 0; receiver < dcs; receiver++) {
          rates[sender][receiver] = figures.get(rateAt(sender, receiver));
        }
      }
      now = links.withRates(rates);
    }
    double delay = Routes.predict(route, now, 0).seconds();
    double all = Routes.predict(route, now, bytes).seconds();
    return new Figures(
        compute,
        Double.isInfinite(exchange) ? 0 : exchange,
        delay,
        bytes > 0 ? (all - delay) / bytes : 0,
        bytes,
        error);
  }

  private double error() {
    double apart = 0;
    double whole = 0;
    for (long i = 0; i < dense.length(); i++) {
      double d = (double) travelled.get(i) - dense.get(i);
      apart += d * d;
      whole += (double) dense.get(i) * dense.get(i);
    }
    return apart == 0 ? 0 : Math.sqrt(apart / whole);
  }

  /// State between rounds that all have alike.
  double[] numbers() {
    double[] numbers = new double[NUMBERS];
    numbers[0] = rounds;
    numbers[1] = samples;
    numbers[2] = setting.rung();
    numbers[3] = setting.period();
    numbers[4] = broken ? 1 : 0;
    System.arraycopy(guard.numbers(), 0, numbers, 5, Guard.NUMBERS);
    return numbers;
  }

  /// Goes on from there.
  ///
  /// @param mine whether {@link #memories} are restored too; else this data centre comes back
  /// @throws IllegalArgumentException if they are not such numbers
  void restore(double[] numbers, boolean mine) {
    if (numbers.length != NUMBERS) {
      throw new IllegalArgumentException(
          numbers.length + " numbers of the adaptation, expected " + NUMBERS);
    }
    rounds = (long) numbers[0];
    samples = (long) numbers[1];
    setting = new Setting((int) numbers[2], (int) numbers[3]);
    guard.restore(numbers, 5);
    stand();
    broken = numbers[4] != 0 || !mine;
    changes = members().changes();
    if (!mine) {
      reference.resumeAt(samples);
    }
  }

  /// What this data centre alone has.
  List<Floats> memories() {
    return List.of(dense);
  }

  /// What all have alike.
  List<Floats> sharedMemories() {
    return List.of(travelled);
  }

  /// Bytes of samples.
  LinkBytes links() {
    return reference.links();
  }

  @Override
  public void close() {
    reference.close();
  }
}
