package org.strait.engine.exchange;

import java.util.List;
import org.strait.engine.transport.Deadline;
import org.strait.memory.Doubles;
import org.strait.memory.Floats;

/// The weighted mean of a vector over all data centres, by few bytes. Lossy or not is the
/// compressor's business; in every case all gateways leave with the same bits, because each decodes
/// all payloads, its own included, in DC order.
public interface Exchange extends AutoCloseable {
  /// Name and settings as written in the run record.
  String name();

  /// Replaces {@code vector} by Σ_p weight_p·decoded_p / Σ_p weight_p over all DCs p and {@code
  /// scalars} by their exact float64 sums over all DCs, added in DC order. Every gateway calls this
  /// the same number of times with vectors and scalars of the same lengths. Modified: vector,
  /// scalars. Allocates nothing; the report is valid until the next call.
  ///
  /// @param vector of the exchange's length, or of length 0 in all DCs for a round of scalars only
  /// @param weight this DC's weight, at least 0, usually its rows; not all may be 0 unless the
  ///     round
  ///     is one of scalars only
  /// @param scalars at most 4096
  /// @throws ExchangeException if a DC sent something else than this round's frame. Neither vector
  ///     nor scalars then hold anything of a peer; the vector holds what {@link
  ///     org.strait.engine.compress.Compressor#encode} left. The exchange is unusable afterwards
  /// @throws org.strait.engine.transport.PeerLostException if a DC is gone or silent for too long;
  ///     likewise
  RoundReport average(Floats vector, double weight, Doubles scalars, Deadline deadline);

  /// Says how large an error this DC's next payloads may have ({@link
  /// org.strait.engine.compress.Compressor#tolerate}).
  void tolerate(double residualNorm);

  /// Bytes posted to each DC by purpose, since the exchange was opened.
  LinkBytes links();

  /// State between rounds of this DC alone, in a fixed order: what its compressor holds back. Saved
  /// and restored in all DCs together with {@link #sharedMemories}, the exchange goes on bit for
  /// bit.
  List<Floats> memories();

  /// State between rounds that all gateways have alike, in a fixed order.
  List<Floats> sharedMemories();

  /// Called after the shared memories were filled from elsewhere.
  void restored();

  /// Who takes part; null if there is only one DC.
  Membership members();

  /// Counts rounds from here, after the shared memories were filled from elsewhere.
  void resumeAt(long doneRounds);

  /// Releases buffers. The transport stays open: it belongs to whoever opened it.
  @Override
  void close();
}
