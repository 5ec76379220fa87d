package org.strait.engine.compress;

import java.util.List;
import org.strait.memory.Bytes;
import org.strait.memory.Floats;
import org.strait.memory.HostMemory;

/// Adds what was not sent to the next vector, so that nothing is lost, only late (Seide et al.
/// 2014; Karimireddy et al. 2019, algorithm 2): acc ← residual + vector; send C(acc); residual ←
/// acc minus what was sent. The sum of all decoded payloads is the sum of all vectors minus the
/// residual, up to float32 rounding of acc. After {@link #encode} the vector holds the residual. If
/// a vector is refused the residual is as before.
final class ErrorFeedback implements Compressor {
  private final Compressor inner;
  private final Floats residual;
  private final String name;
  private double norm;

  /// @param n length of the vectors that {@code inner} was made for
  ErrorFeedback(Compressor inner, long n, HostMemory memory) {
    this.inner = inner;
    name = inner.name() + " error-feedback";
    residual = memory.floats(n);
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
    int n = (int) residual.length();
    for (int i = 0; i < n; i++) {
      vector.set(i, residual.get(i) + vector.get(i));
    }
    long bytes = inner.encode(vector, payload);
    residual.copyFrom(vector);
    norm = Norm.of(residual);
    return bytes;
  }

  @Override
  public void tolerate(double residualNorm) {
    inner.tolerate(residualNorm);
  }

  @Override
  public double residualNorm() {
    return norm;
  }

  @Override
  public List<Floats> memories() {
    return List.of(residual);
  }
}
