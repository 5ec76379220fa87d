package org.strait.engine.compress;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.SplittableRandom;
import java.util.TreeSet;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.strait.memory.Bytes;
import org.strait.memory.HostMemory;
import org.strait.memory.Ints;

class IndexCodeTest {
  @Test
  void roundTripsAndIsTheSmallest() {
    SplittableRandom random = new SplittableRandom(11);
    for (int trial = 0; trial < 3000; trial++) {
      int n = 1 + random.nextInt(trial % 3 == 0 ? 40 : 5000);
      int k = random.nextInt(n + 1);
      int[] indices = trial % 2 == 0 ? uniform(random, n, k) : clustered(random, n, k);
      check(indices, n);
    }
  }

  @Test
  void farIndicesAndLongRuns() {
    int n = Integer.MAX_VALUE;
    check(new int[] {0}, n);
    check(new int[] {n - 1}, n);
    check(new int[] {0, n - 1}, n);
    check(new int[] {1, 2, 3, 1_000_000_000, n - 2, n - 1}, n);
    int[] dense = IntStream.range(0, 4000).toArray();
    dense[3999] = n - 1; // one gap whose unary part is long at the parameter that suits the rest
    check(dense, n);
    check(new int[] {}, 17);
    check(IntStream.range(0, 1000).toArray(), 1000);
    check(IntStream.range(0, 999).toArray(), 1000);
  }

  private static void check(int[] expected, int n) {
    int k = expected.length;
    long guard = 16;
    try (HostMemory memory = HostMemory.unlimited("test")) {
      Ints indices = memory.ints(k);
      indices.copyFrom(expected);
      IndexCode code = new IndexCode();
      code.choose(indices, k, n);
      assertEquals(smallest(expected, n), code.bytes(), "k " + k + " n " + n);
      assertTrue(code.bytes() <= IndexCode.maxBytes(n, k), "k " + k + " n " + n);
      Bytes out = memory.bytes(guard + code.bytes() + guard);
      out.fill((byte) 0x77);
      code.write(indices, k, out.segment(), guard);
      for (long i = 0; i < guard; i++) {
        assertEquals(0x77, out.get(i));
        assertEquals(0x77, out.get(guard + code.bytes() + i));
      }
      Ints read = memory.ints(k);
      new IndexCode()
          .read(out.segment(), guard, code.bytes(), code.code(), code.rice(), n, k, read);
      if (k < n) {
        assertArrayEquals(expected, read.toArray());
        for (long wrong : new long[] {code.bytes() - 1, code.bytes() + 1}) {
          if (wrong >= 0) {
            assertThrows(
                PayloadException.class,
                () ->
                    new IndexCode()
                        .read(out.segment(), guard, wrong, IndexCode.RICE, code.rice(), n, k, read),
                "k " + k + " n " + n + " bytes " + wrong);
          }
        }
      } else {
        assertEquals(IndexCode.ALL, code.code());
      }
    }
  }

  /// Every parameter tried, plainly.
  private static long smallest(int[] indices, int n) {
    if (indices.length == n) {
      return 0;
    }
    long least = (n + 7L) / 8;
    for (int r = 0; r <= IndexCode.MAX_RICE; r++) {
      long bits = 0;
      long previous = -1;
      for (int index : indices) {
        bits += 1 + r + ((index - previous - 1) >> r);
        previous = index;
      }
      least = Math.min(least, (bits + 7) / 8);
    }
    return least;
  }

  private static int[] uniform(SplittableRandom random, int n, int k) {
    int[] all = IntStream.range(0, n).toArray();
    for (int i = 0; i < k; i++) {
      int j = i + random.nextInt(n - i);
      int swap = all[i];
      all[i] = all[j];
      all[j] = swap;
    }
    int[] chosen = Arrays.copyOf(all, k);
    Arrays.sort(chosen);
    return chosen;
  }

  private static int[] clustered(SplittableRandom random, int n, int k) {
    TreeSet<Integer> chosen = new TreeSet<>();
    while (chosen.size() < k) {
      int start = random.nextInt(n);
      for (int i = start; i < Math.min(n, start + 30) && chosen.size() < k; i++) {
        chosen.add(i);
      }
    }
    return chosen.stream().mapToInt(i -> i).toArray();
  }
}
