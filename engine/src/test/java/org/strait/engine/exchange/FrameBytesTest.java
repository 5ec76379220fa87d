package org.strait.engine.exchange;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.HexFormat;
import org.junit.jupiter.api.Test;
import org.strait.engine.ledger.Ledger;
import org.strait.engine.transport.Transport;
import org.strait.memory.Bytes;
import org.strait.memory.Doubles;
import org.strait.memory.HostMemory;

/// Golden bytes of a frame: a change here is a new version on the wire.
class FrameBytesTest {
  @Test
  void vectorFrame() {
    check(
        FrameLayout.VECTOR,
        0x0102030405060708L,
        1.5,
        new double[] {1, -2},
        "313233343536373839",
        // Checksums computed by a bitwise CRC32C in another language.
        "53545254 02 02 0000 0807060504030201 000000000000f83f 02000000 09000000"
            + "511894dc 5594b1c6"
            + "000000000000f03f 00000000000000c0"
            + "313233343536373839");
  }

  @Test
  void checksumIsCastagnoli() {
    // CRC32C("123456789") = e3069283, the published check value; so the body field is 839206e3.
    check(
        FrameLayout.HELLO,
        0,
        0,
        new double[0],
        "313233343536373839",
        "53545254 02 01 0000 0000000000000000 0000000000000000 00000000 09000000"
            + "839206e3 73da3342"
            + "313233343536373839");
  }

  private static void check(
      int kind, long round, double weight, double[] scalars, String payload, String hex) {
    byte[] body = HexFormat.of().parseHex(payload);
    byte[] expected = HexFormat.of().parseHex(hex.replace(" ", ""));
    Transport[] transports = TestTransport.mesh(2);
    try (HostMemory memory = HostMemory.unlimited("test");
        Membership members = Membership.fixed(transports[0], Ledger.NONE, memory)) {
      Frames sender = new Frames(members, 100, new LinkBytes(2), memory);
      sender.ownPayload().slice(0, body.length).copyFrom(body);
      Doubles values = memory.doubles(scalars.length);
      values.copyFrom(scalars);
      sender.post(kind, round, weight, values, body.length);
      Bytes wire = memory.bytes(expected.length);
      transports[1].receive(0, wire.segment(), Dcs.DEADLINE);
      assertEquals(HexFormat.of().formatHex(expected), HexFormat.of().formatHex(wire.toArray()));
    }
  }
}
