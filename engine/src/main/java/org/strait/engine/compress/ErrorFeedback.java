package org.strait.engine.compress;

import java.util.ArrayList;
import java.util.List;
import org.strait.kernels.CodecOps;
import org.strait.memory.Bytes;
import org.strait.memory.Floats;
import org.strait.memory.HostMemory;

/// Adds what was not sent to the next vector, so that nothing is lost, only late (Seide et al.
/// 2014; Karimireddy et al. 2019, algorithm 2): acc ← decay·residual + vector; send C(acc);
/// residual ← acc minus what was sent. A decay below 1 forgets what has waited long (SparseLoCo,
/// arXiv 2508.15706: 0.95); without it the sum of all decoded payloads is the sum of all vectors
/// minus the residual, up to float32 rounding of acc. After {@link #encode} the vector holds the
/// residual. If a vector is refused the residual is as before.
final class ErrorFeedback implements Compressor {
  private final Compressor inner;
  private final float decay;
  private final CodecOps codec;
  private final Floats residual;
  private final List<Floats> memories;
  private final String name;
  private double norm;

  /// @param n length of the vectors that {@code inner} was made for
  /// @param decay factor of the residual in every round, above 0, at most 1
  ErrorFeedback(Compressor inner, long n, float decay, CodecOps codec, HostMemory memory) {
    this.inner = inner;
    this.decay = decay;
    this.codec = codec;
    name = inner.name() + " error-feedback" + (decay == 1 ? "" : " " + decay);
    residual = memory.floats(n);
    memories = new ArrayList<>(List.of(residual));
    memories.addAll(inner.memories());
  }

  @Override
  public String name() {
    return name;
  }

  @Override
  public long maxPayloadBytes(long n) {
    return inner.maxPayloadBytes(n);
  }

  @Override
  public long maxKept(long n) {
    return inner.maxKept(n);
  }

  @Override
  public long encode(Floats vector, Bytes payload) {
    PayloadLayout.checkOperands(
        name,
        residual.length(),
        vector.length(),
        payload.length(),
        maxPayloadBytes(vector.length()));
    codec.addScaled(decay, residual, vector);
    long bytes = inner.encode(vector, payload);
    residual.copyFrom(vector);
    norm = Norm.of(codec, vector);
    return bytes;
  }

  @Override
  public void tolerate(double residualNorm) {
    inner.tolerate(residualNorm);
  }

  @Override
  public int rungs() {
    return inner.rungs();
  }

  @Override
  public void stand(int rung) {
    inner.stand(rung);
  }

  @Override
  public String describe(int rung) {
    return inner.describe(rung);
  }

  @Override
  public boolean reference(Floats weights) {
    return inner.reference(weights);
  }

  @Override
  public double residualNorm() {
    return norm;
  }

  @Override
  public List<Floats> memories() {
    return List.copyOf(memories);
  }
}
