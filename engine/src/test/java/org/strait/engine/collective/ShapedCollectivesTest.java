package org.strait.engine.collective;

import java.util.stream.IntStream;
import org.strait.engine.transport.Fabric;
import org.strait.engine.transport.LinkShape;

class ShapedCollectivesTest extends CollectivesContract {
  @Override
  protected Fabric fabric() {
    return Fabric.shaped(Fabric.loopback(), new LinkShape(100_000L, 10_000_000_000L, 50_000L, 3));
  }

  @Override
  protected IntStream sizes() {
    return IntStream.of(1, 2, 3, 4, 5);
  }
}
