package org.strait.engine.checkpoint;

import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.ReadableByteChannel;
import java.nio.channels.WritableByteChannel;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.zip.CRC32C;
import org.strait.engine.disk.FloatBytes;
import org.strait.memory.Floats;

/// The bytes of a checkpoint ({@code docs/protocol.md}, Checkpoints). Little-endian:
///
///     u32 magic "STCK" · u16 version · u16 0 · u64 round · u64 bytes in all · u32 parts ·
///     u32 length of the settings, UTF-8
///     per part: u16 length of the name, UTF-8 · u8 type (1 float64 numbers, 2 float32 vector) ·
///     u64 elements · elements
///     u32 CRC32C of everything before
///
/// Numbers come before vectors.
public final class CheckpointLayout {
  /// "STCK" as bytes.
  static final int MAGIC = 0x4b435453;

  static final int VERSION = 1;
  static final byte NUMBERS = 1;
  static final byte VECTOR = 2;
  private static final int HEADER_BYTES = 32;
  private static final int PART_BYTES = 11;
  private static final int CRC_BYTES = 4;
  private static final int MAX_TEXT_BYTES = 4096;
  private static final int MAX_PARTS = 1 << 20;
  private static final int MAX_NUMBERS = 1 << 20;

  private CheckpointLayout() {}

  /// Bytes that {@link #write} writes.
  public static long bytes(Checkpoint checkpoint) {
    long bytes = HEADER_BYTES + utf8(checkpoint.settings()).length + (long) CRC_BYTES;
    for (Map.Entry<String, double[]> part : checkpoint.numbers().entrySet()) {
      bytes += PART_BYTES + utf8(part.getKey()).length + 8L * part.getValue().length;
    }
    for (Map.Entry<String, Floats> part : checkpoint.vectors().entrySet()) {
      bytes += PART_BYTES + utf8(part.getKey()).length + Floats.BYTES * part.getValue().length();
    }
    return bytes;
  }

  /// Writes a checkpoint.
  public static void write(Checkpoint checkpoint, WritableByteChannel out) throws IOException {
    Writer writer = new Writer(out);
    byte[] settings = utf8(checkpoint.settings());
    ByteBuffer head = buffer(HEADER_BYTES);
    head.putInt(MAGIC).putShort((short) VERSION).putShort((short) 0).putLong(checkpoint.round());
    head.putLong(bytes(checkpoint));
    head.putInt(checkpoint.numbers().size() + checkpoint.vectors().size());
    head.putInt(settings.length);
    writer.write(head.flip());
    writer.write(ByteBuffer.wrap(settings));
    for (Map.Entry<String, double[]> part : checkpoint.numbers().entrySet()) {
      writer.part(part.getKey(), NUMBERS, part.getValue().length);
      ByteBuffer values = buffer(8 * part.getValue().length);
      for (double value : part.getValue()) {
        values.putDouble(value);
      }
      writer.write(values.flip());
    }
    for (Map.Entry<String, Floats> part : checkpoint.vectors().entrySet()) {
      writer.part(part.getKey(), VECTOR, part.getValue().length());
      FloatBytes.write(part.getValue(), writer::write);
    }
    writer.end();
  }

  /// Reads a checkpoint into a target and checks everything.
  ///
  /// @param where names the source in messages
  /// @param settings that the checkpoint must have
  /// @return the round it was taken after
  /// @throws CheckpointException if it is cut short, corrupt, of another version or configuration,
  ///     or does not have the parts that the target expects; the target may then hold some of it
  public static long read(
      ReadableByteChannel in, String where, String settings, Checkpoint.Target target)
      throws IOException {
    return new Reader(in, where).read(settings, target);
  }

  /// Checks that a checkpoint is whole, whatever it holds; returns its round.
  ///
  /// @throws CheckpointException if it is not
  public static long verify(ReadableByteChannel in, String where) throws IOException {
    return new Reader(in, where).read(null, null);
  }

  private static byte[] utf8(String text) {
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    if (bytes.length > MAX_TEXT_BYTES) {
      throw new IllegalArgumentException(
          "a text of " + bytes.length + " bytes in a checkpoint, at most " + MAX_TEXT_BYTES);
    }
    return bytes;
  }

  private static ByteBuffer buffer(int bytes) {
    return ByteBuffer.allocate(bytes).order(ByteOrder.LITTLE_ENDIAN);
  }

  private static final class Writer {
    private final WritableByteChannel out;
    private final CRC32C crc = new CRC32C();

    Writer(WritableByteChannel out) {
      this.out = out;
    }

    void write(ByteBuffer bytes) throws IOException {
      crc.update(bytes.duplicate());
      while (bytes.hasRemaining()) {
        out.write(bytes);
      }
    }

    void part(String name, byte type, long elements) throws IOException {
      byte[] text = utf8(name);
      ByteBuffer head = buffer(PART_BYTES + text.length);
      head.putShort((short) text.length).put(text).put(type).putLong(elements);
      write(head.flip());
    }

    void end() throws IOException {
      ByteBuffer end = buffer(CRC_BYTES).putInt((int) crc.getValue()).flip();
      while (end.hasRemaining()) {
        out.write(end);
      }
    }
  }

  private static final class Reader {
    private final ReadableByteChannel in;
    private final String where;
    private final CRC32C crc = new CRC32C();
    private long taken;
    private long total = Long.MAX_VALUE;

    Reader(ReadableByteChannel in, String where) {
      this.in = in;
      this.where = where;
    }

    /// Without a target only checks.
    long read(String settings, Checkpoint.Target target) throws IOException {
      ByteBuffer head = take(HEADER_BYTES);
      int magic = head.getInt();
      if (magic != MAGIC) {
        throw bad(String.format("is no checkpoint: magic %08x, expected %08x", magic, MAGIC));
      }
      int version = head.getShort() & 0xffff;
      if (version != VERSION) {
        throw bad("is of version " + version + ", this build reads version " + VERSION);
      }
      head.getShort();
      long round = head.getLong();
      total = head.getLong();
      int parts = head.getInt();
      int settingsBytes = head.getInt();
      if (round < 0 || parts < 0 || parts > MAX_PARTS) {
        throw bad("is corrupt: round " + round + ", " + parts + " parts");
      }
      String theirs = text(settingsBytes);
      if (settings != null && !settings.equals(theirs)) {
        throw bad(
            "belongs to another training: its settings are \""
                + theirs
                + "\", expected \""
                + settings
                + "\"");
      }
      try {
        for (int i = 0; i < parts; i++) {
          part(target);
        }
        int expected = (int) crc.getValue();
        int found = take(CRC_BYTES).getInt();
        if (found != expected || taken != total || in.read(buffer(1)) > 0) {
          throw bad("is corrupt (CRC32C)");
        }
        if (target != null) {
          target.complete();
        }
      } catch (IllegalArgumentException e) {
        throw bad("does not fit this training: " + e.getMessage());
      }
      return round;
    }

    private void part(Checkpoint.Target target) throws IOException {
      String name = text(take(2).getShort() & 0xffff);
      ByteBuffer head = take(9);
      byte type = head.get();
      long elements = head.getLong();
      boolean numbers = type == NUMBERS;
      long most = numbers ? MAX_NUMBERS : (total - taken) / Floats.BYTES;
      if ((!numbers && type != VECTOR) || elements < 0 || elements > most) {
        throw bad("is corrupt: part " + name + " of type " + type + " with " + elements);
      }
      if (numbers) {
        ByteBuffer bytes = take((int) (8 * elements));
        double[] values = new double[(int) elements];
        for (int i = 0; i < values.length; i++) {
          values[i] = bytes.getDouble();
        }
        if (target != null) {
          target.numbers(name, values);
        }
        return;
      }
      Floats run = target == null ? null : target.vector(name);
      if (target != null && (run == null || run.length() != elements)) {
        throw new IllegalArgumentException(
            name
                + " has "
                + elements
                + " elements, expected "
                + (run == null ? "no such vector" : run.length()));
      }
      FloatBytes.read(this::take, elements, run);
    }

    private String text(int bytes) throws IOException {
      if (bytes < 0 || bytes > MAX_TEXT_BYTES) {
        throw bad("is corrupt: a text of " + bytes + " bytes");
      }
      return new String(take(bytes).array(), StandardCharsets.UTF_8);
    }

    private ByteBuffer take(int count) throws IOException {
      ByteBuffer bytes = buffer(count);
      while (bytes.hasRemaining()) {
        if (in.read(bytes) < 0) {
          throw bad(
              "is cut short: "
                  + (taken + bytes.position())
                  + " bytes"
                  + (total == Long.MAX_VALUE ? "" : " of " + total),
              new EOFException());
        }
      }
      taken += count;
      bytes.flip();
      if (taken < total || total == Long.MAX_VALUE) {
        crc.update(bytes.duplicate());
      }
      return bytes;
    }

    private CheckpointException bad(String what) {
      return new CheckpointException(where + " " + what);
    }

    private CheckpointException bad(String what, Throwable cause) {
      return new CheckpointException(where + " " + what, cause);
    }
  }
}
