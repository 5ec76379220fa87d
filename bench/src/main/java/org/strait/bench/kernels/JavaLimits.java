package org.strait.bench.kernels;

import java.lang.foreign.MemorySegment;
import java.nio.ByteOrder;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorSpecies;

/// Streams over native memory and multiply-adds with the Vector API, at the width the CPU prefers.
/// Ranges are in bytes, multiples of 8 vectors; an accumulator is a local variable each, because
/// the compiler keeps those in registers and arrays of them not.
final class JavaLimits {
  private static final VectorSpecies<Float> LANES = FloatVector.SPECIES_PREFERRED;
  private static final ByteOrder ORDER = ByteOrder.nativeOrder();
  private static final long STEP = LANES.vectorByteSize();

  /// Bits of a vector.
  static final int BITS = LANES.vectorBitSize();

  /// Operations of one turn of {@link #multiplyAdd}.
  static final int FLOPS_PER_TURN = 2 * 10 * LANES.length();

  private JavaLimits() {}

  private static FloatVector load(MemorySegment a, long at) {
    return FloatVector.fromMemorySegment(LANES, a, at, ORDER);
  }

  /// Σ a.
  static float read(MemorySegment a, long from, long to) {
    FloatVector s0 = FloatVector.zero(LANES);
    FloatVector s1 = s0;
    FloatVector s2 = s0;
    FloatVector s3 = s0;
    FloatVector s4 = s0;
    FloatVector s5 = s0;
    FloatVector s6 = s0;
    FloatVector s7 = s0;
    for (long at = from; at < to; at += 8 * STEP) {
      s0 = s0.add(load(a, at));
      s1 = s1.add(load(a, at + STEP));
      s2 = s2.add(load(a, at + 2 * STEP));
      s3 = s3.add(load(a, at + 3 * STEP));
      s4 = s4.add(load(a, at + 4 * STEP));
      s5 = s5.add(load(a, at + 5 * STEP));
      s6 = s6.add(load(a, at + 6 * STEP));
      s7 = s7.add(load(a, at + 7 * STEP));
    }
    return s0.add(s1)
        .add(s2.add(s3))
        .add(s4.add(s5).add(s6.add(s7)))
        .reduceLanes(VectorOperators.ADD);
  }

  /// c ← a.
  static void copy(MemorySegment a, MemorySegment c, long from, long to) {
    for (long at = from; at < to; at += 4 * STEP) {
      load(a, at).intoMemorySegment(c, at, ORDER);
      load(a, at + STEP).intoMemorySegment(c, at + STEP, ORDER);
      load(a, at + 2 * STEP).intoMemorySegment(c, at + 2 * STEP, ORDER);
      load(a, at + 3 * STEP).intoMemorySegment(c, at + 3 * STEP, ORDER);
    }
  }

  /// c(16·g + l) ← Σ a(64·g + 16·k + l), k = 0 … 3.
  static void narrow(MemorySegment a, MemorySegment c, long from, long to) {
    for (long at = from; at < to; at += 256) {
      for (long l = 0; l < 64; l += STEP) {
        load(a, at + l)
            .add(load(a, at + l + 64))
            .add(load(a, at + l + 128).add(load(a, at + l + 192)))
            .intoMemorySegment(c, at / 4 + l, ORDER);
      }
    }
  }

  /// c ← a + 1.5·b.
  static void triad(MemorySegment a, MemorySegment b, MemorySegment c, long from, long to) {
    FloatVector by = FloatVector.broadcast(LANES, 1.5f);
    for (long at = from; at < to; at += 2 * STEP) {
      load(b, at).fma(by, load(a, at)).intoMemorySegment(c, at, ORDER);
      load(b, at + STEP).fma(by, load(a, at + STEP)).intoMemorySegment(c, at + STEP, ORDER);
    }
  }

  /// c ← c + a.
  static void add(MemorySegment a, MemorySegment c, long from, long to) {
    for (long at = from; at < to; at += 2 * STEP) {
      load(c, at).add(load(a, at)).intoMemorySegment(c, at, ORDER);
      load(c, at + STEP).add(load(a, at + STEP)).intoMemorySegment(c, at + STEP, ORDER);
    }
  }

  /// Ten chains of multiply-adds in registers.
  static float multiplyAdd(long turns) {
    FloatVector by = FloatVector.broadcast(LANES, 0.999f);
    FloatVector plus = FloatVector.broadcast(LANES, 0.1f);
    FloatVector v0 = FloatVector.zero(LANES);
    FloatVector v1 = plus;
    FloatVector v2 = by;
    FloatVector v3 = plus.add(by);
    FloatVector v4 = v3.add(by);
    FloatVector v5 = v4.add(by);
    FloatVector v6 = v5.add(by);
    FloatVector v7 = v6.add(by);
    FloatVector v8 = v7.add(by);
    FloatVector v9 = v8.add(by);
    for (long turn = 0; turn < turns; turn++) {
      v0 = v0.fma(by, plus);
      v1 = v1.fma(by, plus);
      v2 = v2.fma(by, plus);
      v3 = v3.fma(by, plus);
      v4 = v4.fma(by, plus);
      v5 = v5.fma(by, plus);
      v6 = v6.fma(by, plus);
      v7 = v7.fma(by, plus);
      v8 = v8.fma(by, plus);
      v9 = v9.fma(by, plus);
    }
    return v0.add(v1)
        .add(v2.add(v3))
        .add(v4.add(v5).add(v6.add(v7)))
        .add(v8.add(v9))
        .reduceLanes(VectorOperators.ADD);
  }
}
