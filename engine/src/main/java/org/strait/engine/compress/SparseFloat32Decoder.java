package org.strait.engine.compress;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import org.strait.memory.Floats;

/// k float32, then index bytes.
final class SparseFloat32Decoder implements Decoder {
  @Override
  public PayloadCode code() {
    return PayloadCode.SPARSE_FLOAT32;
  }

  @Override
  public void decode(MemorySegment payload, long payloadBytes, long n, long k, Decoded into) {
    int block = PayloadLayout.u16(payload, PayloadLayout.BLOCK_OFFSET);
    PayloadLayout.expect("block of float32 values", PayloadLayout.BLOCK_OFFSET, block, 0);
    into.readIndices(payload, payloadBytes, n, k, Floats.BYTES * k);
    MemorySegment.copy(
        payload,
        PayloadLayout.F32,
        PayloadLayout.HEADER_BYTES,
        into.values.segment(),
        ValueLayout.JAVA_FLOAT,
        0,
        k);
    into.checkFinite();
  }
}
