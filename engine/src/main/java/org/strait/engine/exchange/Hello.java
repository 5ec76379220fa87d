package org.strait.engine.exchange;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.charset.StandardCharsets;

/// What a DC says before the first round; all must say the same, but for the name.
///
/// @param dc name of the DC
/// @param dcs number of DCs it knows
/// @param n length of its vectors
/// @param compressor name of its compressor
/// @param settings what else must be equal in all DCs, for instance a hash of the configuration
record Hello(String dc, long dcs, long n, String compressor, String settings) {
  private static final int MAX_TEXT_BYTES = 1024;

  /// Writes the hello to the start of a segment; returns its bytes.
  long write(MemorySegment out) {
    out.set(FrameLayout.U32, 0, (int) dcs);
    out.set(FrameLayout.U64, 4, n);
    long at = 12;
    at = writeText(out, at, dc, "data centre name");
    at = writeText(out, at, compressor, "compressor name");
    return writeText(out, at, settings, "settings");
  }

  /// Reads a hello of exactly {@code bytes} bytes.
  ///
  /// @throws ExchangeException if it is cut or followed by anything
  static Hello read(MemorySegment in, long bytes, String from) {
    if (bytes < 12) {
      throw new ExchangeException(
          "hello of " + from + " has " + bytes + " bytes, at least 12 needed");
    }
    long at = 12;
    String[] texts = new String[3];
    for (int i = 0; i < texts.length; i++) {
      int length = at + 2 <= bytes ? FrameLayout.u16(in, at) : MAX_TEXT_BYTES + 1;
      if (length > MAX_TEXT_BYTES || at + 2 + length > bytes) {
        throw new ExchangeException("hello of " + from + " ends inside text " + i);
      }
      byte[] utf8 = in.asSlice(at + 2, length).toArray(ValueLayout.JAVA_BYTE);
      texts[i] = new String(utf8, StandardCharsets.UTF_8);
      at += 2 + length;
    }
    if (at != bytes) {
      throw new ExchangeException(
          "hello of " + from + " has " + bytes + " bytes, its texts end at " + at);
    }
    long dcs = FrameLayout.u32(in, 0);
    return new Hello(texts[0], dcs, in.get(FrameLayout.U64, 4), texts[1], texts[2]);
  }

  /// Checks that a peer's hello agrees with this one.
  ///
  /// @param expectedDc name of the peer in this DC's topology
  /// @throws ExchangeException with both DCs and both values
  void agree(Hello peer, int index, String expectedDc) {
    same(expectedDc, "the name of data centre " + index, expectedDc, peer.dc);
    same(expectedDc, "the number of data centres", dcs, peer.dcs);
    same(expectedDc, "the vector length", n, peer.n);
    same(expectedDc, "the compressor", compressor, peer.compressor);
    same(expectedDc, "the settings", settings, peer.settings);
  }

  private void same(String peerName, String what, Object mine, Object theirs) {
    if (!mine.equals(theirs)) {
      throw new ExchangeException(
          dc
              + " (here) and "
              + peerName
              + " disagree on "
              + what
              + ": "
              + dc
              + " has "
              + quoted(mine)
              + ", "
              + peerName
              + " has "
              + quoted(theirs));
    }
  }

  private static String quoted(Object value) {
    return value instanceof String ? "\"" + value + "\"" : value.toString();
  }

  private static long writeText(MemorySegment out, long at, String text, String what) {
    byte[] utf8 = text.getBytes(StandardCharsets.UTF_8);
    if (utf8.length > MAX_TEXT_BYTES) {
      throw new IllegalArgumentException(
          what + " takes " + utf8.length + " bytes, at most " + MAX_TEXT_BYTES + " can be sent");
    }
    out.set(FrameLayout.U16, at, (short) utf8.length);
    MemorySegment.copy(utf8, 0, out, ValueLayout.JAVA_BYTE, at + 2, utf8.length);
    return at + 2 + utf8.length;
  }
}
