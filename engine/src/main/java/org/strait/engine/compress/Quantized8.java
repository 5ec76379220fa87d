package org.strait.engine.compress;

import java.lang.foreign.MemorySegment;
import org.strait.kernels.CodecOps;
import org.strait.memory.Bytes;
import org.strait.memory.Floats;
import org.strait.memory.HostMemory;

/// Every element in 8 bits with a float32 scale per block of 256 ({@link CodecOps#quantize8}):
/// about 1.016n bytes, error at most half a scale, that is 1/254 of the block's largest magnitude.
final class Quantized8 implements Compressor {
  private final long n;
  private final CodecOps codec;
  private final Int8Blocks blocks;
  private final Floats decoded;

  /// @param n length of the vectors
  Quantized8(long n, CodecOps codec, HostMemory memory) {
    this.n = n;
    this.codec = codec;
    blocks = new Int8Blocks(n, codec, memory);
    decoded = memory.floats(n);
  }

  @Override
  public String name() {
    return "int8";
  }

  @Override
  public long maxPayloadBytes(long length) {
    PayloadLayout.checkLength(name(), n, length);
    return PayloadLayout.HEADER_BYTES + Int8Blocks.bytes(n);
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
    FiniteCheck.check(codec, "vector", vector, Int8Blocks.MAX_MAGNITUDE);
    MemorySegment out = payload.segment();
    PayloadLayout.put(
        out, PayloadCode.DENSE_INT8, IndexCode.ALL, 0, Int8Blocks.BLOCK, n, n, 0, bytes);
    blocks.quantize(vector, n);
    blocks.write(out, PayloadLayout.HEADER_BYTES);
    blocks.dequantize(decoded);
    int length = (int) n;
    for (int i = 0; i < length; i++) {
      vector.set(i, vector.get(i) - decoded.get(i));
    }
    return bytes;
  }
}
