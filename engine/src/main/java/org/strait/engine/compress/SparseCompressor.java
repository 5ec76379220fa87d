package org.strait.engine.compress;

import java.lang.foreign.MemorySegment;
import java.util.List;
import org.strait.kernels.CodecOps;
import org.strait.memory.Bytes;
import org.strait.memory.Floats;
import org.strait.memory.Ints;

/// The elements of a {@link Selection}, their indices as an {@link IndexSection}, their values
/// through a {@link ValueCode}. What is left holds the other elements and what the kept ones lost.
final class SparseCompressor implements Compressor {
  private final String name;
  private final long n;
  private final Selection selection;
  private final IndexSection indices;
  private final Ladder ladder;
  private final ValueCode[] codes;
  private final CodecOps codec;
  private ValueCode values;

  /// @param name for the run record
  /// @param n length of the vectors
  /// @param ladder settings that can be chosen
  /// @param codes one for each of its codes, from narrow to wide
  SparseCompressor(
      String name,
      long n,
      Selection selection,
      IndexSection indices,
      Ladder ladder,
      ValueCode[] codes,
      CodecOps codec) {
    this.name = name;
    this.n = n;
    this.selection = selection;
    this.indices = indices;
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
    return PayloadLayout.MOST_HEADER_BYTES
        + indices.maxBytes()
        + ValueCode.maxBytes(codes, selection.most());
  }

  @Override
  public long maxKept(long length) {
    PayloadLayout.checkLength(name, n, length);
    return selection.most();
  }

  @Override
  public void tolerate(double residualNorm) {
    ErrorBudget.check(residualNorm);
    selection.tolerate(residualNorm);
    values.tolerate(residualNorm);
  }

  @Override
  public int rungs() {
    return ladder.rungs();
  }

  @Override
  public void stand(int rung) {
    selection.keep(ladder.kept(rung));
    values = codes[ladder.code(rung)];
  }

  @Override
  public String describe(int rung) {
    return ladder.describe(rung);
  }

  @Override
  public boolean reference(Floats weights) {
    return selection.reference(weights);
  }

  @Override
  public List<Floats> memories() {
    return selection.memories();
  }

  @Override
  public long encode(Floats vector, Bytes payload) {
    PayloadLayout.checkOperands(name, n, vector.length(), payload.length(), maxPayloadBytes(n));
    FiniteCheck.check(codec, "vector", vector, values.limit());
    long k = selection.pick(vector);
    Ints places = selection.room().indices();
    Floats kept = selection.room().values();
    indices.choose(places, k, n);
    MemorySegment out = payload.segment();
    long indexAt = PayloadLayout.headerBytes(n, k, indices.bytes());
    indices.write(places, k, out, indexAt);
    long valuesAt = indexAt + indices.bytes();
    long bytes = valuesAt + values.encode(kept, k, out, valuesAt);
    PayloadLayout.put(
        out,
        values.code(),
        values.entropy(),
        indices.code(),
        indices.rice(),
        n,
        k,
        indices.bytes());
    for (long j = 0; j < k; j++) {
      vector.set(places.get(j), kept.get(j));
    }
    return bytes;
  }
}
