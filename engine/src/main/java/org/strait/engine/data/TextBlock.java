package org.strait.engine.data;

import java.util.Arrays;

/// Whole lines of a text. After the last byte stand {@link #PADDING} line ends, so that a scanner
/// may load eight bytes anywhere in a line and needs no look at the limit within one.
final class TextBlock {
  /// Line ends after the text.
  static final int PADDING = 32;

  /// Text of a block, unless its only line is longer. With the arrays that its rows pass through it
  /// has to fit a core's cache: half a MiB measured a third slower.
  static final int BYTES = 1 << 17;

  /// Longest line.
  static final int LONGEST_LINE = 1 << 26;

  byte[] bytes = new byte[PADDING];

  /// First byte of the text.
  int from;

  /// After the last byte of the text.
  int limit;

  /// Place of this block among all, from 0.
  int number;

  /// Bytes that fit.
  int capacity() {
    return bytes.length - PADDING;
  }

  /// Makes room for so many bytes and keeps those there are.
  void room(int least) {
    if (least > capacity()) {
      bytes = Arrays.copyOf(bytes, Math.max(least, 2 * capacity()) + PADDING);
    }
  }

  /// Sets where the text is, and the padding.
  void set(int newNumber, int newFrom, int newLimit) {
    number = newNumber;
    from = newFrom;
    limit = newLimit;
    Arrays.fill(bytes, limit, limit + PADDING, (byte) '\n');
  }

  /// Index of the first line end in [start, end), or -1.
  int lineEnd(int start, int end) {
    for (int i = start; i < end; i++) {
      if (bytes[i] == '\n') {
        return i;
      }
    }
    return -1;
  }

  /// Index of the last line end in [start, end), or -1.
  int lastLineEnd(int start, int end) {
    for (int i = end - 1; i >= start; i--) {
      if (bytes[i] == '\n') {
        return i;
      }
    }
    return -1;
  }
}
