package org.strait.engine.transport;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import org.strait.engine.topology.Group;

/// The first {@value #BYTES} bytes each way on a connection between ranks, little-endian. The
/// connecting side (the higher index) sends HELLO; the other answers WELCOME or why not, and closes
/// in that case.
///
///     offset  bytes
///          0      4  magic 0x54525453 ("STRT")
///          4      2  protocol version
///          6      2  kind: 1 hello, 2 welcome, 3.. refusals, see the constants
///          8      4  index of the sender in the group
///         12      2  number of members
///         14      1  which of the pair's connections this is, from 0
///         15      1  how many the pair has
///         16     16  group digest: first bytes of SHA-256(name, then rank and DC of each member)
///         32     32  token digest: SHA-256(group digest, token)
final class HandshakeLayout {
  static final int BYTES = 64;
  static final int MAGIC = 0x54525453;
  static final short VERSION = 3;

  static final short HELLO = 1;
  static final short WELCOME = 2;
  static final short OTHER_VERSION = 3;
  static final short OTHER_TOKEN = 4;
  static final short OTHER_GROUP = 5;
  static final short WRONG_INDEX = 6;
  static final short OTHER_STREAMS = 7;
  static final short OTHER_CERTIFICATE = 8;
  static final short NOT_ENCRYPTED = 9;

  /// Not a refusal for good: nobody asks for this group now.
  static final short LATER = 10;

  /// Most members of a group.
  static final int MOST_MEMBERS = 0xffff;

  private static final int VERSION_AT = 4;
  private static final int KIND_AT = 6;
  private static final int INDEX_AT = 8;
  private static final int SIZE_AT = 12;
  private static final int STREAM_AT = 14;
  private static final int STREAMS_AT = 15;
  private static final int GROUP_AT = 16;
  private static final int TOKEN_AT = 32;

  private final Group group;
  private final int[] streams;
  private final byte[] groupDigest;
  private final byte[] tokenDigest;

  /// @param streams connections of the pair with each member
  HandshakeLayout(Group group, String token, int... streams) {
    if (group.size() > MOST_MEMBERS) {
      throw new IllegalArgumentException(
          "group " + group.name() + " has " + group.size() + " members, at most " + MOST_MEMBERS);
    }
    this.group = group;
    this.streams = streams;
    groupDigest = digest(group);
    tokenDigest = sha256(groupDigest, utf8(token));
  }

  /// What tells a group from others: its name and its members.
  static byte[] digest(Group group) {
    StringBuilder text = new StringBuilder(group.name());
    group.members().forEach(m -> text.append('\n').append(m.rank()).append(' ').append(m.dc()));
    return Arrays.copyOf(sha256(utf8(text.toString()), new byte[0]), TOKEN_AT - GROUP_AT);
  }

  /// The group digest of a frame.
  static byte[] group(ByteBuffer frame) {
    byte[] digest = new byte[TOKEN_AT - GROUP_AT];
    frame.get(GROUP_AT, digest);
    return digest;
  }

  /// Whether the sender of a frame knows the job's token, whatever its group.
  static boolean knowsToken(ByteBuffer frame, String token) {
    return matches(frame, TOKEN_AT, sha256(group(frame), utf8(token)));
  }

  /// A refusal by a side that does not know which group it speaks with.
  static ByteBuffer refusal(short kind) {
    return empty().putInt(MAGIC).putShort(VERSION).putShort(kind).clear();
  }

  /// A frame of this rank, ready to be written.
  ///
  /// @param member whom it is for
  /// @param stream which of the pair's connections it goes over
  ByteBuffer frame(short kind, int member, int stream) {
    return empty()
        .putInt(MAGIC)
        .putShort(VERSION)
        .putShort(kind)
        .putInt(group.me())
        .putShort((short) group.size())
        .put((byte) stream)
        .put((byte) streams[member])
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

  static int stream(ByteBuffer frame) {
    return Byte.toUnsignedInt(frame.get(STREAM_AT));
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
    if (Short.toUnsignedInt(frame.getShort(SIZE_AT)) != group.size()
        || !matches(frame, GROUP_AT, groupDigest)) {
      return OTHER_GROUP;
    }
    if (!matches(frame, TOKEN_AT, tokenDigest)) {
      return OTHER_TOKEN;
    }
    int index = index(frame);
    if (index < 0 || index >= group.size()) {
      return WRONG_INDEX;
    }
    return Byte.toUnsignedInt(frame.get(STREAMS_AT)) == streams[index] ? WELCOME : OTHER_STREAMS;
  }

  /// A refusal in words.
  static String reason(short kind, int theirVersion) {
    return switch (kind) {
      case OTHER_VERSION -> "it speaks protocol version " + theirVersion + ", this rank " + VERSION;
      case OTHER_TOKEN -> "the job tokens differ";
      case OTHER_GROUP -> "it belongs to another group or counts other members";
      case WRONG_INDEX -> "its place in the group is wrong or already taken";
      case OTHER_STREAMS -> "it opens another number of connections per pair";
      case OTHER_CERTIFICATE ->
          "it expects a certificate of another data centre; compare the data centres, gateway"
              + " addresses and certificates of both";
      case NOT_ENCRYPTED -> "it speaks TLS only, this side does not; give TLS to both";
      case LATER -> "it does not expect this group (yet)";
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
