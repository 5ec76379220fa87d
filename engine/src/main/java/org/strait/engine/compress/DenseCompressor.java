package org.strait.engine.compress;

import java.lang.foreign.MemorySegment;
import org.strait.kernels.CodecOps;
import org.strait.memory.Bytes;
import org.strait.memory.Floats;

/// Every element, through one {@link ValueCode}.
final class DenseCompressor implements Compressor {
  private final String name;
  private final long n;
  private final Ladder ladder;
  private final ValueCode[] codes;
  private final CodecOps codec;
  private ValueCode values;

  /// @param name for the run record
  /// @param n length of the vectors
  /// @param ladder settings that can be chosen
  /// @param codes one for each of its codes, from narrow to wide
  DenseCompressor(String name, long n, Ladder ladder, ValueCode[] codes, CodecOps codec) {
    this.name = name;
    this.n = n;
    this.ladder = ladder;
    this.codes = codes;
    values = codes[codes.length - 1];
    this.codec = codec;
  }

  @Override
  public String name() {
    return name;
  }

  @Override
  public long maxPayloadBytes(long length) {
    PayloadLayout.checkLength(name, n, length);
    return PayloadLayout.headerBytes(n, n, 0) + ValueCode.maxBytes(codes, n);
  }

  @Override
  public long maxKept(long length) {
    PayloadLayout.checkLength(name, n, length);
    return n;
  }

  @Override
  public void tolerate(double residualNorm) {
    ErrorBudget.check(residualNorm);
    values.tolerate(residualNorm);
  }

  @Override
  public int rungs() {
    return ladder.rungs();
  }

  @Override
  public void stand(int rung) {
    values = codes[ladder.code(rung)];
  }

  @Override
  public String describe(int rung) {
    return ladder.describe(rung);
  }

  @Override
  public long encode(Floats vector, Bytes payload) {
    PayloadLayout.checkOperands(name, n, vector.length(), payload.length(), maxPayloadBytes(n));
    FiniteCheck.check(codec, "vector", vector, values.limit());
    MemorySegment out = payload.segment();
    long at = PayloadLayout.headerBytes(n, n, 0);
    long bytes = at + values.encode(vector, n, out, at);
    PayloadLayout.put(out, values.code(), values.entropy(), IndexCode.ALL, 0, n, n, 0);
    return bytes;
  }
}
