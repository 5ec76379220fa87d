package org.strait.engine.compress;

import java.lang.foreign.MemorySegment;
import org.strait.kernels.CodecOps;
import org.strait.memory.Bytes;
import org.strait.memory.Floats;
import org.strait.memory.HostMemory;

/// Exactly the k elements of largest magnitude, in 8 bits each with a float32 scale per 256 of
/// them. What is left holds the other elements and the rounding of the kept ones.
final class SparseQuantized implements Compressor {
  private final String name;
  private final long n;
  private final long most;
  private final CodecOps codec;
  private final Selection selection;
  private final Int8Blocks blocks;
  private final Floats decoded;
  private final IndexCode indexCode = new IndexCode();

  /// @param name with the density
  /// @param k elements to keep, 0 ≤ k ≤ n, 0 only if n is; n if a budget decides
  /// @param budget decides how many, or null
  SparseQuantized(
      String name, long n, long k, ErrorBudget budget, CodecOps codec, HostMemory memory) {
    this.name = name;
    this.n = n;
    this.most = k;
    this.codec = codec;
    selection = new Selection(n, k, budget, codec, memory);
    blocks = new Int8Blocks(k, codec, memory);
    decoded = memory.floats(k);
  }

  @Override
  public String name() {
    return name;
  }

  @Override
  public long maxPayloadBytes(long length) {
    PayloadLayout.checkLength(name, n, length);
    return PayloadLayout.HEADER_BYTES + Int8Blocks.bytes(most) + selection.maxIndexBytes();
  }

  @Override
  public long maxKept(long length) {
    PayloadLayout.checkLength(name, n, length);
    return most;
  }

  @Override
  public void tolerate(double residualNorm) {
    selection.tolerate(residualNorm);
  }

  @Override
  public long encode(Floats vector, Bytes payload) {
    PayloadLayout.checkOperands(name, n, vector.length(), payload.length(), maxPayloadBytes(n));
    FiniteCheck.check(codec, "vector", vector, Int8Blocks.MAX_MAGNITUDE);
    long k = selection.pick(vector);
    indexCode.choose(selection.indices, k, n);
    long indexAt = PayloadLayout.HEADER_BYTES + Int8Blocks.bytes(k);
    long bytes = indexAt + indexCode.bytes();
    MemorySegment out = payload.segment();
    PayloadLayout.put(
        out,
        PayloadCode.SPARSE_INT8,
        indexCode.code(),
        indexCode.rice(),
        Int8Blocks.BLOCK,
        n,
        k,
        indexCode.bytes(),
        bytes);
    blocks.quantize(selection.values, k);
    blocks.write(out, PayloadLayout.HEADER_BYTES);
    indexCode.write(selection.indices, k, out, indexAt);
    blocks.dequantize(decoded);
    for (long j = 0; j < k; j++) {
      vector.set(selection.indices.get(j), selection.values.get(j) - decoded.get(j));
    }
    return bytes;
  }
}
