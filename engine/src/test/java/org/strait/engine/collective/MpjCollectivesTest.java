package org.strait.engine.collective;

import java.util.stream.IntStream;
import org.strait.engine.transport.Fabric;
import org.strait.engine.transport.mpj.MpjJars;

class MpjCollectivesTest extends CollectivesContract {
  @Override
  protected Fabric fabric() {
    return Fabric.mpj(MpjJars.require());
  }

  @Override
  protected IntStream sizes() {
    return IntStream.of(1, 2, 3, 5);
  }
}
