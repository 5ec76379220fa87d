package org.strait.kernels.simd;

import static jdk.incubator.vector.FloatVector.fromMemorySegment;
import static org.strait.kernels.simd.Lanes.FLOATS;
import static org.strait.kernels.simd.Lanes.ORDER;

import java.lang.foreign.MemorySegment;
import jdk.incubator.vector.FloatVector;
import org.strait.kernels.Lengths;
import org.strait.kernels.UpdateOps;
import org.strait.memory.Floats;

/// Optimiser updates, a vector of parameters at a time. Same operations in the same order as the
/// plain loops, so the same bits. (The compiler does not vectorise plain loops over native memory:
/// it cannot see that two runs do not overlap.)
final class SimdUpdateOps implements UpdateOps {
  @Override
  public void sgd(float rate, Floats gradient, Floats weights, long from, long to) {
    Lengths.checkPart("weights", weights.length(), from, to);
    Lengths.checkPart("gradient", gradient.length(), from, to);
    MemorySegment gs = gradient.segment();
    MemorySegment ws = weights.segment();
    long i = from * Floats.BYTES;
    long end = to * Floats.BYTES;
    long whole = i + Lanes.whole(end - i, Lanes.BYTES);
    for (; i < whole; i += Lanes.BYTES) {
      fromMemorySegment(FLOATS, ws, i, ORDER)
          .sub(fromMemorySegment(FLOATS, gs, i, ORDER).mul(rate))
          .intoMemorySegment(ws, i, ORDER);
    }
    for (; i < end; i += Floats.BYTES) {
      Lanes.set(ws, i, Lanes.get(ws, i) - rate * Lanes.get(gs, i));
    }
  }

  @Override
  public void momentum(
      float rate,
      float momentum,
      boolean nesterov,
      Floats gradient,
      Floats velocity,
      Floats weights,
      long from,
      long to) {
    Lengths.checkPart("weights", weights.length(), from, to);
    Lengths.checkPart("gradient", gradient.length(), from, to);
    Lengths.checkPart("velocity", velocity.length(), from, to);
    MemorySegment gs = gradient.segment();
    MemorySegment vs = velocity.segment();
    MemorySegment ws = weights.segment();
    long i = from * Floats.BYTES;
    long end = to * Floats.BYTES;
    long whole = i + Lanes.whole(end - i, Lanes.BYTES);
    for (; i < whole; i += Lanes.BYTES) {
      FloatVector g = fromMemorySegment(FLOATS, gs, i, ORDER);
      FloatVector v = fromMemorySegment(FLOATS, vs, i, ORDER).mul(momentum).add(g);
      v.intoMemorySegment(vs, i, ORDER);
      FloatVector direction = nesterov ? g.add(v.mul(momentum)) : v;
      fromMemorySegment(FLOATS, ws, i, ORDER)
          .sub(direction.mul(rate))
          .intoMemorySegment(ws, i, ORDER);
    }
    for (; i < end; i += Floats.BYTES) {
      float g = Lanes.get(gs, i);
      float v = momentum * Lanes.get(vs, i) + g;
      Lanes.set(vs, i, v);
      Lanes.set(ws, i, Lanes.get(ws, i) - rate * (nesterov ? g + momentum * v : v));
    }
  }

  @Override
  public void adamW(
      float rate,
      float beta1,
      float beta2,
      float epsilon,
      float decay,
      long step,
      Floats gradient,
      Floats first,
      Floats second,
      Floats weights,
      long from,
      long to) {
    Lengths.checkPart("weights", weights.length(), from, to);
    Lengths.checkPart("gradient", gradient.length(), from, to);
    Lengths.checkPart("first", first.length(), from, to);
    Lengths.checkPart("second", second.length(), from, to);
    if (step < 1) {
      throw new IllegalArgumentException("step is " + step + ", the first is 1");
    }
    float firstCorrection = (float) (1 / (1 - Math.pow(beta1, (double) step)));
    float secondCorrection = (float) (1 / (1 - Math.pow(beta2, (double) step)));
    MemorySegment gs = gradient.segment();
    MemorySegment ms = first.segment();
    MemorySegment vs = second.segment();
    MemorySegment ws = weights.segment();
    long i = from * Floats.BYTES;
    long end = to * Floats.BYTES;
    long whole = i + Lanes.whole(end - i, Lanes.BYTES);
    for (; i < whole; i += Lanes.BYTES) {
      FloatVector g = fromMemorySegment(FLOATS, gs, i, ORDER);
      FloatVector m = fromMemorySegment(FLOATS, ms, i, ORDER).mul(beta1).add(g.mul(1 - beta1));
      FloatVector v =
          fromMemorySegment(FLOATS, vs, i, ORDER).mul(beta2).add(g.mul(g).mul(1 - beta2));
      FloatVector w = fromMemorySegment(FLOATS, ws, i, ORDER);
      m.intoMemorySegment(ms, i, ORDER);
      v.intoMemorySegment(vs, i, ORDER);
      FloatVector root = v.mul(secondCorrection).sqrt();
      FloatVector direction = m.mul(firstCorrection).div(root.add(epsilon));
      w.sub(direction.add(w.mul(decay)).mul(rate)).intoMemorySegment(ws, i, ORDER);
    }
    for (; i < end; i += Floats.BYTES) {
      float g = Lanes.get(gs, i);
      float m = beta1 * Lanes.get(ms, i) + (1 - beta1) * g;
      float v = beta2 * Lanes.get(vs, i) + (1 - beta2) * (g * g);
      float w = Lanes.get(ws, i);
      Lanes.set(ms, i, m);
      Lanes.set(vs, i, v);
      float root = (float) Math.sqrt(v * secondCorrection);
      Lanes.set(ws, i, w - rate * (m * firstCorrection / (root + epsilon) + decay * w));
    }
  }
}
