package org.strait.engine.compress;

import java.lang.foreign.MemorySegment;

/// What a payload's header says, checked as far as it can be alone. One instance serves many
/// payloads.
final class Header {
  /// What the values look like.
  PayloadCode code;

  /// Whether the values are entropy-coded.
  boolean entropy;

  /// How the indices are coded, see {@link IndexCode}.
  int indexCode;

  /// Rice parameter.
  int rice;

  /// Length of the vector.
  long n;

  /// Elements in the payload.
  long k;

  /// Where the index bytes begin.
  long indexAt;

  /// How many they are.
  long indexBytes;

  /// Where the values begin; they end with the payload.
  long valuesAt;

  /// Length of the payload.
  long payloadBytes;

  /// Reads a header.
  ///
  /// @param expectedN length that the vector must have
  /// @param maxKept most elements there may be
  /// @throws PayloadException if anything in it is not as it should be
  void read(MemorySegment payload, long bytes, long expectedN, long maxKept) {
    payloadBytes = bytes;
    if (bytes <= PayloadLayout.LENGTHS_OFFSET || bytes > payload.byteSize()) {
      throw new PayloadException(
          "payload of "
              + bytes
              + " bytes; expected at least a header of "
              + (PayloadLayout.LENGTHS_OFFSET + 3)
              + " and at most the "
              + payload.byteSize()
              + " bytes of the buffer");
    }
    PayloadLayout.expect(
        "magic",
        PayloadLayout.MAGIC_OFFSET,
        PayloadLayout.u16(payload, PayloadLayout.MAGIC_OFFSET),
        PayloadLayout.MAGIC);
    PayloadLayout.expect(
        "version",
        PayloadLayout.VERSION_OFFSET,
        PayloadLayout.u8(payload, PayloadLayout.VERSION_OFFSET),
        PayloadLayout.VERSION);
    int values = PayloadLayout.u8(payload, PayloadLayout.CODE_OFFSET);
    entropy = (values & PayloadLayout.ENTROPY) != 0;
    code = PayloadCode.of(values & ~PayloadLayout.ENTROPY);
    int index = PayloadLayout.u8(payload, PayloadLayout.INDEX_CODE_OFFSET);
    indexCode = index & ((1 << PayloadLayout.INDEX_CODE_BITS) - 1);
    rice = index >>> PayloadLayout.INDEX_CODE_BITS;
    long at = PayloadLayout.LENGTHS_OFFSET;
    n = PayloadLayout.length(payload, at, bytes, "vector length n");
    PayloadLayout.expect("vector length n", at, n, expectedN);
    at += PayloadLayout.lengthBytes(n);
    k = PayloadLayout.length(payload, at, bytes, "k");
    if (k > maxKept) {
      throw new PayloadException(
          "payload byte " + at + ": " + k + " elements, expected at most " + maxKept);
    }
    at += PayloadLayout.lengthBytes(k);
    indexBytes = PayloadLayout.length(payload, at, bytes, "index bytes");
    indexAt = at + PayloadLayout.lengthBytes(indexBytes);
    valuesAt = indexAt + indexBytes;
    if (valuesAt > bytes) {
      throw new PayloadException(
          "payload byte "
              + at
              + ": "
              + indexBytes
              + " index bytes from byte "
              + indexAt
              + " in a payload of "
              + bytes
              + " bytes");
    }
  }

  /// Bytes of the values.
  long valueBytes() {
    return payloadBytes - valuesAt;
  }

  /// Checks the bytes of the values.
  ///
  /// @throws PayloadException if they are not as many
  void expectValueBytes(long expected) {
    if (valueBytes() != expected) {
      throw new PayloadException(
          "payload byte "
              + valuesAt
              + ": "
              + valueBytes()
              + " bytes of "
              + k
              + " "
              + code
              + " values, expected "
              + expected);
    }
  }

  /// Checks that all elements are there, in order.
  ///
  /// @throws PayloadException if they are not
  void expectAll() {
    PayloadLayout.expect("k of all elements", PayloadLayout.LENGTHS_OFFSET, k, n);
    PayloadLayout.expect(
        "index code of all elements", PayloadLayout.INDEX_CODE_OFFSET, indexCode, IndexCode.ALL);
  }
}
