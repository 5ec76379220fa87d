package org.strait.engine.compress;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import org.strait.kernels.CodecOps;
import org.strait.memory.Bytes;
import org.strait.memory.Floats;
import org.strait.memory.HostMemory;

/// Exactly the k elements of largest magnitude as float32. What travels is exact: what is left is
/// the vector with zeros at the kept places.
final class TopK implements Compressor {
  private final String name;
  private final long n;
  private final long most;
  private final CodecOps codec;
  private final Selection selection;
  private final IndexCode indexCode = new IndexCode();

  /// @param name with the density
  /// @param k elements to keep, 0 ≤ k ≤ n, 0 only if n is; n if a budget decides
  /// @param budget decides how many, or null
  TopK(String name, long n, long k, ErrorBudget budget, CodecOps codec, HostMemory memory) {
    this.name = name;
    this.n = n;
    this.most = k;
    this.codec = codec;
    selection = new Selection(n, k, budget, codec, memory);
  }

  @Override
  public String name() {
    return name;
  }

  @Override
  public long maxPayloadBytes(long length) {
    PayloadLayout.checkLength(name, n, length);
    return PayloadLayout.HEADER_BYTES + Floats.BYTES * most + selection.maxIndexBytes();
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
    FiniteCheck.check(codec, "vector", vector, Float.MAX_VALUE);
    long k = selection.pick(vector);
    indexCode.choose(selection.indices, k, n);
    long indexAt = PayloadLayout.HEADER_BYTES + Floats.BYTES * k;
    long bytes = indexAt + indexCode.bytes();
    MemorySegment out = payload.segment();
    PayloadLayout.put(
        out,
        PayloadCode.SPARSE_FLOAT32,
        indexCode.code(),
        indexCode.rice(),
        0,
        n,
        k,
        indexCode.bytes(),
        bytes);
    MemorySegment.copy(
        selection.values.segment(),
        ValueLayout.JAVA_FLOAT,
        0,
        out,
        PayloadLayout.F32,
        PayloadLayout.HEADER_BYTES,
        k);
    indexCode.write(selection.indices, k, out, indexAt);
    for (long j = 0; j < k; j++) {
      vector.set(selection.indices.get(j), 0f);
    }
    return bytes;
  }
}
