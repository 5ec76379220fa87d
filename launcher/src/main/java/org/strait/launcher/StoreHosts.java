package org.strait.launcher;

import org.strait.launcher.start.StoreHost;

/// Opens the rendezvous store of a run.
final class StoreHosts {
  private StoreHosts() {}

  /// A store on a free port of the loopback address.
  static StoreHost open() {
    throw new UnsupportedOperationException("the rendezvous store is not connected");
  }
}
