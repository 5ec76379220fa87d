package org.strait.engine.exchange;

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
  /// @param weight this DC's weight, at least 0, usually its rows; not all may be 0
  RoundReport average(Floats vector, double weight, Doubles scalars, Deadline deadline);

  /// Releases buffers and closes the transport.
  @Override
  void close();
}
