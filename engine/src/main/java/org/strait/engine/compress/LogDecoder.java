package org.strait.engine.compress;

import java.lang.foreign.MemorySegment;
import java.util.zip.DataFormatException;
import java.util.zip.Inflater;
import org.strait.memory.Floats;

/// The inverse of {@link LogQuantized8}: the largest element as float32, then n deflated bytes on a
/// log scale. Decoding allocates.
final class LogDecoder implements Decoder {
  private static final int CHUNK = 8192;

  @Override
  public void decode(MemorySegment payload, Header header, Decoded into) {
    header.expectAll();
    PayloadLayout.expect(
        "entropy flag of LOG8", PayloadLayout.CODE_OFFSET, header.entropy ? 1 : 0, 0);
    long at = header.valuesAt;
    if (header.valueBytes() < Floats.BYTES) {
      throw new PayloadException("payload of " + header.payloadBytes + " bytes has no scale");
    }
    float max = payload.get(PayloadLayout.F32, at);
    if (!(max >= 0 && max <= Float.MAX_VALUE)) {
      throw new PayloadException("payload byte " + at + ": largest element is " + max);
    }
    long codesAt = at + Floats.BYTES;
    Inflater inflater = new Inflater(true);
    try {
      inflater.setInput(payload.asSlice(codesAt, header.payloadBytes - codesAt).asByteBuffer());
      inflate(inflater, LogQuantized8.table(max), header.n, into);
    } catch (DataFormatException e) {
      throw new PayloadException(
          "payload bytes from " + codesAt + ": not deflated: " + e.getMessage());
    } finally {
      inflater.end();
    }
    into.useValues();
  }

  /// Exactly n codes, and nothing after them. Inflates at most a chunk more than n bytes, whatever
  /// the stream would become.
  private static void inflate(Inflater inflater, float[] table, long n, Decoded into)
      throws DataFormatException {
    byte[] chunk = new byte[CHUNK];
    long found = 0;
    while (!inflater.finished()) {
      int got = inflater.inflate(chunk);
      if (got == 0 && !inflater.finished()) {
        throw new PayloadException("deflated codes end after " + found + " of " + n);
      }
      if (found + got > n) {
        throw new PayloadException("more than " + n + " deflated codes");
      }
      for (int i = 0; i < got; i++) {
        into.values.set(found + i, table[chunk[i] & 0xff]);
      }
      found += got;
    }
    if (found != n || inflater.getRemaining() != 0) {
      throw new PayloadException(
          found
              + " deflated codes and "
              + inflater.getRemaining()
              + " bytes more, expected "
              + n
              + " and 0");
    }
  }
}
