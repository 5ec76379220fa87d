package org.strait.engine.exchange;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.lang.foreign.ValueLayout;
import java.util.HexFormat;
import java.util.zip.CRC32C;
import org.junit.jupiter.api.Test;
import org.strait.engine.ledger.Ledger;
import org.strait.engine.ledger.MessageKind;
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
        0x030405060708L,
        1.5,
        new double[] {1, -2},
        "313233343536373839",
        // Checksums computed by a bitwise CRC32C in another language.
        "5354 03 02 0000 0200 080706050403 09000000 511894dc 7b9949e6 000000000000f83f 0000"
            + "000000000000f03f 00000000000000c0"
            + "313233343536373839");
  }

  /// A kind without weight: ten bytes less.
  @Test
  void shortFrame() {
    try (HostMemory memory = HostMemory.unlimited("test")) {
      Slot slot = new Slot(memory);
      FrameLayout.put(slot.head(), MessageKind.SHARE.code(), 0, 7, 0, 2, 0, 9);
      slot.head().set(FrameLayout.F64, FrameLayout.HEADER_BYTES, 1);
      slot.head().set(FrameLayout.F64, FrameLayout.HEADER_BYTES + 8, -2);
      slot.payload().slice(0, 9).copyFrom(HexFormat.of().parseHex("313233343536373839"));
      slot.seal(new CRC32C());
      byte[] wire = slot.wire().asSlice(0, slot.wireBytes()).toArray(ValueLayout.JAVA_BYTE);
      assertEquals(
          "5354030f00000200070000000000"
              + "09000000511894dc316ce5cc"
              + "000000000000f03f00000000000000c0",
          HexFormat.of().formatHex(wire));
    }
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
        "5354 03 01 0000 0000 000000000000 09000000 839206e3 9449c4e2 0000000000000000 0000"
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
