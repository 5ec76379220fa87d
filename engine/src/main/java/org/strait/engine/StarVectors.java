package org.strait.engine;

import org.strait.engine.compress.PayloadException;
import org.strait.engine.compress.StepNumbers;
import org.strait.engine.exchange.ExchangeException;
import org.strait.engine.exchange.Star;
import org.strait.engine.ledger.MessageKind;
import org.strait.engine.transport.Deadline;
import org.strait.kernels.CodecOps;
import org.strait.memory.Doubles;
import org.strait.memory.HostMemory;
import org.strait.memory.Ints;

/// Vectors of whole numbers in the letters of a {@link Star}. Used by gateways. A leaf's vector has
/// the shared coordinates that it has; the hub knows which of its own these are.
final class StarVectors {
  private static final double ROOT_HALF = Math.sqrt(2) / 2;

  /// A logarithm that stands for 0.
  private static final int LEAST_LOG = -120;

  private final Star star;
  private final Vocabulary vocabulary;
  private final StepNumbers code;
  private final Ints room;
  private final Deadline deadline;

  StarVectors(
      Star star, Vocabulary vocabulary, CodecOps codec, Deadline deadline, HostMemory memory) {
    this.star = star;
    this.vocabulary = vocabulary;
    this.deadline = deadline;
    code = new StepNumbers(vocabulary.features(), codec, memory);
    room = memory.ints(vocabulary.features());
  }

  /// numbers ← twice the binary logarithm of vector / its largest element, rounded; returns that
  /// element.
  static double logs(Doubles vector, long n, Ints numbers) {
    double largest = 0;
    for (long j = 0; j < n; j++) {
      largest = Math.max(largest, vector.get(j));
    }
    double scale = largest > 0 && Double.isFinite(largest) ? largest : 1;
    for (long j = 0; j < n; j++) {
      double log = 2 * Math.log(vector.get(j) / scale) / Math.log(2);
      numbers.set(j, log > LEAST_LOG ? (int) Math.rint(log) : LEAST_LOG);
    }
    return scale;
  }

  /// What such a number stands for, the same bits everywhere.
  static double power(int number, double scale) {
    int half = Math.floorDiv(number, 2);
    boolean odd = (number & 1) != 0;
    return number <= LEAST_LOG
        ? 0
        : Math.scalb(scale * (odd ? ROOT_HALF : 1), odd ? half + 1 : half);
  }

  /// A leaf's letter to the hub.
  void toHub(MessageKind kind, Doubles scalars, Ints numbers, long n, double step) {
    star.begin(kind == MessageKind.SHARE);
    int hub = star.hub();
    long bytes = code.write(numbers, n, step, star.room(hub, StepNumbers.maxBytes(n)));
    star.send(hub, kind, scalars, bytes);
    star.flush(deadline);
  }

  /// The same without a vector.
  void toHub(Doubles scalars) {
    star.begin(false);
    star.send(star.hub(), MessageKind.SHARE, scalars, 0);
    star.flush(deadline);
  }

  /// Waits for a letter and copies its scalars. Modified: scalars.
  void await(int from, Doubles scalars) {
    star.await(from, scalars.length(), deadline);
    for (long i = 0; i < scalars.length(); i++) {
      scalars.set(i, star.scalar(from, i));
    }
  }

  /// Reads the numbers of the letter that came; returns their step. Modified: the first n.
  double read(int from, Ints numbers, long n) {
    try {
      return code.read(star.payload(from), star.bytes(from), numbers, n);
    } catch (PayloadException e) {
      throw new ExchangeException(
          "cannot decode the vector of " + star.name(from) + ": " + e.getMessage(), e);
    }
  }

  /// The hub's letters to all leaves: to each the shared coordinates that it has.
  ///
  /// @param numbers over the hub's shared coordinates; null for no vector
  void toLeaves(MessageKind kind, Doubles scalars, Ints numbers, double step) {
    star.begin(numbers != null && kind == MessageKind.STEP);
    for (int p = 0; p < star.dcs(); p++) {
      if (p != star.me()) {
        long bytes = 0;
        if (numbers != null) {
          Ints map = vocabulary.map(p);
          for (long i = 0; i < map.length(); i++) {
            room.set(i, numbers.get(map.get(i)));
          }
          long n = map.length();
          bytes = code.write(room, n, step, star.room(p, StepNumbers.maxBytes(n)));
        }
        star.send(p, kind, scalars, bytes);
      }
    }
    star.flush(deadline);
  }

  Star star() {
    return star;
  }

  StepNumbers code() {
    return code;
  }
}
