package org.strait.engine.data;

import java.io.IOException;
import java.io.InputStream;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.strait.memory.Bytes;
import org.strait.memory.Floats;
import org.strait.memory.HostMemory;

/// An array of NumPy in its own format, versions 1 to 3 (NumPy enhancement proposal 1; the format's
/// page in NumPy's manual): magic, version, length of the header, a header in Python's syntax, the
/// elements. What is read are whole numbers of 1, 4 or 8 bytes and floats of 4 or 8, of either byte
/// order, in C order.
final class NpyArray {
  private static final byte[] MAGIC = {(byte) 0x93, 'N', 'U', 'M', 'P', 'Y'};
  private static final int LONGEST_HEADER = 1 << 16;
  private static final int CHUNK = 1 << 16;
  private static final List<String> KINDS = List.of("u1", "i4", "i8", "f4", "f8");
  private static final Pattern DESCR = Pattern.compile("'descr'\\s*:\\s*'([^']*)'");
  private static final Pattern ORDER = Pattern.compile("'fortran_order'\\s*:\\s*(True|False)");
  private static final Pattern SHAPE = Pattern.compile("'shape'\\s*:\\s*\\(([^)]*)\\)");

  private final String where;
  private final InputStream in;
  private final String kind;
  private final ByteOrder order;
  private final long[] shape;
  private final long headerBytes;
  private long elements = 1;

  private NpyArray(String where, InputStream in, String descr, long[] shape, long headerBytes) {
    this.where = where;
    this.in = in;
    this.headerBytes = headerBytes;
    this.shape = shape;
    kind = descr.substring(1);
    order = descr.charAt(0) == '>' ? ByteOrder.BIG_ENDIAN : ByteOrder.LITTLE_ENDIAN;
    for (long size : shape) {
      elements = Math.multiplyExact(elements, size);
    }
    if (elements > Long.MAX_VALUE >> 4) {
      throw new ArithmeticException("too many elements");
    }
  }

  /// Reads the header.
  ///
  /// @param where the file and the array, for messages
  /// @param in begins with the magic
  /// @throws DataException if it is no array, or none that can be read
  static NpyArray open(String where, InputStream in) throws IOException {
    byte[] head = in.readNBytes(MAGIC.length + 2);
    if (head.length < MAGIC.length + 2
        || !Arrays.equals(head, 0, MAGIC.length, MAGIC, 0, MAGIC.length)) {
      throw new DataException(where, "is no array of NumPy (.npy)", "save it with numpy.savez");
    }
    int version = head[MAGIC.length];
    if (version < 1 || version > 3) {
      throw new DataException(
          where, "version " + version + " of the format; known: 1, 2, 3", "save it again");
    }
    byte[] size = in.readNBytes(version == 1 ? 2 : 4);
    ByteBuffer bytes = ByteBuffer.wrap(size).order(ByteOrder.LITTLE_ENDIAN);
    if (size.length < (version == 1 ? 2 : 4)) {
      throw cut(where, "ends in the middle of its header");
    }
    int length = version == 1 ? bytes.getShort() & 0xffff : bytes.getInt();
    if (length < 0 || length > LONGEST_HEADER) {
      throw new DataException(where, "a header of " + length + " bytes", "is it damaged?");
    }
    byte[] text = in.readNBytes(length);
    if (text.length < length) {
      throw cut(where, "ends in the middle of its header");
    }
    String header = new String(text, StandardCharsets.UTF_8);
    return parsed(where, in, header, head.length + size.length + length);
  }

  private static NpyArray parsed(String where, InputStream in, String header, int headerBytes) {
    Matcher descr = DESCR.matcher(header);
    Matcher order = ORDER.matcher(header);
    Matcher shape = SHAPE.matcher(header);
    if (!descr.find() || !order.find() || !shape.find()) {
      throw new DataException(
          where,
          "a header that is not one of a plain array: " + header.strip(),
          "save plain arrays with numpy.savez");
    }
    String type = descr.group(1);
    if (!type.matches("[<>|=].*") || !KINDS.contains(type.substring(1))) {
      throw new DataException(
          where,
          "elements of type " + type + "; known: " + String.join(", ", KINDS),
          "convert it, for instance with astype('u1') for pixels");
    }
    if (order.group(1).equals("True")) {
      throw new DataException(
          where, "its elements are in Fortran order", "save numpy.ascontiguousarray of it");
    }
    String[] sizes = shape.group(1).strip().replaceFirst(",$", "").split(",", -1);
    long[] numbers = new long[shape.group(1).isBlank() ? 0 : sizes.length];
    try {
      for (int i = 0; i < numbers.length; i++) {
        numbers[i] = Long.parseLong(sizes[i].strip());
      }
      return new NpyArray(where, in, type, numbers, headerBytes);
    } catch (NumberFormatException | ArithmeticException e) {
      throw new DataException(where, "a shape of (" + shape.group(1) + ")", "is it damaged?", e);
    }
  }

  long[] shape() {
    return shape.clone();
  }

  /// The shape as Python writes it.
  String shapeText() {
    StringBuilder text = new StringBuilder("(");
    for (int i = 0; i < shape.length; i++) {
      text.append(i == 0 ? "" : ", ").append(shape[i]);
    }
    return text + (shape.length == 1 ? ",)" : ")");
  }

  /// Bytes before the elements.
  long headerBytes() {
    return headerBytes;
  }

  /// Bytes of all elements.
  long elementBytes() {
    return Math.multiplyExact(elements, (long) (kind.charAt(1) - '0'));
  }

  boolean isBytes() {
    return kind.equals("u1");
  }

  /// The elements, bytes.
  Bytes bytes(HostMemory memory) throws IOException {
    Bytes values = memory.bytes(elements);
    read(
        1,
        (chunk, at, count) ->
            values
                .slice(at, count)
                .segment()
                .copyFrom(MemorySegment.ofArray(chunk).asSlice(0, count)));
    return values;
  }

  /// The elements as floats.
  Floats floats(HostMemory memory) throws IOException {
    Floats values = memory.floats(elements);
    ValueLayout.OfInt ints = ValueLayout.JAVA_INT_UNALIGNED.withOrder(order);
    ValueLayout.OfLong longs = ValueLayout.JAVA_LONG_UNALIGNED.withOrder(order);
    int width = kind.charAt(1) - '0';
    read(
        width,
        (chunk, at, count) -> {
          MemorySegment from = MemorySegment.ofArray(chunk);
          for (int i = 0; i < count; i++) {
            float x =
                switch (kind) {
                  case "u1" -> (float) (chunk[i] & 0xff);
                  case "i4" -> (float) from.get(ints, 4L * i);
                  case "i8" -> (float) from.get(longs, 8L * i);
                  case "f4" -> Float.intBitsToFloat(from.get(ints, 4L * i));
                  default -> (float) Double.longBitsToDouble(from.get(longs, 8L * i));
                };
            if (!Float.isFinite(x)) {
              throw new DataException(
                  where, "element " + (at + i) + " is " + x, "fill it or leave the row out");
            }
            values.set(at + i, x);
          }
        });
    return values;
  }

  private interface Taker {
    void take(byte[] chunk, long at, int count);
  }

  private void read(int width, Taker taker) throws IOException {
    byte[] chunk = new byte[CHUNK];
    long at = 0;
    while (at < elements) {
      int wanted = (int) Math.min(CHUNK / width, elements - at);
      int got = in.readNBytes(chunk, 0, wanted * width);
      if (got < wanted * width) {
        throw cut(where, "ends after " + (at + got / width) + " of " + elements + " elements");
      }
      taker.take(chunk, at, wanted);
      at += wanted;
    }
    if (in.read() >= 0) {
      throw new DataException(
          where, "has more than the " + elements + " elements that it says", "is it damaged?");
    }
  }

  private static DataException cut(String where, String what) {
    return new DataException(where, what, "the file was cut off: copy it again");
  }
}
