package org.strait.engine.transport;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.foreign.MemorySegment;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.strait.engine.topology.DataCenter;
import org.strait.engine.topology.Link;
import org.strait.engine.topology.Topology;
import org.strait.memory.HostMemory;

@Timeout(60)
class ShapedLinkTest {
  private static final Deadline SOON = Deadline.seconds("test", 20);

  private static Topology ocean(long delayNanos, long bitsPerSecond) {
    return new Topology(
        List.of(new DataCenter("a", 1), new DataCenter("b", 1), new DataCenter("c", 1)),
        List.of(
            new Link("a", "b", delayNanos, bitsPerSecond, 0),
            new Link("b", "a", delayNanos, bitsPerSecond, 0)));
  }

  @Test
  void bytesDoNotArriveEarlierThanDelayAndBandwidthAllow() {
    // 20 ms there, 20 ms back, and 100 000 bytes at 40 Mbit/s are 20 ms on the line.
    Topology topology = ocean(20_000_000L, 40_000_000L);
    try (HostMemory memory = HostMemory.unlimited("test");
        LoopbackNetwork network = new LoopbackNetwork(memory)) {
      Ranks.run(
          3,
          me -> {
            MemorySegment data = memory.bytes(100_000).segment();
            try (Transport transport =
                ShapedTransport.over(network.join(topology.gatewayGroup(me)), topology)) {
              long startNanos = System.nanoTime();
              if (me == 0) {
                transport.post(1, data);
                transport.receive(1, data, 0, 1, SOON);
                long tookNanos = System.nanoTime() - startNanos;
                assertTrue(tookNanos >= 60_000_000L, "took " + tookNanos + " ns");
                assertEquals(100_000, transport.traffic().bytesSent(1));
                assertEquals(1, transport.traffic().posts(1));
              } else if (me == 1) {
                transport.receive(0, data, SOON);
                transport.post(0, data, 0, 1);
              }
            }
          });
    }
  }

  @Test
  void deliveryNeedsNoFurtherCallOfTheSender() {
    Topology topology = ocean(5_000_000L, 1_000_000_000L);
    CountDownLatch received = new CountDownLatch(1);
    try (HostMemory memory = HostMemory.unlimited("test");
        LoopbackNetwork network = new LoopbackNetwork(memory)) {
      Ranks.run(
          2,
          me -> {
            MemorySegment data = memory.bytes(20_000_000).segment();
            try (Transport transport =
                ShapedTransport.over(network.join(topology.gatewayGroup(me)), topology)) {
              if (me == 0) {
                transport.post(1, data); // five times what the ring holds
                received.await();
              } else {
                transport.receive(0, data, SOON);
                received.countDown();
              }
            }
          });
    }
    assertEquals(0, received.getCount());
  }

  @Test
  void aBrokenLinkIsToldToTheNextCallOnceAndTheOthersGoOn() {
    Topology topology = ocean(1_000_000L, 0);
    try (HostMemory memory = HostMemory.unlimited("test");
        LoopbackNetwork network = new LoopbackNetwork(memory)) {
      CountDownLatch closed = new CountDownLatch(1);
      Ranks.run(
          3,
          me -> {
            MemorySegment data = memory.bytes(1_000_000).segment();
            try (Transport transport =
                ShapedTransport.over(network.join(topology.gatewayGroup(me)), topology)) {
              if (me == 1) {
                closed.countDown();
              } else if (me == 0) {
                closed.await();
                PeerLostException e =
                    assertThrows(
                        PeerLostException.class,
                        () -> {
                          while (true) {
                            transport.post(1, data);
                            transport.flush(Deadline.seconds("exchange", 10));
                          }
                        });
                assertEquals("b", e.peer().dc());
                transport.receive(2, data, 0, 10, SOON);
              } else {
                transport.post(0, data, 0, 10);
                transport.flush(SOON);
              }
            }
          });
    }
  }

  @Test
  void threadsEndAtClose() {
    Topology topology = ocean(1_000_000L, 0);
    try (HostMemory memory = HostMemory.unlimited("test");
        LoopbackNetwork network = new LoopbackNetwork(memory)) {
      Transport inner = network.join(topology.gatewayGroup(0));
      Transport shaped = ShapedTransport.over(inner, topology);
      assertTrue(wires() > 0, "a wire's thread");
      shaped.close();
      assertEquals(0, wires());
      assertThrows(IllegalStateException.class, () -> inner.flush(SOON));
    }
  }

  @Test
  void withoutShapedLinksTheInnerTransportIsReturned() {
    Topology topology = Topology.uniform(2, 1);
    try (HostMemory memory = HostMemory.unlimited("test");
        LoopbackNetwork network = new LoopbackNetwork(memory);
        Transport inner = network.join(topology.gatewayGroup(0))) {
      assertSame(inner, ShapedTransport.over(inner, topology));
    }
  }

  private static long wires() {
    return Thread.getAllStackTraces().keySet().stream()
        .filter(thread -> thread.getName().equals("strait-wire-b"))
        .count();
  }
}
