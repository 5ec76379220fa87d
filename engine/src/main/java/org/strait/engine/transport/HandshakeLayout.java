package org.strait.engine.transport;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import org.strait.engine.topology.Group;

/// The first {@value #BYTES} bytes each way on a TCP connection, little-endian. The connecting side
/// (the higher index) sends HELLO; the other answers WELCOME or why not, and closes in that case.
///
///     offset  bytes
///          0      4  magic 0x54525453 ("STRT")
///          4      2  protocol version
///          6      2  kind: 1 hello, 2 welcome, 3.. refusals, see the constants
///          8      4  index of the sender in the group
///         12      4  number of members
///         16     16  group digest: first bytes of SHA-256(name, then rank and DC of each member)
///         32     32  token digest: SHA-256(group digest, token)
final class HandshakeLayout {
  static final int BYTES = 64;
  static final int MAGIC = 0x54525453;
  static final short VERSION = 1;

  static final short HELLO = 1;
  static final short WELCOME = 2;
  static final short OTHER_VERSION = 3;
  static final short OTHER_TOKEN = 4;
  static final short OTHER_GROUP = 5;
  static final short WRONG_INDEX = 6;

  private static final int VERSION_AT = 4;
  private static final int KIND_AT = 6;
  private static final int INDEX_AT = 8;
  private static final int SIZE_AT = 12;
  private static final int GROUP_AT = 16;
  private static final int TOKEN_AT = 32;

  private final Group group;
  private final byte[] groupDigest;
  private final byte[] tokenDigest;

  HandshakeLayout(Group group, String token) {
    this.group = group;
    StringBuilder text = new StringBuilder(group.name());
    group.members().forEach(m -> text.append('\n').append(m.rank()).append(' ').append(m.dc()));
    groupDigest = Arrays.copyOf(sha256(utf8(text.toString()), new byte[0]), TOKEN_AT - GROUP_AT);
    tokenDigest = sha256(groupDigest, utf8(token));
  }

  /// A frame of this rank, ready to be written.
  ByteBuffer frame(short kind) {
    return empty()
        .putInt(MAGIC)
        .putShort(VERSION)
        .putShort(kind)
        .putInt(group.me())
        .putInt(group.size())
        .put(groupDigest)
        .put(tokenDigest)
        .flip();
  }

  /// A buffer to read a frame into.
  static ByteBuffer empty() {
    return ByteBuffer.allocate(BYTES).order(ByteOrder.LITTLE_ENDIAN);
  }

  static boolean isOurs(ByteBuffer frame) {
    return frame.getInt(0) == MAGIC;
  }

  static int index(ByteBuffer frame) {
    return frame.getInt(INDEX_AT);
  }

  static short kind(ByteBuffer frame) {
    return frame.getShort(KIND_AT);
  }

  static short version(ByteBuffer frame) {
    return frame.getShort(VERSION_AT);
  }

  /// WELCOME, or the reason why a frame from the other side is not one of this job and group.
  short judge(ByteBuffer frame) {
    if (version(frame) != VERSION) {
      return OTHER_VERSION;
    }
    if (frame.getInt(SIZE_AT) != group.size() || !matches(frame, GROUP_AT, groupDigest)) {
      return OTHER_GROUP;
    }
    return matches(frame, TOKEN_AT, tokenDigest) ? WELCOME : OTHER_TOKEN;
  }

  /// A refusal in words.
  static String reason(short kind, int theirVersion) {
    return switch (kind) {
      case OTHER_VERSION -> "it speaks protocol version " + theirVersion + ", this rank " + VERSION;
      case OTHER_TOKEN -> "the job tokens differ";
      case OTHER_GROUP -> "it belongs to another group or counts other members";
      case WRONG_INDEX -> "its place in the group is wrong or already taken";
      default -> "it answered with unknown kind " + kind;
    };
  }

  private static boolean matches(ByteBuffer frame, int at, byte[] expected) {
    byte[] actual = new byte[expected.length];
    frame.get(at, actual);
    return MessageDigest.isEqual(actual, expected);
  }

  private static byte[] utf8(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  private static byte[] sha256(byte[] first, byte[] second) {
    try {
      MessageDigest digest = MessageDigest.getInstance("SHA-256");
      digest.update(first);
      return digest.digest(second);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform has SHA-256", e);
    }
  }
}
