package org.strait.engine.exchange;

import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.management.ThreadMXBean;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.zip.CRC32C;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.strait.engine.ledger.MessageKind;
import org.strait.engine.topology.Group;
import org.strait.engine.topology.Topology;
import org.strait.engine.transport.Deadline;
import org.strait.engine.transport.PeerLostException;
import org.strait.engine.transport.Traffic;
import org.strait.engine.transport.Transport;
import org.strait.memory.HostMemory;

/// Streams of frames that were changed, cut, swapped, repeated: each is read to its end, or to one
/// complaint, in bounded memory.
@Timeout(280)
class FrameFuzzTest {
  private static final long SEED = Long.getLong("strait.fuzz.seed", 20_251);
  /// In CI a second's worth; the long profile says {@code -Dstrait.fuzz=10000000}.
  private static final int STREAMS = Integer.getInteger("strait.fuzz", 100_000);
  private static final int DCS = 3;
  private static final int MOST_BYTES = 256;
  private static final int ROOM = 4096;
  private static final Deadline DEADLINE = Deadline.seconds("fuzz", 1);

  /// What one peer has sent; then it is gone.
  private static final class Tape implements Transport {
    private final Group group = Topology.uniform(DCS, 1).gatewayGroup(0);
    private final byte[] bytes = new byte[ROOM];
    private final PeerLostException gone =
        new PeerLostException(group.members().get(1), "fuzz", 0, "its stream ends");
    private int length;
    private int at;

    @Override
    public Group group() {
      return group;
    }

    @Override
    public void receive(int from, MemorySegment into, long offset, long count, Deadline deadline) {
      if (count > length - at) {
        at = length;
        throw gone;
      }
      MemorySegment.copy(bytes, at, into, ValueLayout.JAVA_BYTE, offset, (int) count);
      at += (int) count;
    }

    @Override
    public void post(int to, MemorySegment data, long offset, long count) {
      throw new AssertionError("nothing is sent");
    }

    @Override
    public void flush(int to, Deadline deadline) {
      throw new AssertionError("nothing is sent");
    }

    @Override
    public void flush(Deadline deadline) {
      throw new AssertionError("nothing is sent");
    }

    @Override
    public Traffic traffic() {
      throw new AssertionError("nobody counts");
    }

    @Override
    public void close() {
      // nothing is held
    }
  }

  @Test
  void changedStreamsEndInOneComplaint() {
    SplittableRandom random = new SplittableRandom(SEED);
    List<byte[]> seeds = seeds();
    ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    Tape tape = new Tape();
    byte[] other = new byte[ROOM];
    int refused = 0;
    int read = 0;
    long most = 0;
    HostMemory memory = HostMemory.unlimited("fuzz");
    try {
      Inbox inbox = inbox(tape, memory);
      long allocated = -threads.getCurrentThreadAllocatedBytes();
      for (int i = 0; i < STREAMS; i++) {
        if (i % 512 == 511) { // slots and pieces of many streams
          most = Math.max(most, memory.usedBytes());
          memory.close();
          memory = HostMemory.unlimited("fuzz");
        }
        if (i % 64 == 0 || i % 512 == 511) {
          inbox = inbox(tape, memory);
        }
        for (int p = 1; p < DCS; p++) {
          inbox.startAt(p, 1);
        }
        inbox.openLetters(MOST_BYTES);
        inbox.expect(2, FrameLayout.VECTOR, 2, 2, MOST_BYTES);
        mutate(random, seeds, tape, other);
        try {
          while (true) {
            MessageKind kind = inbox.read(1, DEADLINE);
            read++;
            for (int p = 0; p < DCS; p++) {
              assertTrue(inbox.report(1).held(p) <= 4, "frames that nobody can have");
            }
            if (kind == MessageKind.SNAPSHOT) {
              break; // its payload is read by whoever waits for one
            }
            if (inbox.received(1) >= 2) {
              inbox.check(1);
            }
          }
        } catch (ExchangeException e) {
          refused++;
          assertTrue(e.getMessage().startsWith("round 2"), e.getMessage());
        } catch (PeerLostException e) {
          assertTrue(e == tape.gone, "seed " + SEED + " stream " + i);
        } catch (RuntimeException e) {
          throw new AssertionError("seed " + SEED + " stream " + i, e);
        }
      }
      allocated += threads.getCurrentThreadAllocatedBytes();
      assertTrue(allocated / STREAMS < 32_768, allocated / STREAMS + " bytes per stream");
      assertTrue(most < 8 << 20, most + " bytes of native memory");
      assertTrue(refused > STREAMS / 4, "only " + refused + " refused");
      assertTrue(read > STREAMS / 4, "only " + read + " messages were read");
    } finally {
      memory.close();
    }
  }

  private static Inbox inbox(Tape tape, HostMemory memory) {
    Inbox inbox = new Inbox(tape, new String[] {"dc1", "dc2", "dc3"}, false, 1_000_000_000, memory);
    inbox.open(MOST_BYTES, true);
    return inbox;
  }

  /// A stream of one to four messages, most of them with right checksums, so that what is behind
  /// these is met too.
  private static void mutate(
      SplittableRandom random, List<byte[]> seeds, Tape tape, byte[] scratch) {
    int length = 0;
    for (int messages = 1 + random.nextInt(4); messages > 0; messages--) {
      byte[] seed = seeds.get(random.nextInt(seeds.size()));
      System.arraycopy(seed, 0, scratch, 0, seed.length);
      for (int edits = random.nextInt(3); edits > 0; edits--) {
        int at = random.nextInt(random.nextBoolean() ? 26 : seed.length);
        switch (random.nextInt(4)) {
          case 0 -> scratch[at] ^= (byte) (1 << random.nextInt(8));
          case 1 -> scratch[at] = (byte) random.nextInt();
          case 2 -> scratch[at] = (byte) random.nextInt(4);
          default -> scratch[at] = (byte) -1;
        }
      }
      if (random.nextInt(8) > 0) {
        fix(scratch, seed.length);
      }
      System.arraycopy(scratch, 0, tape.bytes, length, seed.length);
      length += seed.length;
    }
    tape.length = random.nextInt(8) == 0 ? random.nextInt(length + 1) : length;
    tape.at = 0;
  }

  private static List<byte[]> seeds() {
    List<byte[]> seeds = new ArrayList<>();
    int[] kinds = {
      MessageKind.SHARE.code(),
      FrameLayout.VECTOR,
      FrameLayout.SCALARS,
      FrameLayout.HELLO,
      MessageKind.BEAT.code(),
      MessageKind.SNAPSHOT.code(),
      MessageKind.PARTIAL.code(),
      MessageKind.MEAN.code()
    };
    for (int kind : kinds) {
      int round = kind == MessageKind.SHARE.code() ? 1 : 2;
      boolean bare = kind != FrameLayout.VECTOR && kind != FrameLayout.SCALARS;
      boolean empty = kind == MessageKind.BEAT.code() || kind == FrameLayout.SCALARS;
      seeds.add(message(kind, 1, round, bare ? 0 : 2, empty ? 0 : 60));
    }
    seeds.add(message(FrameLayout.VECTOR, 1, 2, 2, MOST_BYTES));
    seeds.add(message(MessageKind.VIEW.code(), 1, 2, 2, 0));
    byte[] inner = message(FrameLayout.VECTOR, 2, 2, 2, 40);
    byte[] head = message(MessageKind.FORWARD.code(), 1, 2, 0, 0);
    byte[] forward = new byte[head.length + inner.length];
    System.arraycopy(head, 0, forward, 0, head.length);
    System.arraycopy(inner, 0, forward, head.length, inner.length);
    MemorySegment.ofArray(forward)
        .set(FrameLayout.U32, FrameLayout.PAYLOAD_BYTES_OFFSET, inner.length);
    fix(forward, forward.length);
    seeds.add(forward);
    return seeds;
  }

  private static byte[] message(int kind, int from, long round, int scalars, int payloadBytes) {
    int header = (int) FrameLayout.headerBytes(kind);
    byte[] head = new byte[(int) FrameLayout.HEADER_BYTES];
    FrameLayout.put(MemorySegment.ofArray(head), kind, from, round, 1, scalars, 0, payloadBytes);
    byte[] bytes = Arrays.copyOf(Arrays.copyOf(head, header), header + 8 * scalars + payloadBytes);
    MemorySegment segment = MemorySegment.ofArray(bytes);
    for (int i = 0; i < scalars; i++) {
      segment.set(FrameLayout.F64, header + 8L * i, 2);
    }
    fix(bytes, bytes.length);
    return bytes;
  }

  /// Right checksums of header and body; the second header of a forwarded frame has its own.
  private static void fix(byte[] bytes, int length) {
    MemorySegment segment = MemorySegment.ofArray(bytes);
    int kind = bytes[(int) FrameLayout.KIND_OFFSET];
    int head = Math.min(length, (int) FrameLayout.headerBytes(kind));
    if (kind != MessageKind.FORWARD.code()) {
      body(segment, bytes, 0, head, length);
    } else if (length > head + (int) FrameLayout.HEADER_BYTES) {
      body(segment, bytes, head, head + (int) FrameLayout.HEADER_BYTES, length);
      head(segment, bytes, head, (int) FrameLayout.HEADER_BYTES);
    }
    head(segment, bytes, 0, head);
  }

  private static void body(MemorySegment segment, byte[] bytes, int frame, int at, int length) {
    CRC32C crc = new CRC32C();
    crc.update(bytes, at, length - at);
    segment.set(FrameLayout.U32, frame + FrameLayout.BODY_CRC_OFFSET, (int) crc.getValue());
  }

  private static void head(MemorySegment segment, byte[] bytes, int frame, int length) {
    CRC32C crc = new CRC32C();
    crc.update(bytes, frame, (int) FrameLayout.HEAD_CRC_OFFSET);
    int tail = (int) FrameLayout.SHORT_BYTES;
    crc.update(bytes, frame + tail, Math.max(0, length - tail));
    segment.set(FrameLayout.U32, frame + FrameLayout.HEAD_CRC_OFFSET, (int) crc.getValue());
  }
}
