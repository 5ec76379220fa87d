package org.strait.engine;

import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.util.zip.CRC32C;
import org.strait.engine.compress.FeatureSetCode;
import org.strait.engine.compress.PayloadException;
import org.strait.engine.compress.StepNumbers;
import org.strait.engine.exchange.ExchangeException;
import org.strait.engine.exchange.Star;
import org.strait.engine.ledger.MessageKind;
import org.strait.memory.Bytes;
import org.strait.memory.Doubles;
import org.strait.memory.Floats;
import org.strait.memory.HostMemory;
import org.strait.memory.Ints;

/// The end of a frugal training: weights become whole multiples of one step, the same for all, so
/// that those that others lack travel as small numbers; then everybody has the same model, bit for
/// bit. The step is as long as the expected loss of it, step²·trace/24, allows; what it costs is
/// measured on all rows, and a step that costs too much is shortened. Where weights are so
/// different that numbers get too large, they travel as float32.
final class WeightRounding {
  private static final ValueLayout.OfInt U32 =
      ValueLayout.JAVA_INT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

  /// Part of the tolerance that rounding may cost, or of what is left to a target, and the most and
  /// the least it may, relative to the objective.
  private static final double OF_TOLERANCE = 0.1;

  private static final double OF_TARGET = 0.4;
  private static final double MOST_COST = 1e-6;
  private static final double LEAST_COST = 1e-13;
  private static final double SHORTER = 8;
  private static final int MOST_TRIALS = 6;
  private static final long MOST_NUMBER = 1 << 30;

  /// The word after the last.
  private static final int DONE = 4;

  private final FrugalRank rank;
  private final Doubles weights;
  private final Doubles exact;
  private final Doubles words;
  private final Doubles reply;
  private final HostMemory memory;
  private boolean fits;

  WeightRounding(FrugalRank rank, HostMemory memory) {
    this.rank = rank;
    this.memory = memory;
    weights = rank.site().weights();
    exact = memory.doubles(weights.length());
    exact.copyFrom(weights);
    words = rank.words();
    reply = memory.doubles(2);
  }

  /// @param code why the training ends
  /// @param trace of the whole curvature
  FrugalEnd atHub(int code, double objective, double trace, double proven, String hub) {
    double size = Math.abs(objective);
    double cost =
        code == FrugalEnd.TARGET
            ? OF_TARGET * (rank.config().target() - objective)
            : OF_TOLERANCE * rank.config().tolerance() * size;
    cost = Math.max(LEAST_COST * size, Math.min(MOST_COST * size, cost));
    double step = Math.sqrt(24 * cost / trace);
    step = Double.isFinite(step) ? step : 0;
    StarVectors letters = rank.letters();
    boolean done = false;
    double value = objective;
    for (int trial = 1; !done; trial++) {
      say(FrugalRank.END, step, code, objective);
      if (letters != null) {
        letters.toLeaves(MessageKind.STEP, words, null, 0);
      }
      FrugalEnd.check(code, objective);
      round(step);
      value = rank.site().valueAsIs() + rank.sharedPenalty();
      reply.set(0, 0);
      reply.set(1, fits ? 1 : 0);
      addReplies();
      value += reply.get(0);
      done = step == 0 || (reply.get(1) == 1 && value <= objective + 2 * cost);
      if (!done) {
        weights.copyFrom(exact);
        step = trial == MOST_TRIALS || reply.get(1) == 0 ? 0 : step / SHORTER;
      }
    }
    Floats whole = rank.replica().weights();
    if (letters != null || rank.session().isGateway()) {
      collect(letters, step, whole, value);
    }
    return end(code, value, proven, whole, hub);
  }

  private void addReplies() {
    StarVectors letters = rank.letters();
    if (letters != null) {
      Doubles said = memory.doubles(2);
      for (int p = 0; p < letters.star().dcs(); p++) {
        if (p != letters.star().me()) {
          letters.await(p, said);
          reply.set(0, reply.get(0) + said.get(0));
          reply.set(1, Math.min(reply.get(1), said.get(1)));
        }
      }
    }
    rank.tell(reply);
  }

  private void say(int word, double number, double part, double objective) {
    words.set(FrugalRank.WORD, word);
    words.set(FrugalRank.NUMBER, number);
    words.set(FrugalRank.PART, part);
    words.set(FrugalRank.OBJECTIVE, objective);
  }

  /// Makes the model whole and sends each leaf what it lacks.
  private void collect(StarVectors letters, double step, Floats whole, double value) {
    Vocabulary vocabulary = rank.vocabulary();
    Ints numbers = memory.ints(vocabulary.features());
    vocabulary.spread(rank.numbers(), numbers);
    if (letters != null) {
      Star star = letters.star();
      for (int p = 0; p < star.dcs(); p++) {
        if (p != star.me()) {
          long own = vocabulary.own(p);
          Ints theirs = memory.ints(own);
          letters.read(p, theirs, own);
          vocabulary.spreadOwn(p, theirs, numbers);
        }
      }
    }
    fill(numbers, step, whole);
    if (letters == null) {
      return;
    }
    say(DONE, step, checksum(whole), value);
    Star star = letters.star();
    star.begin(false);
    for (int p = 0; p < star.dcs(); p++) {
      if (p != star.me()) {
        star.send(p, MessageKind.WEIGHTS, words, writeMissing(letters, p, numbers));
      }
    }
    star.flush(rank.session().deadline("weights for data centres"));
  }

  private long writeMissing(StarVectors letters, int p, Ints numbers) {
    try (HostMemory scratch = HostMemory.unlimited("missing weights")) {
      Vocabulary vocabulary = rank.vocabulary();
      Ints missing = vocabulary.missing(p, scratch);
      long n = missing.length();
      if (n == 0) {
        return 0;
      }
      FeatureSetCode set = code(scratch);
      Bytes out = letters.star().room(p, U32.byteSize() + set.maxBytes() + StepNumbers.maxBytes(n));
      long rest = out.length() - U32.byteSize();
      long setBytes = set.write(missing, n, out.slice(U32.byteSize(), rest));
      out.segment().set(U32, 0, (int) setBytes);
      Ints some = scratch.ints(n);
      for (long i = 0; i < n; i++) {
        some.set(i, numbers.get(missing.get(i)));
      }
      long at = U32.byteSize() + setBytes;
      return at + letters.code().write(some, n, 1, out.slice(at, out.length() - at));
    }
  }

  private FeatureSetCode code(HostMemory scratch) {
    return new FeatureSetCode(
        rank.vocabulary().features(), rank.session().backend().codec(), scratch);
  }

  FrugalEnd atLeaf() {
    StarVectors letters = rank.letters();
    int code = (int) words.get(FrugalRank.PART);
    FrugalEnd.check(code, words.get(FrugalRank.OBJECTIVE));
    int shared = rank.shared();
    double step;
    do {
      step = words.get(FrugalRank.NUMBER);
      weights.copyFrom(exact);
      round(step);
      reply.set(0, rank.site().valueAsIs());
      reply.set(1, fits ? 1 : 0);
      if (letters != null) {
        long own = weights.length() - shared;
        letters.toHub(MessageKind.WEIGHTS, reply, rank.numbers().slice(shared, own), own, 1);
        letters.await(letters.star().hub(), words);
      }
      rank.tell(words);
    } while ((int) words.get(FrugalRank.WORD) == FrugalRank.END);
    Floats whole = rank.replica().weights();
    if (letters != null) {
      Ints numbers = memory.ints(rank.vocabulary().features());
      rank.vocabulary().spread(rank.numbers(), numbers);
      readMissing(letters, numbers);
      fill(numbers, step, whole);
      double theirs = words.get(FrugalRank.PART);
      if (checksum(whole) != theirs) {
        throw new IllegalStateException(
            "this data centre's weights have checksum "
                + checksum(whole)
                + ", the hub's "
                + theirs);
      }
    }
    String hub = letters == null ? "" : letters.star().name(letters.star().hub());
    return end(code, words.get(FrugalRank.OBJECTIVE), Double.POSITIVE_INFINITY, whole, hub);
  }

  private void readMissing(StarVectors letters, Ints numbers) {
    Star star = letters.star();
    int hub = star.hub();
    long size = star.bytes(hub);
    if (size == 0) {
      return;
    }
    try (HostMemory scratch = HostMemory.unlimited("missing weights")) {
      Bytes in = star.payload(hub);
      long setBytes = size < U32.byteSize() ? -1 : in.segment().get(U32, 0) & 0xffff_ffffL;
      long at = U32.byteSize() + setBytes;
      if (setBytes < 0 || at > size) {
        throw new PayloadException(setBytes + " bytes of features in " + size);
      }
      Ints missing = scratch.ints(numbers.length());
      long n = code(scratch).read(in.slice(U32.byteSize(), setBytes), setBytes, missing);
      Ints some = scratch.ints(n);
      letters.code().read(in.slice(at, size - at), size - at, some, n);
      for (long i = 0; i < n; i++) {
        numbers.set(missing.get(i), some.get(i));
      }
    } catch (PayloadException e) {
      throw new ExchangeException(
          "cannot decode the weights of " + star.name(hub) + ": " + e.getMessage(), e);
    }
  }

  /// weights ← multiples of the step as float32, or float32, if it is 0; numbers ← which.
  private void round(double step) {
    Ints numbers = rank.numbers();
    fits = true;
    for (long j = 0; j < weights.length(); j++) {
      double w = exact.get(j);
      double multiple = step == 0 ? 0 : Math.rint(w / step);
      boolean near = Math.abs(multiple) <= MOST_NUMBER;
      fits &= near;
      int number = step == 0 ? Float.floatToIntBits((float) w) : near ? (int) multiple : 0;
      numbers.set(j, number);
      weights.set(j, weight(number, step));
    }
  }

  private static float weight(int number, double step) {
    return step == 0 ? Float.intBitsToFloat(number) : (float) (number * step);
  }

  private static void fill(Ints numbers, double step, Floats whole) {
    for (long f = 0; f < numbers.length(); f++) {
      whole.set(f, weight(numbers.get(f), step));
    }
  }

  private static double checksum(Floats whole) {
    CRC32C crc = new CRC32C();
    crc.update(whole.segment().asByteBuffer());
    return crc.getValue();
  }

  private FrugalEnd end(int code, double value, double proven, Floats whole, String hub) {
    rank.session().fromGateway(whole.segment());
    double squares = 0;
    long penalised = whole.length() - (rank.replica().model().intercept() ? 1 : 0);
    for (long f = 0; f < penalised; f++) {
      squares += (double) whole.get(f) * whole.get(f);
    }
    double target = rank.config().target();
    boolean converged =
        code == FrugalEnd.TARGET
            || value <= target
            || (Double.isNaN(target)
                && (code == FrugalEnd.TOLERANCE || code == FrugalEnd.PRECISION));
    double penalty = rank.config().l2() / 2 * squares;
    return new FrugalEnd(code, value, penalty, proven, hub, converged);
  }
}
