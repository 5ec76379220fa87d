package org.strait.engine.compress;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import org.strait.kernels.CodecOps;
import org.strait.memory.Bytes;
import org.strait.memory.Floats;

/// Every element as float32: lossless, 4n + 24 bytes.
final class Dense implements Compressor {
  private final long n;
  private final CodecOps codec;

  /// @param n length of the vectors
  Dense(long n, CodecOps codec) {
    this.n = n;
    this.codec = codec;
  }

  @Override
  public String name() {
    return "dense";
  }

  @Override
  public long maxPayloadBytes(long length) {
    PayloadLayout.checkLength(name(), n, length);
    return PayloadLayout.HEADER_BYTES + Floats.BYTES * n;
  }

  @Override
  public long maxKept(long length) {
    PayloadLayout.checkLength(name(), n, length);
    return n;
  }

  @Override
  public long encode(Floats vector, Bytes payload) {
    long bytes = maxPayloadBytes(n);
    PayloadLayout.checkOperands(name(), n, vector.length(), payload.length(), bytes);
    FiniteCheck.check(codec, "vector", vector, Float.MAX_VALUE);
    MemorySegment out = payload.segment();
    PayloadLayout.put(out, PayloadCode.DENSE_FLOAT32, IndexCode.ALL, 0, 0, n, n, 0, bytes);
    MemorySegment.copy(
        vector.segment(),
        ValueLayout.JAVA_FLOAT,
        0,
        out,
        PayloadLayout.F32,
        PayloadLayout.HEADER_BYTES,
        n);
    vector.segment().fill((byte) 0);
    return bytes;
  }
}
