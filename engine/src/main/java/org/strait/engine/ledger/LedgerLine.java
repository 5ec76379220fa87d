package org.strait.engine.ledger;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/// The form of a ledger's lines: a JSON object whose last field is {@code chain}, the SHA-256 of
/// the line before's chain (32 bytes, zeros for the first) followed by the line's text up to {@code
/// ,"chain"}.
final class LedgerLine {
  static final int VERSION = 1;
  static final String CHAIN = ",\"chain\":\"";
  static final int CHAIN_BYTES = 32;

  private final MessageDigest sha256;
  private byte[] chain = new byte[CHAIN_BYTES];

  LedgerLine() {
    try {
      sha256 = MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JDK has SHA-256", e);
    }
  }

  /// Hash of the next line, 64 hexadecimal digits.
  ///
  /// @param text the line up to {@link #CHAIN}
  String next(String text) {
    sha256.update(chain);
    chain = sha256.digest(text.getBytes(StandardCharsets.UTF_8));
    return HexFormat.of().formatHex(chain);
  }

  /// The whole line.
  String line(String text) {
    return text + CHAIN + next(text) + "\"}\n";
  }

  static String quoted(String text) {
    StringBuilder out = new StringBuilder("\"");
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c == '"' || c == '\\') {
        out.append('\\').append(c);
      } else if (c < 0x20) {
        out.append(String.format("\\u%04x", (int) c));
      } else {
        out.append(c);
      }
    }
    return out.append('"').toString();
  }
}
