package org.strait.engine.transport;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.channels.SocketChannel;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.strait.memory.HostMemory;

/// The receiving thread may write what a sending thread is about to wait for.
@Timeout(20)
class PipesWaitTest {
  private static final long EVER = Long.MAX_VALUE;

  @Test
  void aSenderDoesNotWaitForWhatAnotherThreadHasWritten() throws IOException {
    AtomicInteger asked = new AtomicInteger();
    Pipes.Pending nothing = member -> asked.incrementAndGet() < 0;
    try (HostMemory memory = HostMemory.unlimited("test")) {
      Ring[][] rings = {
        {LoopbackNetwork.ring(memory), LoopbackNetwork.ring(memory)},
        {LoopbackNetwork.ring(memory), LoopbackNetwork.ring(memory)}
      };
      Bell[] bells = {new MonitorBell(), new MonitorBell()};
      RingPipes pipes = new RingPipes(rings, bells, new Traffic(2), 0, member -> null);
      pipes.await(Pipes.NOBODY, 1, nothing, EVER);
      pipes.await(Pipes.NOBODY, Pipes.NOBODY, nothing, EVER);
      assertFalse(pipes.ready(1, Pipes.NOBODY, nothing), "a receiver has bytes to wait for");
    }
    try (SocketChannel channel = SocketChannel.open();
        SocketWatch watch =
            new SocketWatch(
                new Connection[][] {null, {Connection.plain(channel)}}, member -> 0, member -> 0)) {
      channel.configureBlocking(false);
      watch.await(Pipes.NOBODY, 1, nothing, EVER);
      watch.await(Pipes.NOBODY, Pipes.NOBODY, nothing, EVER);
    }
    assertTrue(asked.get() >= 5, "asked " + asked.get() + " times");
  }
}
