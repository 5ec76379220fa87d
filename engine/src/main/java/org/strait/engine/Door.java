package org.strait.engine;

import java.util.List;
import java.util.Map;
import org.strait.engine.rendezvous.RendezvousException;
import org.strait.engine.transport.Transport;

/// Where a DC that was lost and those that are left find each other again.
interface Door {
  /// Connects this DC, which comes back, with every survivor; by number of the survivor.
  ///
  /// @throws RendezvousException if nobody answers, or somebody who is there does not
  Map<Integer, Transport> enter();

  /// Whether a DC has come since {@link #open} was last called for it.
  boolean hears(int dc);

  /// Connects a survivor with a DC that was heard.
  ///
  /// @param known numbers of those that take part, this one included
  /// @throws RendezvousException if it did not come after all
  Transport open(int dc, List<Integer> known);
}
