package org.strait.engine.compress;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.strait.kernels.scalar.ScalarBackend;
import org.strait.memory.Bytes;
import org.strait.memory.HostMemory;
import org.strait.memory.Ints;

/// Sets of features come back as they were, take few bytes, and nothing else is taken for one.
@Timeout(60)
class FeatureSetCodeTest {
  private static int[] draw(int features, double share, SplittableRandom random) {
    int[] set = new int[features];
    int k = 0;
    for (int f = 0; f < features; f++) {
      if (random.nextDouble() < share) {
        set[k++] = f;
      }
    }
    return Arrays.copyOf(set, k);
  }

  @ParameterizedTest
  @CsvSource({
    "1,0",
    "1,1",
    "7,0.5",
    "400,0",
    "400,1",
    "5000,0.001",
    "5000,0.1",
    "5000,0.5",
    "5000,0.97"
  })
  void comesBack(int features, double share) {
    try (HostMemory memory = HostMemory.unlimited("test")) {
      FeatureSetCode code = new FeatureSetCode(features, new ScalarBackend().codec(), memory);
      int[] set = draw(features, share, new SplittableRandom(features));
      Ints numbers = memory.ints(features);
      for (int i = 0; i < set.length; i++) {
        numbers.set(i, set[i]);
      }
      Bytes out = memory.bytes(code.maxBytes());
      long bytes = code.write(numbers, set.length, out);
      assertTrue(bytes <= 12 + (features + 7) / 8, bytes + " bytes");
      Ints back = memory.ints(features);
      assertEquals(set.length, code.read(out, bytes, back));
      assertArrayEquals(set, back.slice(0, set.length).toArray());
    }
  }

  @Test
  void anotherNumberOfFeaturesIsRefused() {
    try (HostMemory memory = HostMemory.unlimited("test")) {
      FeatureSetCode ten = new FeatureSetCode(10, new ScalarBackend().codec(), memory);
      FeatureSetCode more = new FeatureSetCode(11, new ScalarBackend().codec(), memory);
      Bytes out = memory.bytes(ten.maxBytes());
      long bytes = ten.write(memory.ints(10), 1, out);
      PayloadException e =
          assertThrows(PayloadException.class, () -> more.read(out, bytes, memory.ints(11)));
      assertTrue(e.getMessage().contains("features is 10, expected 11"), e.getMessage());
    }
  }

  @Test
  void changedBytesAreASetOrRefused() {
    int features = 3000;
    SplittableRandom random = new SplittableRandom(4);
    try (HostMemory memory = HostMemory.unlimited("test")) {
      FeatureSetCode code = new FeatureSetCode(features, new ScalarBackend().codec(), memory);
      Ints numbers = memory.ints(features);
      Bytes good = memory.bytes(code.maxBytes());
      Bytes bad = memory.bytes(code.maxBytes());
      int refused = 0;
      long used = memory.usedBytes();
      for (int round = 0; round < 30_000; round++) {
        int[] set = draw(features, Math.pow(random.nextDouble(), 3), random);
        for (int i = 0; i < set.length && round % 100 == 0; i++) {
          numbers.set(i, set[i]);
        }
        if (round % 100 == 0) {
          code.write(numbers, set.length, good);
        }
        bad.segment().copyFrom(good.segment());
        for (int change = random.nextInt(4); change >= 0; change--) {
          long at = random.nextInt(3) == 0 ? random.nextInt(16) : random.nextLong(bad.length());
          bad.set(at, (byte) random.nextInt());
        }
        long size = random.nextLong(bad.length() + 1);
        try {
          long k = code.read(bad, size, numbers);
          for (long i = 0; i < k; i++) {
            int f = numbers.get(i);
            assertTrue(f < features && f >= 0 && (i == 0 || f > numbers.get(i - 1)));
          }
        } catch (PayloadException e) {
          refused++;
        }
      }
      assertTrue(refused > 25_000, refused + " refused");
      assertEquals(used, memory.usedBytes());
    }
  }
}
