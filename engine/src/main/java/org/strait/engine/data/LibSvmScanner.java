package org.strait.engine.data;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Locale;

/// The byte scanner of {@link LibSvmReader}. A token is a label or {@code INDEX:VALUE}; before each
/// one the buffer is filled up to hold the longest token, so that tokens are scanned without
/// looking at the buffer's end: a line end stands there as a sentinel.
final class LibSvmScanner {
  private static final int BUFFER_BYTES = 1 << 18;
  private static final int LONGEST_TOKEN_BYTES = 1 << 10;
  private static final int EXCERPT_BYTES = 32;
  private static final String FORM = "a row is LABEL INDEX:VALUE INDEX:VALUE …";

  private final String source;
  private final InputStream in;
  private final DatasetBuilder rows;
  private final DecimalScanner decimal = new DecimalScanner();
  private final byte[] buffer = new byte[BUFFER_BYTES + 1];
  private int position;
  private int limit;
  private boolean ended;
  private long bytesBefore;
  private long line = 1;
  private long lineStart;

  LibSvmScanner(String source, InputStream in, DatasetBuilder rows) {
    this.source = source;
    this.in = in;
    this.rows = rows;
    buffer[0] = '\n';
  }

  /// Reads rows to the end of the stream.
  void scan() {
    while (atToken()) {
      int c = buffer[position];
      if (c == '\n') {
        endLine();
      } else if (c == '#') {
        skipComment();
      } else {
        scanRow();
      }
    }
  }

  private void scanRow() {
    float label = decimal.scan(buffer, position);
    checkNumber("label", label, position);
    position = decimal.end();
    scanEntries();
    rows.endRow(label);
  }

  /// Scans the entries of a row and stops at the line's end.
  private void scanEntries() {
    byte[] bytes = buffer;
    int at = position;
    long last = 0;
    while (true) {
      if (limit - at < LONGEST_TOKEN_BYTES && !ended) {
        position = at;
        fill();
        at = position;
      }
      int c = bytes[at];
      if (isBlank(c)) {
        at++;
        continue;
      }
      if (c == '\n') {
        position = at;
        return;
      }
      if (c == '#') {
        position = at;
        skipComment();
        return;
      }
      int start = at;
      long index = 0;
      int digit = c - '0';
      while (digit >= 0 && digit <= 9) {
        index = Math.min(index * 10 + digit, 1L << 32);
        digit = bytes[++at] - '0';
      }
      if (at == start || bytes[at] != ':') {
        throw malformed(start);
      }
      float value = decimal.scan(bytes, at + 1);
      checkNumber("value", value, at + 1);
      at = decimal.end();
      if (index <= last || index > Integer.MAX_VALUE) {
        throw wrongIndex(start, index, last);
      }
      last = index;
      rows.entry((int) index - 1, value);
    }
  }

  private void checkNumber(String kind, float number, int at) {
    int end = decimal.end();
    if (end < 0) {
      String token = token(at);
      String word = token.toLowerCase(Locale.ROOT);
      if (word.matches("[+-]?(nan|inf|infinity)")) {
        throw fail(at, kind + " " + token + " is not a finite number", "remove or replace it");
      }
      throw fail(at, kind + " expected, found " + shown(token, at), FORM);
    }
    int c = buffer[end];
    if (!isBlank(c) && c != '\n' && c != '#') {
      if (c == ':' && kind.equals("label")) {
        throw fail(at, "no label before the first entry " + shown(token(at), at), FORM);
      }
      throw fail(at, kind + " " + shown(token(at), at) + " is not a number", FORM);
    }
    if (end >= limit && !ended) {
      throw tooLong(at);
    }
    if (!Float.isFinite(number)) {
      throw fail(at, kind + " " + token(at) + " is beyond float32 (±3.4e38)", "scale the data");
    }
  }

  private DataException malformed(int start) {
    if (buffer[start] == '-' || buffer[start] == '+') {
      return fail(
          start,
          "feature index " + shown(token(start), start) + " has a sign",
          "indices are whole numbers from 1");
    }
    int end = start;
    while (buffer[end] >= '0' && buffer[end] <= '9') {
      end++;
    }
    if (end >= limit && !ended) {
      return tooLong(start);
    }
    String token = shown(token(start), start);
    return end == start
        ? fail(start, "INDEX:VALUE expected, found " + token, FORM)
        : fail(start, "no colon after the feature index in " + token, FORM);
  }

  private DataException wrongIndex(int start, long index, long last) {
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

  private DataException tooLong(int at) {
    return fail(at, "a token of more than " + LONGEST_TOKEN_BYTES + " bytes", FORM);
  }

  private DataException fail(int at, String what, String remedy) {
    return new DataException(where(at), what, remedy);
  }

  private String where(int at) {
    return source + ":" + line + ":" + (bytesBefore + at - lineStart + 1);
  }

  /// The text from a position to the next blank, cut off at some length.
  private String token(int at) {
    int end = at;
    while (end < limit && !isBlank(buffer[end]) && buffer[end] != '\n') {
      end++;
    }
    int length = Math.min(end - at, EXCERPT_BYTES);
    return new String(buffer, at, length, StandardCharsets.ISO_8859_1);
  }

  private String shown(String token, int at) {
    if (token.isEmpty()) {
      return "the end of the line";
    }
    return token.chars().allMatch(c -> c > ' ' && c < 127)
        ? "\"" + token + "\""
        : String.format(Locale.ROOT, "a binary token (byte 0x%02x first)", buffer[at] & 0xff);
  }

  /// Skips blanks; false at the end of the stream.
  private boolean atToken() {
    while (true) {
      if (limit - position < LONGEST_TOKEN_BYTES && !ended) {
        fill();
      }
      if (position >= limit) {
        return false;
      }
      if (!isBlank(buffer[position])) {
        return true;
      }
      position++;
    }
  }

  /// Moves to the end of the line, or of the stream.
  private void skipComment() {
    while (true) {
      if (position >= limit) {
        if (ended) {
          return;
        }
        fill();
      }
      if (buffer[position] == '\n') {
        return;
      }
      position++;
    }
  }

  private void endLine() {
    position++;
    line++;
    lineStart = bytesBefore + position;
  }

  /// Moves what is left to the front and reads until the buffer is full or the stream ends.
  private void fill() {
    int left = limit - position;
    System.arraycopy(buffer, position, buffer, 0, left);
    bytesBefore += position;
    position = 0;
    limit = left;
    try {
      while (limit < BUFFER_BYTES && !ended) {
        int count = in.read(buffer, limit, BUFFER_BYTES - limit);
        if (count < 0) {
          ended = true;
        } else {
          limit += count;
        }
      }
    } catch (IOException e) {
      throw FileSource.unreadable(where(position), e);
    }
    buffer[limit] = '\n';
  }

  private static boolean isBlank(int c) {
    return c == ' ' || c == '\t' || c == '\r';
  }
}
