package org.strait.engine.collective;

import java.util.stream.IntStream;
import org.strait.engine.transport.Fabric;

/// Sums over Unix-domain sockets. Not every size: TCP runs all of them through the same code.
class UnixCollectivesTest extends CollectivesContract {
  @Override
  protected Fabric fabric() {
    return Fabric.unix();
  }

  @Override
  protected IntStream sizes() {
    return IntStream.of(1, 2, 3, 4, 5, 8, 16);
  }
}
