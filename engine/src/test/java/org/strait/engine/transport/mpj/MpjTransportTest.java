package org.strait.engine.transport.mpj;

import org.strait.engine.transport.Fabric;
import org.strait.engine.transport.TransportContract;

class MpjTransportTest extends TransportContract {
  @Override
  protected Fabric fabric() {
    return Fabric.mpj(MpjJars.require());
  }
}
