package org.strait.engine;

import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import org.strait.engine.checkpoint.CheckpointException;
import org.strait.engine.compress.FeatureSetCode;
import org.strait.engine.compress.PayloadException;
import org.strait.engine.data.Dataset;
import org.strait.engine.exchange.ByteRound;
import org.strait.engine.exchange.ExchangeException;
import org.strait.engine.exchange.LinkBytes;
import org.strait.engine.ledger.MessageKind;
import org.strait.kernels.Csr;
import org.strait.memory.Bytes;
import org.strait.memory.Floats;
import org.strait.memory.HostMemory;
import org.strait.memory.Ints;

/// What the DCs tell each other so that only shared features need travel: before the first round
/// which features each has, after the last one the weights of its own. A set of features is
/// metadata; it has at most a bit for each feature and nothing of any row.
public final class SupportAgreement {
  private static final ValueLayout.OfFloat F32 =
      ValueLayout.JAVA_FLOAT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

  /// Features of which `auto` asks first: one in so many.
  private static final int SAMPLE = 64;

  /// Fewest features for which asking is worth a message.
  private static final int LEAST_FEATURES = 4096;

  /// `auto` wants so large a share of the features that some DC has not to travel.
  private static final double LEAST_SAVING = 0.4;

  /// What was agreed on.
  ///
  /// @param support null if all features travel
  /// @param links bytes sent to agree; null on ranks that are not gateways, or if none were
  /// @param why for people, if all features travel although nobody said so; else empty
  public record Agreed(Support support, LinkBytes links, String why) {}

  private final Session session;
  private final HostMemory memory;

  /// @param memory owner of what outlives the agreement
  public SupportAgreement(Session session, HostMemory memory) {
    this.session = session;
    this.memory = memory;
  }

  /// Agrees on the features that travel. All ranks of all DCs call it before they open a stream.
  ///
  /// @param rows of this rank, with the number of features that all agreed on
  /// @param always false to ask for a sample of the features first, and for all of them only if
  ///     that says it pays
  public Agreed agree(Dataset rows, boolean always) {
    int dcs = session.topology().dcs().size();
    int features = rows.features();
    if (dcs == 1) {
      return new Agreed(null, null, always ? "there is only one data centre" : "");
    }
    if (!always && features < LEAST_FEATURES) {
      return new Agreed(null, null, "");
    }
    try (HostMemory scratch = HostMemory.unlimited("agreement on features")) {
      Floats present = scratch.floats(features);
      markPresent(rows.matrix(), present);
      session.sumInside(present);
      Ints owners = memory.ints(features);
      Ints travels = scratch.ints(1);
      LinkBytes links = null;
      if (session.isGateway()) {
        FeatureSetCode code = new FeatureSetCode(features, session.backend().codec(), scratch);
        try (ByteRound round = session.byteRound(MessageKind.FEATURES, code.maxBytes(), scratch)) {
          links = round.links();
          boolean pays = true;
          if (!always) {
            exchange(round, code, present, SAMPLE, owners, scratch);
            pays = pays(owners);
          }
          if (pays) {
            exchange(round, code, present, 1, owners, scratch);
          }
          travels.set(0, pays ? 1 : 0);
        }
      }
      session.fromGateway(travels.segment());
      if (travels.get(0) == 0) {
        return new Agreed(null, links, "too few features are one data centre's own");
      }
      return new Agreed(shared(owners), links, "");
    }
  }

  /// Takes what was agreed on in a former life of this DC, or in the run that goes on. All ranks of
  /// this DC call it.
  ///
  /// @param file that {@link #keep} wrote; only the gateway looks
  /// @return no support if there is no such file: then all features travelled
  /// @throws CheckpointException if the file is another one
  public Agreed goOn(Path file, int features) {
    int dcs = session.topology().dcs().size();
    try (HostMemory scratch = HostMemory.unlimited("agreement on features")) {
      Ints owners = memory.ints(features);
      Ints travels = scratch.ints(1);
      if (session.isGateway() && dcs > 1 && Files.exists(file)) {
        SupportFile.read(file, dcs, owners);
        travels.set(0, 1);
      }
      session.fromGateway(travels.segment());
      return new Agreed(travels.get(0) == 0 ? null : shared(owners), null, "");
    }
  }

  /// Keeps what was agreed on, in gateways, for {@link #goOn}.
  public void keep(Support support, Path file) {
    if (session.isGateway()) {
      SupportFile.write(file, session.topology().dcs().size(), support.owners());
    }
  }

  /// Makes the part of a curvature bound that is this DC's own a mean over all rows; all ranks of
  /// this DC call it. Modified: the own part.
  ///
  /// @param curvature sums over the rows of this rank, of this DC's coordinates
  /// @param rows of all DCs
  public void averageOwn(Support support, Floats curvature, double rows) {
    Floats own = curvature.slice(support.shared(), curvature.length() - support.shared());
    session.sumInside(own);
    session.backend().dense().scale((float) (1 / rows), own);
  }

  private static void markPresent(Csr matrix, Floats present) {
    long from = matrix.rowStart().get(0);
    for (long i = from; i < from + matrix.entries(); i++) {
      present.set(matrix.index().get(i), 1);
    }
  }

  /// The same in all ranks of this DC, from what the gateway has.
  ///
  /// @param owners by feature; filled in the gateway, modified in other ranks
  Support shared(Ints owners) {
    session.fromGateway(owners.segment());
    return new Support(owners, session.dc(), session.topology().dcs().size(), memory);
  }

  /// Tells all others which features this DC has and leaves who has which.
  ///
  /// @param oneIn 1 for all of them, else for a sample
  private void exchange(
      ByteRound round,
      FeatureSetCode code,
      Floats present,
      int oneIn,
      Ints owners,
      HostMemory scratch) {
    Ints numbers = scratch.ints(owners.length());
    long count = 0;
    for (int f = 0; f < owners.length(); f++) {
      if (present.get(f) > 0 && inSample(f, oneIn)) {
        numbers.set(count++, f);
      }
    }
    owners.fill(Support.NOBODY);
    long bytes = code.write(numbers, count, round.own());
    round.exchange(bytes);
    add(numbers, count, round.me(), owners);
    for (int dc = 0; dc < round.dcs(); dc++) {
      if (dc != round.me() && round.counted(dc)) {
        add(numbers, read(round, dc, code, numbers), dc, owners);
      }
    }
  }

  private static void add(Ints numbers, long count, int dc, Ints owners) {
    for (long i = 0; i < count; i++) {
      int f = numbers.get(i);
      owners.set(f, owners.get(f) == Support.NOBODY ? dc + 1 : Support.MANY);
    }
  }

  private static long read(ByteRound round, int dc, FeatureSetCode code, Ints numbers) {
    try {
      return code.read(round.message(dc), round.bytes(dc), numbers);
    } catch (PayloadException e) {
      throw new ExchangeException(
          "cannot read which features " + round.name(dc) + " has: " + e.getMessage(), e);
    }
  }

  /// The same features in all DCs, spread over all numbers (multiplicative hashing).
  private static boolean inSample(int feature, int oneIn) {
    return oneIn == 1 || Integer.remainderUnsigned((feature * 0x9E3779B1) >>> 8, oneIn) == 0;
  }

  private static boolean pays(Ints owners) {
    long present = 0;
    long own = 0;
    for (long f = 0; f < owners.length(); f++) {
      present += owners.get(f) == Support.NOBODY ? 0 : 1;
      own += owners.get(f) > Support.NOBODY ? 1 : 0;
    }
    return own > 0 && own >= LEAST_SAVING * present;
  }

  /// Sends the weights of this DC's own features to all others and takes theirs, so that all have
  /// the whole model. All ranks call it when weights are final. Weights of features whose DC is
  /// lost are 0. Returns bytes sent; null on ranks that are not gateways.
  ///
  /// @param weights of this DC's coordinates
  /// @param whole of all features; modified
  /// @throws IllegalArgumentException if these are not weights of so many features each
  public LinkBytes gather(Support support, Floats weights, Floats whole) {
    return gather(support, 0, weights, whole);
  }

  /// The same for a model with some weights that are no feature's, before equally many for each
  /// feature.
  ///
  /// @param first how many are no feature's; all DCs have the same
  public LinkBytes gather(Support support, long first, Floats weights, Floats whole) {
    long each = support.features() == 0 ? 0 : (whole.length() - first) / support.features();
    if (whole.length() != first + each * support.features()
        || weights.length() != first + each * support.local()) {
      throw new IllegalArgumentException(
          weights.length()
              + " and "
              + whole.length()
              + " weights of "
              + support.local()
              + " and "
              + support.features()
              + " features");
    }
    LinkBytes links = null;
    if (session.isGateway()) {
      long most = 0;
      for (int dc = 0; dc < session.topology().dcs().size(); dc++) {
        most = Math.max(most, support.own(dc));
      }
      try (HostMemory scratch = HostMemory.unlimited("weights of own features");
          ByteRound round =
              session.byteRound(MessageKind.WEIGHTS, most * each * Floats.BYTES, scratch)) {
        links = round.links();
        whole.fill(0);
        if (most > 0) {
          round.exchange(0); // says how long what follows may be
          exchangeOwn(round, support, first, each, weights, whole);
        }
        whole.slice(0, first).copyFrom(weights.slice(0, first));
        support.spread(
            each,
            weights.slice(first, each * support.local()),
            whole.slice(first, each * support.features()));
      }
    }
    session.fromGateway(whole.segment());
    return links;
  }

  private static void exchangeOwn(
      ByteRound round, Support support, long first, long each, Floats weights, Floats whole) {
    long own = support.own(round.me()) * each;
    long from = first + support.shared() * each;
    for (long i = 0; i < own; i++) {
      round.own().segment().set(F32, i * Floats.BYTES, weights.get(from + i));
    }
    round.exchange(own * Floats.BYTES);
    long[] next = new long[round.dcs()];
    for (int dc = 0; dc < next.length; dc++) {
      if (dc != round.me() && round.counted(dc)) {
        long expected = support.own(dc) * each * Floats.BYTES;
        if (round.bytes(dc) != expected) {
          throw new ExchangeException(
              round.name(dc)
                  + " sent "
                  + round.bytes(dc)
                  + " bytes of own weights, expected "
                  + expected);
        }
      }
    }
    for (long f = 0; f < support.features(); f++) {
      int dc = support.owners().get(f) - 1;
      if (dc >= 0 && dc != round.me() && round.counted(dc)) {
        Bytes message = round.message(dc);
        for (long i = 0; i < each; i++) {
          float weight = message.segment().get(F32, next[dc]);
          next[dc] += Floats.BYTES;
          if (!Float.isFinite(weight)) {
            throw new ExchangeException(round.name(dc) + " sent the weight " + weight);
          }
          whole.set(first + f * each + i, weight);
        }
      }
    }
  }
}
