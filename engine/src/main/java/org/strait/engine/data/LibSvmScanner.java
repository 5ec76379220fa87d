package org.strait.engine.data;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Locale;

/// Scans LIBSVM text. {@link #entries} reads the usual entry, {@code _INDEX:[-]DIGITS[.DIGITS]}
/// with an index of up to seven digits, eight bytes at a time; whatever else there is goes through
/// {@link #plainEntry}, byte by byte, which is the specification and knows all complaints.
final class LibSvmScanner implements RowScanner {
  private static final VarHandle EIGHT =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN)
          .withInvokeExactBehavior();
  private static final long ZEROS = 0x3030303030303030L;
  private static final long POINT_AND_ZEROS = 0x303030303030302EL;
  private static final long ABOVE_9 = 0x7676767676767676L;
  private static final long HIGH = 0x8080808080808080L;
  private static final long PAIRS = (10L << 8) + 1;
  private static final long FOURS = (100L << 16) + 1;
  private static final long EIGHTS = (10_000L << 32) + 1;
  private static final long[] SCALE = {
    1, 10, 100, 1_000, 10_000, 100_000, 1_000_000, 10_000_000, 100_000_000
  };
  private static final float[] POWER_OF_TEN = {
    1e0f, 1e1f, 1e2f, 1e3f, 1e4f, 1e5f, 1e6f, 1e7f, 1e8f, 1e9f, 1e10f
  };

  private static final double[] TENTH_POWER = {
    1e0, 1e-1, 1e-2, 1e-3, 1e-4, 1e-5, 1e-6, 1e-7, 1e-8, 1e-9, 1e-10, 1e-11, 1e-12, 1e-13, 1e-14
  };

  /// The last 29 bits of a float64 in the middle of two float32, less 2.
  private static final long NEAR_MIDDLE = 0x1000_0000L - 2;

  private static final int EXCERPT_BYTES = 32;
  private static final String FORM = "a row is LABEL INDEX:VALUE INDEX:VALUE …";

  private final DecimalScanner decimal = new DecimalScanner();
  private byte[] bytes;
  private int limit;
  private int lineStart;
  private long line;

  /// Where the last scanned entry ended.
  private int end;

  private int plainIndex;
  private float plainValue;

  @Override
  public String form() {
    return FORM;
  }

  @Override
  public void scan(TextBlock block, RowPieces rows) {
    bytes = block.bytes;
    limit = block.limit;
    line = 0;
    lineStart = block.from;
    rows.begin(block.number, block.limit - block.from);
    int at = block.from;
    while (at < limit) {
      int c = bytes[at];
      if (c == '\n') {
        lineStart = ++at;
        line++;
      } else if (isBlank(c)) {
        at++;
      } else if (c == '#') {
        at = afterComment(at);
      } else {
        float label = decimal.scan(bytes, at);
        checkNumber("label", label, at);
        int features = entries(bytes, decimal.end(), rows);
        rows.endRow(label, features);
        at = end;
      }
    }
    rows.end(line);
  }

  /// Scans the entries of a row from the end of its label to the line's end; returns the last
  /// index. One long body: what decides its speed is how soon the end of an entry is known, and how
  /// few instructions there are, so that the processor works on the next entry meanwhile.
  private int entries(byte[] b, int from, RowPieces rows) {
    int[] index = rows.index;
    float[] value = rows.value;
    int filled = rows.filled;
    int at = from;
    int last = 0;
    int after = b[at];
    entry:
    while (after != '\n') {
      if (filled == index.length) {
        rows.filled = filled;
        rows.flush();
        filled = 0;
      }
      do {
        if (after != ' ') {
          break;
        }
        long word = (long) EIGHT.get(b, at + 1);
        long digits = word ^ ZEROS;
        int bits = digitBits(digits);
        if (((word >>> bits) & 0xFF) != ':') {
          break;
        }
        int feature = (int) number(digits << 1 << (63 - bits));
        if (feature <= last) {
          break;
        }
        int next = at + 2 + (bits >>> 3);
        int sign = 0;
        if (b[next] == '-') {
          sign = Integer.MIN_VALUE;
          next++;
        }
        // The byte after the first digit becomes 0 if it is a point, and then that digit.
        digits = (long) EIGHT.get(b, next + 1) ^ POINT_AND_ZEROS;
        int decimals;
        long mantissa;
        if ((digits & 0xFF) == 0) {
          digits |= b[next] - '0';
          bits = digitBits(digits);
          decimals = (bits >>> 3) - 1;
          mantissa = number(digits << -bits);
          next += 2 + decimals;
        } else {
          digits = (long) EIGHT.get(b, next) ^ ZEROS;
          bits = digitBits(digits);
          if (bits == 0) {
            break;
          }
          decimals = 0;
          mantissa = number(digits << -bits);
          next += bits >>> 3;
          if (b[next] == '.') {
            digits = (long) EIGHT.get(b, next + 1) ^ ZEROS;
            bits = digitBits(digits);
            decimals = bits >>> 3;
            if (bits == 64 || mantissa >= SCALE[7]) {
              break;
            }
            mantissa = mantissa * SCALE[decimals] + number(digits << 1 << (63 - bits));
            next += 1 + decimals;
          }
        }
        after = b[next];
        if (after != ' ' && after != '\n') {
          digits = (long) EIGHT.get(b, next) ^ ZEROS;
          bits = digitBits(digits);
          next += bits >>> 3;
          after = b[next];
          if (bits == 0 || bits == 64 || decimals != 7 || mantissa >= SCALE[8]) {
            break;
          }
          if (after != ' ' && after != '\n') {
            break;
          }
          mantissa = mantissa * SCALE[bits >>> 3] + number(digits << -bits);
          decimals += bits >>> 3;
        }
        float x;
        if (mantissa <= 1 << 24 && decimals < POWER_OF_TEN.length) {
          // One rounding of the quotient of two exact numbers.
          x = mantissa / POWER_OF_TEN[decimals];
        } else {
          // Less than 10^15, so exact; the product is less than 2 units of its last place off, and
          // rounds to the right float32 unless it lies that near to the middle of two. It is at
          // least 10^-14, or 0.
          double near = mantissa * TENTH_POWER[decimals];
          if (((Double.doubleToRawLongBits(near) & 0x1FFF_FFFFL) - NEAR_MIDDLE) >>> 2 == 0) {
            break;
          }
          x = (float) near;
        }
        index[filled] = feature - 1;
        value[filled++] = Float.intBitsToFloat(Float.floatToRawIntBits(x) | sign);
        last = feature;
        at = next;
        continue entry;
      } while (false); // out of it: whatever is not usual
      if (!plainEntry(at, last)) {
        rows.filled = filled;
        return last;
      }
      at = end;
      after = b[at];
      last = plainIndex;
      index[filled] = last - 1;
      value[filled++] = plainValue;
    }
    end = at;
    rows.filled = filled;
    return last;
  }

  /// Of eight bytes that were digits if they are below 10, eight times how many there are before
  /// the first that was none. What a carry does to bytes after that one does not matter.
  private static int digitBits(long digits) {
    return Long.numberOfTrailingZeros(((digits + ABOVE_9) | digits) & HIGH) & 0x78;
  }

  /// The number that eight digits make, the first in the lowest byte.
  private static long number(long digits) {
    long pairs = ((digits * PAIRS) >>> 8) & 0x00FF00FF00FF00FFL;
    long fours = ((pairs * FOURS) >>> 16) & 0x0000FFFF0000FFFFL;
    return (fours * EIGHTS) >>> 32;
  }

  /// Scans one entry into {@link #plainIndex} and {@link #plainValue}; false at the line's end.
  private boolean plainEntry(int from, int last) {
    int at = from;
    while (isBlank(bytes[at])) {
      at++;
    }
    if (bytes[at] == '#') {
      at = afterComment(at);
    }
    if (bytes[at] == '\n') {
      end = at;
      return false;
    }
    int start = at;
    long index = 0;
    int digit = bytes[at] - '0';
    while (digit >= 0 && digit <= 9) {
      index = Math.min(index * 10 + digit, 1L << 32);
      digit = bytes[++at] - '0';
    }
    if (at == start || bytes[at] != ':') {
      throw malformed(start);
    }
    plainValue = decimal.scan(bytes, at + 1);
    checkNumber("value", plainValue, at + 1);
    if (index <= last || index > Integer.MAX_VALUE) {
      throw wrongIndex(start, index, last);
    }
    plainIndex = (int) index;
    end = decimal.end();
    return true;
  }

  private int afterComment(int from) {
    int at = from;
    while (bytes[at] != '\n') {
      at++;
    }
    return at;
  }

  private void checkNumber(String kind, float number, int at) {
    int numberEnd = decimal.end();
    if (numberEnd < 0) {
      String token = token(at);
      String word = token.toLowerCase(Locale.ROOT);
      if (word.matches("[+-]?(nan|inf|infinity)")) {
        throw fail(at, kind + " " + token + " is not a finite number", "remove or replace it");
      }
      throw fail(at, kind + " expected, found " + shown(token, at), FORM);
    }
    int c = bytes[numberEnd];
    if (!isBlank(c) && c != '\n' && c != '#') {
      if (c == ':' && kind.equals("label")) {
        throw fail(at, "no label before the first entry " + shown(token(at), at), FORM);
      }
      throw fail(at, kind + " " + shown(token(at), at) + " is not a number", FORM);
    }
    if (!Float.isFinite(number)) {
      throw fail(at, kind + " " + token(at) + " is beyond float32 (±3.4e38)", "scale the data");
    }
  }

  private BadText malformed(int start) {
    if (bytes[start] == '-' || bytes[start] == '+') {
      return fail(
          start,
          "feature index " + shown(token(start), start) + " has a sign",
          "indices are whole numbers from 1");
    }
    int digitsEnd = start;
    while (bytes[digitsEnd] >= '0' && bytes[digitsEnd] <= '9') {
      digitsEnd++;
    }
    String token = shown(token(start), start);
    return digitsEnd == start
        ? fail(start, "INDEX:VALUE expected, found " + token, FORM)
        : fail(start, "no colon after the feature index in " + token, FORM);
  }

  private BadText wrongIndex(int start, long index, long last) {
    if (index == 0) {
      return fail(
          start, "feature index 0", "LIBSVM indices start at 1: add 1 to all indices of the file");
    }
    if (index > Integer.MAX_VALUE) {
      return fail(
          start,
          "feature index " + token(start).replaceFirst(":.*", "") + " is above 2147483647",
          "hash the features into fewer");
    }
    return index == last
        ? fail(start, "feature index " + index + " twice in one row", "keep one of them")
        : fail(
            start,
            "feature index " + index + " after " + last,
            "indices must ascend within a row: sort them");
  }

  private BadText fail(int at, String what, String remedy) {
    return new BadText(line, at - lineStart, what, remedy);
  }

  /// The text from a position to the next blank, cut off at some length.
  private String token(int at) {
    int tokenEnd = at;
    while (tokenEnd < limit && !isBlank(bytes[tokenEnd]) && bytes[tokenEnd] != '\n') {
      tokenEnd++;
    }
    int length = Math.min(tokenEnd - at, EXCERPT_BYTES);
    return new String(bytes, at, length, StandardCharsets.ISO_8859_1);
  }

  private String shown(String token, int at) {
    if (token.isEmpty()) {
      return "the end of the line";
    }
    return token.chars().allMatch(c -> c > ' ' && c < 127)
        ? "\"" + token + "\""
        : String.format(Locale.ROOT, "a binary token (byte 0x%02x first)", bytes[at] & 0xff);
  }

  private static boolean isBlank(int c) {
    return c == ' ' || c == '\t' || c == '\r';
  }
}
