package org.strait.engine.rendezvous;

import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;

/// What {@link TcpStore} and {@link TcpStoreServer} say to each other; {@code docs/protocol.md} in
/// prose. Numbers are big-endian; a text is its length in bytes (int) and UTF-8.
///
///     client, once     int magic "STRS", short version, text job token
///     server, once     byte OK or REFUSED, text reason (empty if OK)
///     client, then     byte SET,  text key, text value
///                      byte GET,  text key, long timeout in ns
///                      byte PEEK, text key
///     server, to each  byte OK, text value (empty after SET) | byte NONE | byte REFUSED, text why
final class StoreProtocol {
  static final int MAGIC = 0x53545253;
  static final short VERSION = 1;
  static final byte SET = 1;
  static final byte GET = 2;
  static final byte PEEK = 3;
  static final byte OK = 10;
  static final byte NONE = 11;
  static final byte REFUSED = 12;

  /// Longest key or value, in bytes: a store is for addresses, not for data.
  static final int MAX_TEXT_BYTES = 1 << 20;

  private StoreProtocol() {}

  static void writeText(DataOutputStream out, String text) throws IOException {
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    if (bytes.length > MAX_TEXT_BYTES) {
      throw new IllegalArgumentException(
          "a store takes texts of up to " + MAX_TEXT_BYTES + " bytes, not " + bytes.length);
    }
    out.writeInt(bytes.length);
    out.write(bytes);
  }

  static String readText(DataInputStream in) throws IOException {
    int length = in.readInt();
    if (length < 0 || length > MAX_TEXT_BYTES) {
      throw new IOException("a text of " + length + " bytes: not our protocol");
    }
    return new String(in.readNBytes(length), StandardCharsets.UTF_8);
  }
}
