package org.strait.engine.ledger;

import java.util.Locale;

/// Everything that can leave a data centre. There are no others: frames carry the number of one of
/// these, and readers refuse numbers that are none. None carries rows, nor has room that grows with
/// their number, but {@link #ROWS}, which only the solver that centralises sends.
public enum MessageKind {
  /// The handshake of a connection: names, versions, digests.
  CONNECT(0),
  /// Agreement before a stream's first round: names and lengths.
  HELLO(1),
  /// A vector of the model's length, encoded, and scalars.
  VECTOR(2),
  /// Scalars: float64 sums over all rows.
  SCALARS(3),
  /// Who is lost, and which of their frames are held.
  VIEW(4),
  /// A frame of a lost data centre, as it was received, for one that lacks it.
  FORWARD(5),
  /// A sign of life.
  BEAT(6),
  /// The state of the training, for a data centre that comes back: vectors of the model's length.
  SNAPSHOT(7),
  /// Agreement of separate launches: the job's words, numbers of rows, the labels there are.
  AGREEMENT(8),
  /// What encryption adds to all of these: record headers and tags, noted as one sum.
  TLS(9),
  /// The mean of some data centres' vectors, encoded, on its way to a hub.
  PARTIAL(10),
  /// The mean of all vectors, encoded, on its way from a hub.
  MEAN(11),
  /// Which features a data centre has: numbers of columns, one bit for each at most, nothing of any
  /// row.
  FEATURES(12),
  /// Trained weights that only the sender has, once, at the end.
  WEIGHTS(13),
  /// Bytes without meaning that measure a link, once, before anything else.
  PROBE(14),
  /// How a data centre's gradient has changed, coded, and a few scalars, on their way to a hub.
  SHARE(15),
  /// A step of the weights, coded, and a few scalars, on their way from a hub.
  STEP(16),
  /// Rows, compressed, on their way to the data centre that trains: only where every data centre
  /// has agreed to send them away.
  ROWS(17);

  private static final MessageKind[] ALL = values();

  private final int code;

  MessageKind(int code) {
    this.code = code;
  }

  /// Number of the kind in a frame.
  public int code() {
    return code;
  }

  /// The kind with a number; null if there is none.
  public static MessageKind of(int code) {
    return code >= 0 && code < ALL.length ? ALL[code] : null;
  }

  /// Name in ledgers and messages, such as {@code vector}.
  public String word() {
    return name().toLowerCase(Locale.ROOT);
  }
}
