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
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorMask;
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
      Csr rows, int from, int to, float[] weights, RowBlock block, Floats margins) {
    block.begin(rows, from, to);
    int[] start = block.rowStart();
    int[] index = block.index();
    float[] value = block.value();
    MemorySegment is = rows.index().segment();
    MemorySegment vs = rows.value().segment();
    long first = rows.rowStart().get(from) * Floats.BYTES;
    long whole = rows.rowStart().get(rows.rows()) - rows.rowStart().get(from);
    int count = to - from;
    for (int r = 0; r < count; r++) {
      int end = start[r + 1];
      int e = start[r];
      double total = 0;
      do {
        int stop = Math.min(end, e + CHUNK);
        FloatVector sum = FloatVector.zero(FLOATS);
        for (; e + COUNT <= stop; e += COUNT) {
          long at = first + e * Floats.BYTES;
          IntVector.fromMemorySegment(INTS, is, at, ORDER).intoArray(index, e);
          FloatVector v = fromMemorySegment(FLOATS, vs, at, ORDER);
          v.intoArray(value, e);
          sum = fromArray(FLOATS, weights, 0, index, e).fma(v, sum);
        }
        if (e < stop) {
          // The next rows' entries are read too and not added. What stands behind the row in the
          // block is written over by the next row.
          long at = first + e * Floats.BYTES;
          VectorMask<Float> row = FLOATS.indexInRange(e, stop);
          if (e + COUNT <= whole) {
            IntVector.fromMemorySegment(INTS, is, at, ORDER).intoArray(index, e);
            FloatVector v = fromMemorySegment(FLOATS, vs, at, ORDER);
            v.intoArray(value, e);
            sum = sum.add(fromArray(FLOATS, weights, 0, index, e).mul(v), row);
          } else {
            IntVector.fromMemorySegment(INTS, is, at, ORDER, INTS.indexInRange(e, stop))
                .intoArray(index, e);
            FloatVector v = fromMemorySegment(FLOATS, vs, at, ORDER, row);
            v.intoArray(value, e);
            sum = sum.add(fromArray(FLOATS, weights, 0, index, e).mul(v), row);
          }
          e = stop;
        }
        FloatVector s = sum;
        s = COUNT > 8 ? s.add(s.rearrange(FLOATS_SWAP_8)) : s;
        s = COUNT > 4 ? s.add(s.rearrange(FLOATS_SWAP_4)) : s;
        s = s.add(s.rearrange(FLOATS_SWAP_2));
        total += s.lane(0) + s.lane(1);
      } while (e < end);
      margins.set((long) from + r, (float) total);
    }
  }
}
