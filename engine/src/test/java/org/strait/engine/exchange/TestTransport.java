package org.strait.engine.exchange;

import org.strait.engine.topology.Topology;
import org.strait.engine.transport.LoopbackNetwork;
import org.strait.engine.transport.Transport;
import org.strait.memory.HostMemory;

/// Gateways of one process: the one place where the exchange's tests get their transports.
final class TestTransport {
  private TestTransport() {}

  /// One connected transport per DC, named dc1 … dcN.
  static Transport[] mesh(int dcs) {
    return mesh(dcs, new LoopbackNetwork(HostMemory.unlimited("loopback")));
  }

  /// The same on a network that the caller closes.
  static Transport[] mesh(int dcs, LoopbackNetwork network) {
    Topology topology = Topology.uniform(dcs, 1);
    Transport[] transports = new Transport[dcs];
    for (int i = 0; i < dcs; i++) {
      transports[i] = network.join(topology.gatewayGroup(i));
    }
    return transports;
  }
}
