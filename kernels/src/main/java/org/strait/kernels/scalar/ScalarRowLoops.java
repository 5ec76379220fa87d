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
      Csr rows, int from, int to, float[] weights, RowBlock block, Floats margins) {
    block.load(rows, from, to);
    int[] start = block.rowStart();
    int[] index = block.index();
    float[] value = block.value();
    for (int r = 0; r < to - from; r++) {
      int end = start[r + 1];
      double sum = 0;
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
      margins.set((long) from + r, (float) sum);
    }
  }
}
