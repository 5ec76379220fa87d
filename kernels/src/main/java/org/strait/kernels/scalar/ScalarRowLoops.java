package org.strait.kernels.scalar;

import org.strait.kernels.Csr;
import org.strait.kernels.RowBlock;
import org.strait.kernels.RowLoops;
import org.strait.memory.Floats;

/// Four sums side by side in float32, emptied into float64 every 256 entries.
public final class ScalarRowLoops implements RowLoops {
  private static final int CHUNK = 256;

  @Override
  public void margins(
      Csr rows, Floats dense, int from, int to, float[] weights, RowBlock block, Floats margins) {
    block.load(rows, from, to);
    int[] start = block.rowStart();
    int[] index = block.index();
    float[] value = block.value();
    float[] margin = block.margin();
    for (int r = 0; r < to - from; r++) {
      int end = start[r + 1];
      double sum = 0;
      for (int c = 0; dense != null && c < DENSE; c++) {
        sum += dense.get(((long) from + r) * DENSE + c) * weights[c];
      }
      for (int e = start[r]; e < end; ) {
        int stop = Math.min(end, e + CHUNK);
        float a = 0;
        float b = 0;
        float c = 0;
        float d = 0;
        for (; e + 4 <= stop; e += 4) {
          a += value[e] * weights[index[e]];
          b += value[e + 1] * weights[index[e + 1]];
          c += value[e + 2] * weights[index[e + 2]];
          d += value[e + 3] * weights[index[e + 3]];
        }
        for (; e < stop; e++) {
          a += value[e] * weights[index[e]];
        }
        sum += a + b + (c + d);
      }
      margin[r] = (float) sum;
    }
    block.copyMargins(from, margins);
  }

  @Override
  public void addDense(Floats dense, int from, int to, Floats coefficients, float[] sums) {
    for (long r = from; r < to; r++) {
      float coefficient = coefficients.get(r);
      for (int c = 0; c < DENSE; c++) {
        sums[c] += coefficient * dense.get(r * DENSE + c);
      }
    }
  }
}
