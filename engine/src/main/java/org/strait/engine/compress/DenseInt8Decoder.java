package org.strait.engine.compress;

import java.lang.foreign.MemorySegment;

/// n values as 8-bit blocks.
final class DenseInt8Decoder implements Decoder {
  private final SparseInt8Decoder values = new SparseInt8Decoder();

  @Override
  public PayloadCode code() {
    return PayloadCode.DENSE_INT8;
  }

  @Override
  public void decode(MemorySegment payload, long payloadBytes, long n, long k, Decoded into) {
    PayloadLayout.expect("k of a dense payload", PayloadLayout.K_OFFSET, k, n);
    PayloadLayout.expect(
        "index code of a dense payload",
        PayloadLayout.INDEX_CODE_OFFSET,
        PayloadLayout.u8(payload, PayloadLayout.INDEX_CODE_OFFSET),
        IndexCode.ALL);
    values.decode(payload, payloadBytes, n, k, into);
  }
}
