package org.strait.kernels.simd;

import static jdk.incubator.vector.FloatVector.fromArray;
import static jdk.incubator.vector.FloatVector.fromMemorySegment;
import static org.strait.kernels.simd.Lanes.FLOATS;
import static org.strait.kernels.simd.Lanes.FLOATS_SWAP_2;
import static org.strait.kernels.simd.Lanes.FLOATS_SWAP_4;
import static org.strait.kernels.simd.Lanes.FLOATS_SWAP_8;
import static org.strait.kernels.simd.Lanes.INTS;
import static org.strait.kernels.simd.Lanes.ORDER;

import java.lang.foreign.MemorySegment;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import org.strait.kernels.RankedRows;
import org.strait.kernels.SliceLoops;
import org.strait.kernels.SliceScratch;
import org.strait.memory.Floats;

/// Sixteen rows at a time with vectors of 512 bits: one row in each lane. Weights are gathered;
/// sums are added to one by one, because a vector scatter is slower.
final class SimdSliceLoops implements SliceLoops {
  private static final int LANES = RankedRows.LANES;

  /// Entries of a row that are added one to the other before their sum is added to the row's: with
  /// 1024 entries and the dense columns no lane adds more than 65 times.
  private static final int CHUNK = 32 * LANES;

  @Override
  public void margins(RankedRows rows, int block, float[] weights, SliceScratch scratch) {
    long slice = (long) block * RankedRows.SLICES;
    long first = rows.sliceStart().get(slice);
    scratch.begin((int) (rows.sliceStart().get(slice + RankedRows.SLICES) - first));
    MemorySegment is = rows.index().segment();
    MemorySegment vs = rows.value().segment();
    MemorySegment ds = rows.dense() == null ? vs : rows.dense().segment();
    boolean dense = rows.dense() != null;
    int[] index = scratch.index();
    float[] margin = scratch.margin();
    int e = 0;
    for (int s = 0; s < RankedRows.SLICES; s++) {
      int end = (int) (rows.sliceStart().get(slice + s + 1) - first);
      FloatVector total = FloatVector.zero(FLOATS);
      if (dense) {
        long at = (slice + s) * LANES * Lanes.BYTES;
        for (int c = 0; c < LANES; c++, at += Lanes.BYTES) {
          total = fromMemorySegment(FLOATS, ds, at, ORDER).mul(weights[c]).add(total);
        }
      }
      while (e < end) {
        int stop = Math.min(end, e + CHUNK);
        FloatVector sum = FloatVector.zero(FLOATS);
        for (; e < stop; e += LANES) {
          long at = (first + e) * Floats.BYTES;
          IntVector.fromMemorySegment(INTS, is, at, ORDER).intoArray(index, e);
          FloatVector v = fromMemorySegment(FLOATS, vs, at, ORDER);
          sum = fromArray(FLOATS, weights, 0, index, e).fma(v, sum);
        }
        total = total.add(sum);
      }
      total.intoArray(margin, s * LANES);
    }
  }

  @Override
  public void add(RankedRows rows, int block, SliceScratch scratch, float[] sums) {
    long slice = (long) block * RankedRows.SLICES;
    long first = rows.sliceStart().get(slice);
    MemorySegment vs = rows.value().segment();
    int[] index = scratch.index();
    float[] coefficient = scratch.margin();
    float[] product = scratch.product();
    int e = 0;
    for (int s = 0; s < RankedRows.SLICES; s++) {
      int end = (int) (rows.sliceStart().get(slice + s + 1) - first);
      FloatVector c = fromArray(FLOATS, coefficient, s * LANES);
      for (; e < end; e += LANES) {
        fromMemorySegment(FLOATS, vs, (first + e) * Floats.BYTES, ORDER)
            .mul(c)
            .intoArray(product, e);
      }
    }
    scatter(index, product, e, sums);
    if (rows.dense() != null) {
      addDense(rows.dense().segment(), slice, coefficient, sums);
    }
  }

  private static void scatter(int[] index, float[] product, int count, float[] sums) {
    for (int e = 0; e < count; e++) {
      sums[index[e]] += product[e];
    }
  }

  private static void addDense(MemorySegment ds, long slice, float[] coefficient, float[] sums) {
    for (int c = 0; c < LANES; c++) {
      FloatVector s = FloatVector.zero(FLOATS);
      for (int i = 0; i < RankedRows.SLICES; i++) {
        long at = ((slice + i) * LANES + c) * Lanes.BYTES;
        s =
            fromMemorySegment(FLOATS, ds, at, ORDER)
                .fma(fromArray(FLOATS, coefficient, i * LANES), s);
      }
      s = s.add(s.rearrange(FLOATS_SWAP_8));
      s = s.add(s.rearrange(FLOATS_SWAP_4));
      s = s.add(s.rearrange(FLOATS_SWAP_2));
      sums[c] += s.lane(0) + s.lane(1);
    }
  }
}
