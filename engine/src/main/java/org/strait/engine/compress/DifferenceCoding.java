package org.strait.engine.compress;

import java.util.ArrayList;
import java.util.List;
import org.strait.kernels.CodecOps;
import org.strait.memory.Bytes;
import org.strait.memory.Floats;
import org.strait.memory.HostMemory;

/// Sends the difference to what the receivers already have: C(vector - h), then h ← h + decoded
/// (EF21: Richtárik, Sokolov, Fatkhullin 2021, algorithm 1; the memory of DIANA: Mishchenko et al.
/// 2019). As vectors settle, differences shrink and so do the errors, which plain error feedback
/// does not give. Receivers keep h too ({@link #accumulates}) and use it as this DC's vector.
///
/// h is updated with the decoded payload itself, so it is the receivers' memory to the last bit.
/// After {@link #encode} the vector holds vector - h, what the receivers still lack.
final class DifferenceCoding implements Compressor {
  private final Compressor inner;
  private final CodecOps codec;
  private final Floats h;
  private final List<Floats> memories;
  private final Codecs decoder;
  private final String name;
  private double norm;

  /// @param n length of the vectors that {@code inner} was made for
  DifferenceCoding(Compressor inner, long n, CodecOps codec, HostMemory memory) {
    this.inner = inner;
    this.codec = codec;
    name = inner.name() + " difference";
    h = memory.floats(n);
    memories = new ArrayList<>(List.of(h));
    memories.addAll(inner.memories());
    decoder = new Codecs(n, inner.maxKept(n), codec, memory);
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
  public boolean accumulates() {
    return true;
  }

  @Override
  public long encode(Floats vector, Bytes payload) {
    PayloadLayout.checkOperands(
        name, h.length(), vector.length(), payload.length(), maxPayloadBytes(vector.length()));
    codec.addScaled(-1f, h, vector);
    long bytes = inner.encode(vector, payload);
    decoder.addDecoded(payload, bytes, 1f, h);
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
  public void receiversHold(Floats vector) {
    h.copyFrom(vector);
  }

  @Override
  public List<Floats> memories() {
    return List.copyOf(memories);
  }
}
