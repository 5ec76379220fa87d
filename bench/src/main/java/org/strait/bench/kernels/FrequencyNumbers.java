package org.strait.bench.kernels;

import java.util.Arrays;
import org.strait.kernels.Csr;
import org.strait.memory.Floats;
import org.strait.memory.HostMemory;
import org.strait.memory.Ints;

/// Features numbered by how often they occur, most frequent first, so that what is used most lies
/// together. Indices within a row are not ascending any more.
final class FrequencyNumbers {
  private final int[] number;
  private final Ints index;

  FrequencyNumbers(Csr matrix, HostMemory memory) {
    long[] counted = new long[matrix.cols()];
    for (int j = 0; j < counted.length; j++) {
      counted[j] = j;
    }
    long first = matrix.rowStart().get(0);
    long end = matrix.rowStart().get(matrix.rows());
    for (long e = first; e < end; e++) {
      counted[matrix.index().get(e)] -= 1L << 32;
    }
    Arrays.sort(counted);
    number = new int[counted.length];
    for (int k = 0; k < number.length; k++) {
      number[(int) counted[k]] = k;
    }
    index = memory.ints(matrix.index().length());
    for (long e = first; e < end; e++) {
      index.set(e, number[matrix.index().get(e)]);
    }
  }

  /// The entries' columns in the new numbers.
  Ints index() {
    return index;
  }

  /// New number of a feature.
  long of(long feature) {
    return number[(int) feature];
  }

  /// A vector over features in the new order.
  Floats reordered(Floats x, HostMemory memory) {
    Floats to = memory.floats(x.length());
    for (long j = 0; j < x.length(); j++) {
      to.set(number[(int) j], x.get(j));
    }
    return to;
  }
}
