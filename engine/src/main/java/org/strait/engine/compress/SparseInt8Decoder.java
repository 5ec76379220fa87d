package org.strait.engine.compress;

import java.lang.foreign.MemorySegment;

/// k values as 8-bit blocks, then index bytes.
final class SparseInt8Decoder implements Decoder {
  @Override
  public PayloadCode code() {
    return PayloadCode.SPARSE_INT8;
  }

  @Override
  public void decode(MemorySegment payload, long payloadBytes, long n, long k, Decoded into) {
    int block = PayloadLayout.u16(payload, PayloadLayout.BLOCK_OFFSET);
    PayloadLayout.expect("block", PayloadLayout.BLOCK_OFFSET, block, Int8Blocks.BLOCK);
    into.readIndices(payload, payloadBytes, n, k, Int8Blocks.bytes(k));
    into.blocks.read(payload, PayloadLayout.HEADER_BYTES, k);
    into.blocks.dequantize(into.values);
  }
}
