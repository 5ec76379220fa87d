package org.strait.engine.compress;

import java.lang.foreign.MemorySegment;

/// n float32.
final class DenseFloat32Decoder implements Decoder {
  private final SparseFloat32Decoder values = new SparseFloat32Decoder();

  @Override
  public PayloadCode code() {
    return PayloadCode.DENSE_FLOAT32;
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
