package org.strait.kernels.simd;

import static jdk.incubator.vector.FloatVector.fromArray;
import static jdk.incubator.vector.FloatVector.fromMemorySegment;
import static org.strait.kernels.simd.Lanes.COUNT;
import static org.strait.kernels.simd.Lanes.FLOATS;
import static org.strait.kernels.simd.Lanes.FLOATS_SWAP_2;
import static org.strait.kernels.simd.Lanes.FLOATS_SWAP_4;
import static org.strait.kernels.simd.Lanes.FLOATS_SWAP_8;
import static org.strait.kernels.simd.Lanes.INTS;
import static org.strait.kernels.simd.Lanes.ORDER;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import org.strait.kernels.Csr;
import org.strait.kernels.RowBlock;
import org.strait.kernels.RowLoops;
import org.strait.memory.Floats;

/// Weights of a vector of entries gathered at once, while the entries are copied into the block.
/// Pays with 512 bits; 256 and 128 bits gather slower than the plain loop reads.
final class SimdRowLoops implements RowLoops {
  /// Vectors that are summed in float32 before the sum goes into float64.
  private static final int CHUNK = 64 * COUNT;

  @Override
  public void margins(
      Csr rows, Floats dense, int from, int to, float[] weights, RowBlock block, Floats margins) {
    block.begin(rows, from, to);
    int[] start = block.rowStart();
    int[] index = block.index();
    float[] value = block.value();
    float[] margin = block.margin();
    MemorySegment is = rows.index().segment();
    MemorySegment vs = rows.value().segment();
    long first = rows.rowStart().get(from) * Floats.BYTES;
    long whole = rows.rowStart().get(rows.rows()) - rows.rowStart().get(from);
    int count = to - from;
    MemorySegment ds = dense == null ? vs : dense.segment();
    FloatVector denseWeights =
        dense == null ? FloatVector.zero(FLOATS) : fromArray(FLOATS, weights, 0);
    for (int r = 0; r < count; r++) {
      int end = start[r + 1];
      int e = start[r];
      double total = 0;
      FloatVector sum = FloatVector.zero(FLOATS);
      if (dense != null) {
        long at = ((long) from + r) * Lanes.BYTES;
        sum = fromMemorySegment(FLOATS, ds, at, ORDER).mul(denseWeights);
      }
      do {
        int stop = Math.min(end, e + CHUNK);
        for (; e + COUNT <= stop; e += COUNT) {
          long at = first + e * Floats.BYTES;
          IntVector.fromMemorySegment(INTS, is, at, ORDER).intoArray(index, e);
          FloatVector v = fromMemorySegment(FLOATS, vs, at, ORDER);
          v.intoArray(value, e);
          sum = fromArray(FLOATS, weights, 0, index, e).fma(v, sum);
        }
        if (e < stop) {
          // The next rows' entries are loaded too and not added. What stands behind the row in the
          // block is written over by the next row.
          long at = first + e * Floats.BYTES;
          if (e + COUNT <= whole) {
            IntVector.fromMemorySegment(INTS, is, at, ORDER).intoArray(index, e);
            fromMemorySegment(FLOATS, vs, at, ORDER).intoArray(value, e);
          } else {
            for (int lane = 0; lane < COUNT; lane++) {
              boolean inside = e + lane < whole;
              long entry = at + lane * Floats.BYTES;
              index[e + lane] = inside ? is.get(ValueLayout.JAVA_INT, entry) : 0;
              value[e + lane] = inside ? Lanes.get(vs, entry) : 0;
            }
          }
          FloatVector products =
              fromArray(FLOATS, weights, 0, index, e).mul(fromArray(FLOATS, value, e));
          sum = sum.add(products, FLOATS.indexInRange(e, stop));
          e = stop;
        }
        FloatVector s = sum;
        s = COUNT > 8 ? s.add(s.rearrange(FLOATS_SWAP_8)) : s;
        s = COUNT > 4 ? s.add(s.rearrange(FLOATS_SWAP_4)) : s;
        s = s.add(s.rearrange(FLOATS_SWAP_2));
        total += s.lane(0) + s.lane(1);
        sum = FloatVector.zero(FLOATS);
      } while (e < end);
      margin[r] = (float) total;
    }
    block.copyMargins(from, margins);
  }

  @Override
  public void addDense(Floats dense, int from, int to, Floats coefficients, float[] sums) {
    MemorySegment ds = dense.segment();
    MemorySegment cs = coefficients.segment();
    FloatVector sum = fromArray(FLOATS, sums, 0);
    for (long r = from; r < to; r++) {
      FloatVector row = fromMemorySegment(FLOATS, ds, r * Lanes.BYTES, ORDER);
      sum = sum.add(row.mul(Lanes.get(cs, r * Floats.BYTES)));
    }
    sum.intoArray(sums, 0);
  }
}
