package org.strait.engine.transport;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.strait.engine.topology.Group;
import org.strait.memory.HostMemory;

/// What every transport must do; each member of the family runs all of it.
@Timeout(90)
public abstract class TransportContract {
  protected static final Deadline SOON = Deadline.seconds("test", 20);
  private static final Deadline SHORT = new Deadline("allreduce", 50_000_000L);

  protected abstract Fabric fabric();

  /// Bytes that the transport itself spends on a pair before the first post, each way.
  protected long overheadBytes() {
    return 0;
  }

  private static long bareReceived(Traffic traffic, int from) {
    return traffic.bytesReceived(from) - traffic.tlsReceived(from);
  }

  private static long bareSent(Traffic traffic, int to) {
    return traffic.bytesSent(to) - traffic.tlsSent(to);
  }

  private static byte pattern(int from, int to, long i) {
    return (byte) (31 * from + 7 * to + i * 13 + (i >> 8));
  }

  private static void fill(MemorySegment data, int from, int to) {
    for (long i = 0; i < data.byteSize(); i++) {
      data.set(ValueLayout.JAVA_BYTE, i, pattern(from, to, i));
    }
  }

  private static void check(MemorySegment data, int from, int to) {
    for (long i = 0; i < data.byteSize(); i++) {
      byte expected = pattern(from, to, i);
      if (data.get(ValueLayout.JAVA_BYTE, i) != expected) {
        assertEquals(expected, data.get(ValueLayout.JAVA_BYTE, i), from + "->" + to + " byte " + i);
      }
    }
  }

  @ParameterizedTest
  @ValueSource(longs = {0, 1, 4, 1000, 65_537, 3_000_001})
  void everyPairExchangesMoreThanAnyBufferHoldsWithoutDeadlock(long bytes) {
    int n = 3;
    try (Fabric fabric = fabric()) {
      Ranks.run(
          n,
          me -> {
            try (HostMemory memory = HostMemory.unlimited("rank");
                Transport transport = fabric.join(Group.of("all", n, me))) {
              MemorySegment in = memory.bytes(bytes).segment();
              for (int to = 0; to < n; to++) {
                if (to != me) {
                  MemorySegment out = memory.bytes(bytes).segment();
                  fill(out, me, to);
                  transport.post(to, out);
                }
              }
              for (int from = 0; from < n; from++) {
                if (from != me) {
                  transport.receive(from, in, SOON);
                  check(in, from, me);
                  assertEquals(bytes + overheadBytes(), bareReceived(transport.traffic(), from));
                }
              }
              transport.flush(SOON);
              for (int to = 0; to < n; to++) {
                if (to != me) {
                  assertEquals(1, transport.traffic().posts(to));
                }
              }
              // A reply proves that all bytes were delivered, so they must have been counted.
              transport.post((me + 1) % n, in, 0, Math.min(1, bytes));
              transport.receive((me + n - 1) % n, in, 0, Math.min(1, bytes), SOON);
              long token = Math.min(1, bytes);
              assertEquals(
                  bytes + overheadBytes(), bareSent(transport.traffic(), (me + 2) % n), "sent");
              transport.flush(SOON);
              transport.post((me + 2) % n, in, 0, token);
              transport.receive((me + 1) % n, in, 0, token, SOON);
            }
          });
    }
  }

  @Test
  void bordersOfPostsAndReceivesNeedNotAgree() {
    try (Fabric fabric = fabric()) {
      Ranks.run(
          2,
          me -> {
            try (HostMemory memory = HostMemory.unlimited("rank");
                Transport transport = fabric.join(Group.of("borders", 2, me))) {
              MemorySegment data = memory.bytes(100_000).segment();
              if (me == 0) {
                fill(data, 0, 1);
                for (long at = 0, size = 1; at < data.byteSize(); at += size, size = size * 2 + 1) {
                  transport.post(1, data, at, Math.min(size, data.byteSize() - at));
                }
                transport.flush(1, SOON);
                transport.receive(1, data, 0, 1, SOON);
              } else {
                for (long at = 0, size = 3; at < data.byteSize(); at += size, size = size * 3) {
                  transport.receive(0, data, at, Math.min(size, data.byteSize() - at), SOON);
                }
                check(data, 0, 1);
                transport.post(0, data, 0, 1);
              }
            }
          });
    }
  }

  @Test
  void aThreadMaySendToEachMemberWhileAnotherReceives() {
    int n = 3;
    long bytes = 700_001;
    try (Fabric fabric = fabric()) {
      Ranks.run(
          n,
          me -> {
            try (HostMemory memory = HostMemory.unlimited("rank");
                Transport transport = fabric.join(Group.of("threads", n, me))) {
              Ranks.run(
                  n,
                  role -> {
                    MemorySegment data = memory.bytes(bytes).segment();
                    for (int round = 0; round < 3; round++) {
                      if (role != me) {
                        fill(data, me, role);
                        transport.post(role, data);
                        transport.flush(role, SOON);
                      } else {
                        for (int from = 0; from < n; from++) {
                          if (from != me) {
                            transport.receive(from, data, SOON);
                            check(data, from, me);
                          }
                        }
                      }
                    }
                  });
            }
          });
    }
  }

  @Test
  void bytesPostedBeforeACloseStillArriveAndThenTheConnectionIsClosed() {
    try (Fabric fabric = fabric()) {
      Ranks.run(
          2,
          me -> {
            try (HostMemory memory = HostMemory.unlimited("rank");
                Transport transport = fabric.join(Group.of("half", 2, me))) {
              MemorySegment data = memory.bytes(8).segment();
              if (me == 0) {
                fill(data, 0, 1);
                transport.post(1, data, 0, 3);
              } else {
                PeerLostException e =
                    assertThrows(
                        PeerLostException.class, () -> transport.receive(0, data, 0, 8, SOON));
                assertEquals("connection closed after 3 of 8 bytes", e.why());
                check(data.asSlice(0, 3), 0, 1);
                assertEquals(0, e.peer().rank());
                assertEquals("test", e.phase());
                assertTrue(e.getMessage().contains("rank 0 (local) during test"), e.getMessage());
              }
            }
          });
    }
  }

  @Test
  void aPeerThatCloses_EndsReceiveFlushAndPost() {
    try (Fabric fabric = fabric()) {
      CountDownLatch tried = new CountDownLatch(1);
      Ranks.run(
          2,
          me -> {
            try (HostMemory memory = HostMemory.unlimited("rank");
                Transport transport = fabric.join(Group.of("closes", 2, me))) {
              MemorySegment data = memory.bytes(8_000_000).segment();
              if (me == 0) {
                return;
              }
              assertThrows(
                  PeerLostException.class,
                  () -> transport.receive(0, data, 0, 1, Deadline.seconds("broadcast", 10)));
              assertThrows(
                  PeerLostException.class,
                  () -> {
                    for (int i = 0; i < 100; i++) {
                      transport.post(0, data);
                      transport.flush(Deadline.seconds("allreduce", 10));
                    }
                  });
              tried.countDown();
            }
          });
      assertEquals(0, tried.getCount());
    }
  }

  @Test
  void aSilentPeerIsLostAfterTheDeadlineWhereverOneWaits() {
    try (Fabric fabric = fabric()) {
      CountDownLatch done = new CountDownLatch(1);
      Ranks.run(
          2,
          me -> {
            try (HostMemory memory = HostMemory.unlimited("rank");
                Transport transport = fabric.join(Group.of("silent", 2, me))) {
              MemorySegment data = memory.bytes(8).segment();
              if (me == 0) {
                done.await();
              } else {
                PeerLostException e =
                    assertThrows(PeerLostException.class, () -> transport.receive(0, data, SHORT));
                done.countDown();
                assertTrue(e.waitedNanos() >= SHORT.idleNanos(), e.getMessage());
                assertEquals("allreduce", e.phase());
                assertTrue(e.why().startsWith("silent"), e.why());
                assertThrows(PeerLostException.class, () -> transport.receive(0, data, SOON));
              }
            }
          });
    }
  }

  @Test
  void closingEndsAWaitOfTheSameRank() {
    try (Fabric fabric = fabric()) {
      CountDownLatch done = new CountDownLatch(1);
      Ranks.run(
          2,
          me -> {
            try (HostMemory memory = HostMemory.unlimited("rank");
                Transport transport = fabric.join(Group.of("own", 2, me))) {
              MemorySegment data = memory.bytes(8).segment();
              if (me == 0) {
                done.await();
                return;
              }
              AtomicReference<Throwable> seen = new AtomicReference<>();
              Thread waiting =
                  Thread.ofPlatform()
                      .daemon()
                      .start(
                          () -> {
                            try {
                              transport.receive(0, data, SOON);
                            } catch (PeerLostException | IllegalStateException e) {
                              seen.set(e);
                            }
                          });
              Runnable close = transport::close;
              close.run();
              assertTrue(waiting.join(java.time.Duration.ofSeconds(15)), "still waiting");
              done.countDown();
              assertTrue(seen.get() != null, "the wait ended without saying why");
              assertThrows(IllegalStateException.class, () -> transport.post(0, data));
              assertThrows(IllegalStateException.class, () -> transport.flush(SOON));
              assertThrows(IllegalStateException.class, () -> transport.receive(0, data, SOON));
            }
          });
    }
  }

  @Test
  void wrongArgumentsAreRefused() {
    try (Fabric fabric = fabric()) {
      Ranks.run(
          2,
          me -> {
            try (HostMemory memory = HostMemory.unlimited("rank");
                Transport transport = fabric.join(Group.of("wrong", 2, me))) {
              MemorySegment data = memory.bytes(8).segment();
              assertThrows(IllegalArgumentException.class, () -> transport.post(me, data));
              assertThrows(IndexOutOfBoundsException.class, () -> transport.post(2, data));
              assertThrows(
                  IndexOutOfBoundsException.class, () -> transport.post(1 - me, data, 4, 5));
              assertThrows(
                  IndexOutOfBoundsException.class, () -> transport.receive(-1, data, SOON));
              // Nobody leaves while the other still looks.
              transport.post(1 - me, data);
              transport.receive(1 - me, data, SOON);
            }
          });
    }
  }
}
