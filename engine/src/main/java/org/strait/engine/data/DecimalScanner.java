package org.strait.engine.data;

import java.nio.charset.StandardCharsets;

/// Reads decimal numbers from bytes, rounded to float32 exactly as {@link Float#parseFloat} rounds.
/// Grammar: {@code [+-] digits [. digits] [(e|E) [+-] digits]} with a digit before or after the
/// point. Not thread-safe.
final class DecimalScanner {
  private static final long EXACT_IN_DOUBLE = 1L << 53;
  private static final long ROOM_FOR_A_DIGIT = 100_000_000_000_000_000L;
  private static final int LARGEST_EXPONENT = 9999;
  private static final double[] POWER_OF_TEN = {
    1e0, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15, 1e16,
    1e17, 1e18, 1e19, 1e20, 1e21, 1e22
  };

  private int end;

  /// Index after the last number; -1 if there was none.
  int end() {
    return end;
  }

  /// The number that starts at {@code from}; infinite if it is beyond float32, 0 with {@link #end}
  /// -1 if none starts there. The bytes must hold one that is no part of a number at or after
  /// {@code from}.
  float scan(byte[] bytes, int from) {
    int at = from;
    int c = bytes[at];
    boolean negative = c == '-';
    if (negative || c == '+') {
      at++;
    }
    long digits = 0;
    int left = 0;
    int start = at;
    int digit = bytes[at] - '0';
    while (digit >= 0 && digit <= 9) {
      if (digits < ROOM_FOR_A_DIGIT) {
        digits = digits * 10 + digit;
      } else {
        left++;
      }
      digit = bytes[++at] - '0';
    }
    int count = at - start;
    int exponent = 0;
    if (bytes[at] == '.') {
      start = ++at;
      digit = bytes[at] - '0';
      while (digit >= 0 && digit <= 9) {
        if (digits < ROOM_FOR_A_DIGIT) {
          digits = digits * 10 + digit;
        } else {
          left++;
        }
        digit = bytes[++at] - '0';
      }
      exponent = start - at;
      count += at - start;
    }
    if (count == 0) {
      end = -1;
      return 0;
    }
    if ((bytes[at] | 0x20) == 'e') {
      at++;
      boolean down = bytes[at] == '-';
      if (down || bytes[at] == '+') {
        at++;
      }
      start = at;
      int shift = 0;
      digit = bytes[at] - '0';
      while (digit >= 0 && digit <= 9) {
        shift = Math.min(LARGEST_EXPONENT, shift * 10 + digit);
        digit = bytes[++at] - '0';
      }
      if (at == start) {
        end = -1;
        return 0;
      }
      exponent += down ? -shift : shift;
    }
    end = at;
    int scale = exponent + left;
    if (scale >= -22 && scale <= 22) {
      if (scale == 0 && digits < 1 << 24) {
        return negative ? -(float) digits : digits;
      }
      // One correctly rounded float64 operation on two exact numbers; with more digits than a
      // float64 holds, the roundings and the digits left out are less than 3 units of its last
      // place.
      int margin = digits <= EXACT_IN_DOUBLE ? 0 : 3;
      double x = scale < 0 ? digits / POWER_OF_TEN[-scale] : digits * POWER_OF_TEN[scale];
      // Rounding twice goes wrong only if the float64 lies half-way between two float32.
      long beyondHalf = (Double.doubleToRawLongBits(x) & 0x1FFF_FFFFL) - 0x1000_0000L;
      if (Math.abs(beyondHalf) > margin && x >= Float.MIN_NORMAL && x < Float.MAX_VALUE) {
        return (float) (negative ? -x : x);
      }
    }
    return Float.parseFloat(new String(bytes, from, at - from, StandardCharsets.ISO_8859_1));
  }
}
