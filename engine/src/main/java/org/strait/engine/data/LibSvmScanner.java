package org.strait.engine.data;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Locale;

/// Scans LIBSVM text. {@link #entries} reads the usual entry, {@code _INDEX:[-]DIGITS[.DIGITS]} with
/// an index of up to seven digits, eight bytes at a time; whatever else there is goes through {@link
/// #plainEntry}, byte by byte, which is the specification and knows all complaints.
final class LibSvmScanner implements RowScanner {
  private static final VarHandle EIGHT =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN)
          .withInvokeExactBehavior();
  private static final long ZEROS = 0x3030303030303030L;
  private static final long LOW_7 = 0x7F7F7F7F7F7F7F7FL;
  private static final long ABOVE_9 = 0x7676767676767676L;
  private static final long HIGH = 0x8080808080808080L;
  private static final long[] SCALE = {
    1, 10, 100, 1_000, 10_000, 100_000, 1_000_000, 10_000_000, 100_000_000
  };
  private static final double[] POWER_OF_TEN = {
    1e0, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15
  };
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

  /// Scans the entries of a row from the end of its label to the line's end; returns the last index.
  private int entries(byte[] b, int from, RowPieces rows) {
    int[] index = rows.index;
    float[] value = rows.value;
    int filled = rows.filled;
    int at = from;
    int last = 0;
    while (true) {
      if (filled == index.length) {
        rows.filled = filled;
        rows.flush();
        filled = 0;
      }
      usual:
      {
        if (b[at] != ' ') {
          break usual;
        }
        long word = (long) EIGHT.get(b, at + 1);
        long digits = word ^ ZEROS;
        // Bit 7 of every byte that is no digit.
        long others = (((digits & LOW_7) + ABOVE_9) | digits) & HIGH;
        int bits = Long.numberOfTrailingZeros(others) & 0x78;
        if (Integer.compareUnsigned(bits - 8, 48) > 0 || ((word >>> bits) & 0xFF) != ':') {
          break usual;
        }
        int feature = (int) number(digits << -bits);
        int start = at + 2 + (bits >>> 3);
        word = (long) EIGHT.get(b, start);
        int negative = (((int) word & 0xFF) ^ '-') - 1 >>> 31;
        start += negative;
        word >>>= negative << 3;
        digits = word ^ ZEROS;
        long whole;
        int fraction;
        if (((word >>> 8) & 0xFF) == '.' && (digits & 0xFF) <= 9) {
          whole = digits & 0xFF;
          fraction = start + 2;
        } else {
          others = (((digits & LOW_7) + ABOVE_9) | digits) & HIGH;
          bits = Long.numberOfTrailingZeros(others) & 0x78;
          if (Integer.compareUnsigned(bits - 8, 48) > 0) {
            break usual;
          }
          whole = number(digits << -bits);
          int next = (int) (word >>> bits) & 0xFF;
          fraction = start + (bits >>> 3);
          if (next == ' ' || next == '\n') {
            if (feature <= last) {
              break usual;
            }
            index[filled] = feature - 1;
            value[filled++] = negative == 0 ? whole : -(float) whole;
            last = feature;
            at = fraction;
            if (next == '\n') {
              end = at;
              rows.filled = filled;
              return last;
            }
            continue;
          }
          if (next != '.') {
            break usual;
          }
          fraction++;
        }
        word = (long) EIGHT.get(b, fraction);
        digits = word ^ ZEROS;
        others = (((digits & LOW_7) + ABOVE_9) | digits) & HIGH;
        bits = Long.numberOfTrailingZeros(others) & 0x78;
        int decimals = bits >>> 3;
        if (decimals == 0) {
          break usual;
        }
        long mantissa = whole * SCALE[decimals] + number(digits << -bits);
        if (decimals == 8) {
          word = (long) EIGHT.get(b, fraction + 8);
          digits = word ^ ZEROS;
          others = (((digits & LOW_7) + ABOVE_9) | digits) & HIGH;
          bits = Long.numberOfTrailingZeros(others) & 0x78;
          if (bits > 48 || (bits != 0 && whole > 9)) {
            break usual;
          }
          if (bits != 0) {
            mantissa = mantissa * SCALE[bits >>> 3] + number(digits << -bits);
            decimals += bits >>> 3;
          }
        }
        int next = b[fraction + decimals];
        if ((next != ' ' && next != '\n') || feature <= last) {
          break usual;
        }
        // One rounding to float64 of two exact numbers, then one to float32: right unless the
        // float64 lies half-way between two float32. Never subnormal: at least 1e-14, or 0.
        double x = mantissa / POWER_OF_TEN[decimals];
        if ((Double.doubleToRawLongBits(x) & 0x1FFF_FFFFL) == 0x1000_0000L) {
          break usual;
        }
        index[filled] = feature - 1;
        value[filled++] =
            Float.intBitsToFloat(Float.floatToRawIntBits((float) x) | negative << 31);
        last = feature;
        at = fraction + decimals;
        if (next == '\n') {
          end = at;
          rows.filled = filled;
          return last;
        }
        continue;
      }
      if (!plainEntry(at, last)) {
        rows.filled = filled;
        return last;
      }
      at = end;
      last = plainIndex;
      index[filled] = last - 1;
      value[filled++] = plainValue;
    }
  }

  /// The number that up to eight digits make, the first in the lowest byte that is not 0 before.
  private static long number(long digits) {
    long pairs = (digits * 10 + (digits >>> 8)) & 0x00FF00FF00FF00FFL;
    long fours = (pairs * 100 + (pairs >>> 16)) & 0x0000FFFF0000FFFFL;
    return (fours * 10_000 + (fours >>> 32)) & 0xFFFFFFFFL;
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
