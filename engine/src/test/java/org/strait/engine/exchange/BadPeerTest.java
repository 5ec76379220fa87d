package org.strait.engine.exchange;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.List;
import java.util.zip.CRC32C;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.strait.engine.compress.Compressor;
import org.strait.engine.compress.Compressors;
import org.strait.engine.compress.TestCodec;
import org.strait.engine.ledger.Ledger;
import org.strait.engine.ledger.MessageKind;
import org.strait.engine.topology.Group;
import org.strait.engine.transport.Deadline;
import org.strait.engine.transport.PeerLostException;
import org.strait.engine.transport.Traffic;
import org.strait.engine.transport.Transport;
import org.strait.memory.Bytes;
import org.strait.memory.Doubles;
import org.strait.memory.Floats;
import org.strait.memory.HostMemory;

/// Peers that disagree, or send what they must not.
class BadPeerTest {
  private static final int N = 64;

  /// What dc2 does to one of its frames on the way out.
  private interface Tamper {
    /// Header with scalars, or payload; may be changed, or replaced by a shorter one.
    void frame(byte[] head, byte[] payload);
  }

  /// dc2 tampers with the frame of round 2; dc1 and dc3 must say so and add nothing.
  private static void check(boolean fixChecksums, String message, Tamper tamper) throws Exception {
    List<Object> results =
        Dcs.each(
            3,
            (dc, transport, memory) -> {
              Transport used =
                  dc == 1 ? new Tampering(transport, 2, fixChecksums, tamper) : transport;
              try (Exchange exchange = Dcs.mesh("int8", N, used, memory)) {
                Floats vector = memory.floats(N);
                Doubles scalars = memory.doubles(2);
                vector.fill(1);
                exchange.average(vector, 1, scalars, Dcs.DEADLINE);
                assertEquals(1f, vector.get(0));
                vector.fill(127);
                scalars.fill(3);
                ExchangeException failure =
                    dc == 1
                        ? null
                        : assertThrows(
                            ExchangeException.class,
                            () -> exchange.average(vector, 1, scalars, Dcs.DEADLINE));
                if (dc == 1) {
                  exchange.average(vector, 1, scalars, Dcs.DEADLINE);
                } else {
                  // 127 quantises without error: the vector holds a remainder of 0 and no more.
                  assertArrayEquals(new float[N], vector.toArray());
                  assertArrayEquals(new double[] {3, 3}, scalars.toArray());
                  assertThrows(
                      IllegalStateException.class,
                      () -> exchange.average(vector, 1, scalars, Dcs.DEADLINE));
                }
                return failure == null ? "sent" : failure.getMessage();
              }
            });
    for (int dc : new int[] {0, 2}) {
      String found = assertInstanceOf(String.class, results.get(dc), () -> trace(results, dc));
      assertTrue(found.contains("dc2"), found);
      assertTrue(found.contains("round 2"), found);
      assertTrue(found.contains(message), found);
    }
  }

  @Test
  void wrongMagic() throws Exception {
    check(true, "magic", (head, payload) -> head[0] ^= 1);
  }

  @Test
  void wrongVersion() throws Exception {
    check(true, "protocol version of dc2 is 9, dc", (head, payload) -> head[2] = 9);
  }

  @Test
  void wrongKind() throws Exception {
    check(true, "kind scalars, ", (head, payload) -> head[3] = (byte) FrameLayout.SCALARS);
  }

  @Test
  void wrongSender() throws Exception {
    check(true, "DC number of dc2 is 0", (head, payload) -> head[4] = 0);
  }

  @Test
  void wrongRound() throws Exception {
    check(true, "round of dc2 is 7, dc", (head, payload) -> head[8] = 7);
  }

  @Test
  void negativeWeight() throws Exception {
    check(true, "weight of dc2 is -1.0", (head, payload) -> head[33] |= (byte) 0x80);
  }

  @Test
  void otherNumberOfScalars() throws Exception {
    check(true, "number of scalars of dc2 is 1", (head, payload) -> head[6] = 1);
  }

  @Test
  void payloadLongerThanAny() throws Exception {
    check(true, "announces a payload of", (head, payload) -> head[16] = 1);
  }

  @Test
  void corruptHeader() throws Exception {
    check(false, "header of dc2 is corrupt", (head, payload) -> head[17] ^= 4);
  }

  @Test
  void corruptScalar() throws Exception {
    check(false, "corrupt (CRC32C)", (head, payload) -> head[39] ^= 4);
  }

  @Test
  void corruptPayload() throws Exception {
    check(false, "corrupt (CRC32C)", (head, payload) -> payload[payload.length - 1] ^= 4);
  }

  @Test
  void payloadOfAnotherVectorLength() throws Exception {
    check(true, "vector length n is 65, expected 64", (head, payload) -> payload[5] = 65);
  }

  @Test
  void payloadThatIsNone() throws Exception {
    check(true, "cannot decode the vector of dc2", (head, payload) -> payload[3] = 77);
  }

  /// The same for messages of bytes.
  private static void checkBytes(boolean fixChecksums, String message, Tamper tamper)
      throws Exception {
    List<Object> results =
        Dcs.each(
            3,
            (dc, transport, memory) -> {
              Transport used =
                  dc == 1 ? new Tampering(transport, 2, fixChecksums, tamper) : transport;
              try (Membership members = Membership.fixed(used, Ledger.NONE, memory);
                  ByteRound round =
                      new ByteRound(members, MessageKind.FEATURES, 32, Dcs.DEADLINE, memory)) {
                round.own().fill((byte) dc);
                round.exchange(5 + dc);
                for (int p = 0; p < 3; p++) {
                  if (p != dc) {
                    assertEquals(5 + p, round.bytes(p));
                    assertEquals((byte) p, round.message(p).get(4 + p));
                  }
                }
                if (dc == 1) {
                  round.exchange(9);
                  return "sent";
                }
                return assertThrows(ExchangeException.class, () -> round.exchange(9)).getMessage();
              }
            });
    for (int dc : new int[] {0, 2}) {
      String found = assertInstanceOf(String.class, results.get(dc), () -> trace(results, dc));
      assertTrue(found.contains("dc2"), found);
      assertTrue(found.contains("round 2"), found);
      assertTrue(found.contains(message), found);
    }
  }

  @Test
  void bytesThatAreNoneAreRefused() throws Exception {
    checkBytes(true, "magic", (head, payload) -> head[1] ^= 1);
    checkBytes(true, "kind scalars, ", (head, payload) -> head[3] = (byte) FrameLayout.SCALARS);
    checkBytes(true, "kind weights, ", (head, payload) -> head[3] = 13);
    checkBytes(true, "DC number of dc2 is 2", (head, payload) -> head[4] = 2);
    checkBytes(true, "round of dc2 is 1, dc", (head, payload) -> head[8] = 1);
    checkBytes(true, "announces a payload of", (head, payload) -> head[16] = 1);
    checkBytes(true, "weight of dc2 is NaN", (head, payload) -> head[32] = head[33] = -1);
    checkBytes(false, "corrupt (CRC32C)", (head, payload) -> payload[8] ^= 1);
  }

  @Test
  void moreBytesThanAnnouncedAreTheCallersMistake() throws Exception {
    List<Object> results =
        Dcs.each(
            1,
            (dc, transport, memory) -> {
              try (Membership members = Membership.fixed(transport, Ledger.NONE, memory);
                  ByteRound round =
                      new ByteRound(members, MessageKind.FEATURES, 32, Dcs.DEADLINE, memory)) {
                round.exchange(33);
                return "sent";
              }
            });
    String found = assertInstanceOf(IllegalArgumentException.class, results.get(0)).getMessage();
    assertEquals("33 bytes, at most 32 announced", found);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "65 | int8 | settings 1 | vector length | 65 | 64",
        "64 | int8,ef | settings 1 | compressor | \"int8 error-feedback\" | \"int8\"",
        "64 | int8 | settings 2 | settings | \"settings 2\" | \"settings 1\"",
      })
  void disagreementIsNamedInEveryDc(
      int n, String spec, String settings, String what, String odd, String usual) throws Exception {
    List<Object> results =
        Dcs.each(
            3,
            (dc, transport, memory) -> {
              boolean other = dc == 1;
              long length = other ? n : 64;
              Compressor compressor =
                  Compressors.parse(other ? spec : "int8", length, TestCodec.ops(), memory);
              return Exchanges.open(
                  "mesh",
                  transport,
                  compressor,
                  length,
                  other ? settings : "settings 1",
                  TestCodec.ops(),
                  memory,
                  Dcs.DEADLINE);
            });
    for (int dc = 0; dc < 3; dc++) {
      String found = assertInstanceOf(ExchangeException.class, results.get(dc)).getMessage();
      assertTrue(found.contains(what), found);
      assertTrue(found.contains("dc2 has " + odd), found);
      assertTrue(found.contains("dc" + (dc == 1 ? 1 : dc + 1) + " has " + usual), found);
    }
  }

  @Test
  void aStrangerInsteadOfAPeer() throws Exception {
    List<Object> results =
        Dcs.each(
            2,
            (dc, transport, memory) -> {
              if (dc == 0) {
                return Dcs.mesh("dense", N, transport, memory);
              }
              Bytes request = memory.bytes(200);
              request.fill((byte) 'G');
              transport.post(0, request.segment());
              transport.receive(0, memory.bytes(40).segment(), Dcs.DEADLINE);
              return "sent";
            });
    String found = assertInstanceOf(ExchangeException.class, results.get(0)).getMessage();
    assertTrue(found.contains("dc2 does not speak Strait's protocol"), found);
  }

  @Test
  void aPeerThatLeavesIsNamed() throws Exception {
    List<Object> results =
        Dcs.each(
            2,
            (dc, transport, memory) -> {
              try (Exchange exchange = Dcs.mesh("dense", N, transport, memory)) {
                if (dc == 1) {
                  transport.close();
                  return "left";
                }
                Floats vector = memory.floats(N);
                return exchange.average(vector, 1, memory.doubles(0), Dcs.DEADLINE);
              }
            });
    assertEquals("dc2", assertInstanceOf(PeerLostException.class, results.get(0)).peer().dc());
  }

  @ParameterizedTest
  @ValueSource(strings = {"ring", ""})
  void unknownExchangeNamesTheKnown(String name) {
    try (HostMemory memory = HostMemory.unlimited("test")) {
      Transport transport = TestTransport.mesh(1)[0];
      Compressor compressor = Compressors.parse("dense", 1, TestCodec.ops(), memory);
      String message =
          assertThrows(
                  IllegalArgumentException.class,
                  () ->
                      Exchanges.open(
                          name,
                          transport,
                          compressor,
                          1,
                          "",
                          TestCodec.ops(),
                          memory,
                          Dcs.DEADLINE))
              .getMessage();
      assertTrue(message.contains("known: mesh"), message);
      assertFalse(message.isEmpty());
    }
  }

  private static String trace(List<Object> results, int dc) {
    Object result = results.get(dc);
    assertNotNull(result);
    if (result instanceof Throwable thrown) {
      throw new AssertionError("dc" + (dc + 1), thrown);
    }
    return result.toString();
  }

  /// Collects what is posted to one peer until a whole frame is there, tampers with the frames of
  /// one round, and passes them on.
  private static final class Tampering implements Transport {
    private final Transport inner;
    private final long round;
    private final boolean fixChecksums;
    private final Tamper tamper;
    private final byte[][] pending;

    Tampering(Transport inner, long round, boolean fixChecksums, Tamper tamper) {
      this.inner = inner;
      this.round = round;
      this.fixChecksums = fixChecksums;
      this.tamper = tamper;
      pending = new byte[inner.group().size()][0];
    }

    @Override
    public Group group() {
      return inner.group();
    }

    @Override
    public void post(int to, MemorySegment data, long offset, long bytes) {
      byte[] more = data.asSlice(offset, bytes).toArray(ValueLayout.JAVA_BYTE);
      byte[] all = java.util.Arrays.copyOf(pending[to], pending[to].length + more.length);
      System.arraycopy(more, 0, all, pending[to].length, more.length);
      pending[to] = all;
      MemorySegment frame = MemorySegment.ofArray(all);
      if (all.length < FrameLayout.HEADER_BYTES) {
        return;
      }
      int headBytes =
          (int)
              (FrameLayout.HEADER_BYTES + 8L * FrameLayout.u16(frame, FrameLayout.SCALARS_OFFSET));
      long payloadBytes = FrameLayout.u32(frame, FrameLayout.PAYLOAD_BYTES_OFFSET);
      if (all.length < headBytes + payloadBytes) {
        return;
      }
      pending[to] = new byte[0];
      byte[] head = java.util.Arrays.copyOf(all, headBytes);
      byte[] payload = java.util.Arrays.copyOfRange(all, headBytes, all.length);
      if (FrameLayout.round(frame) == round) {
        tamper.frame(head, payload);
        if (fixChecksums) {
          fix(head, payload);
        }
      }
      pass(to, head);
      pass(to, payload);
    }

    private void pass(int to, byte[] bytes) {
      try (HostMemory memory = HostMemory.unlimited("tampered")) {
        Bytes run = memory.bytes(bytes.length);
        run.copyFrom(bytes);
        inner.post(to, run.segment());
        inner.flush(to, Dcs.DEADLINE);
      }
    }

    private static void fix(byte[] head, byte[] payload) {
      CRC32C crc = new CRC32C();
      crc.update(
          head, (int) FrameLayout.HEADER_BYTES, head.length - (int) FrameLayout.HEADER_BYTES);
      crc.update(payload);
      MemorySegment segment = MemorySegment.ofArray(head);
      segment.set(FrameLayout.U32, FrameLayout.BODY_CRC_OFFSET, (int) crc.getValue());
      crc.reset();
      crc.update(head, 0, (int) FrameLayout.HEAD_CRC_OFFSET);
      crc.update(head, (int) FrameLayout.SHORT_BYTES, (int) FrameLayout.TAIL_BYTES);
      segment.set(FrameLayout.U32, FrameLayout.HEAD_CRC_OFFSET, (int) crc.getValue());
    }

    @Override
    public void receive(int from, MemorySegment into, long offset, long bytes, Deadline deadline) {
      inner.receive(from, into, offset, bytes, deadline);
    }

    @Override
    public void flush(int to, Deadline deadline) {
      inner.flush(to, deadline);
    }

    @Override
    public void flush(Deadline deadline) {
      inner.flush(deadline);
    }

    @Override
    public Traffic traffic() {
      return inner.traffic();
    }

    @Override
    public void close() {
      inner.close();
    }
  }
}
