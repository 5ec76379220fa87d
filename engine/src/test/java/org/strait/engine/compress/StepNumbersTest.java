package org.strait.engine.compress;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.strait.memory.Bytes;
import org.strait.memory.HostMemory;
import org.strait.memory.Ints;

class StepNumbersTest {
  @ParameterizedTest
  @ValueSource(ints = {0, 1, 39, 5000, 70_000})
  void whatIsReadIsWhatWasWritten(int n) {
    try (HostMemory memory = HostMemory.unlimited("numbers")) {
      SplittableRandom random = new SplittableRandom(n);
      StepNumbers code = new StepNumbers(n, TestCodec.ops(), memory);
      Ints numbers = memory.ints(n);
      Ints back = memory.ints(n);
      Bytes bytes = memory.bytes(StepNumbers.maxBytes(n));
      for (int kind = 0; kind < 4; kind++) {
        for (int i = 0; i < n; i++) {
          int number = (int) (random.nextGaussian() * 3);
          boolean far = kind == 1 && random.nextInt(50) == 0;
          int wide = (int) (random.nextGaussian() * 1000) + (i % 99 == 0 ? 1 << 20 : 0);
          numbers.set(i, kind == 3 ? wide : kind == 2 ? 0 : far ? random.nextInt() : number);
        }
        long size = code.write(numbers, n, 0.25, bytes);
        assertTrue(size <= StepNumbers.maxBytes(n));
        assertEquals(0.25, code.read(bytes, size, back, n));
        for (int i = 0; i < n; i++) {
          assertEquals(numbers.get(i), back.get(i));
        }
        assertTrue(kind != 2 || size == 4, "all are 0: " + size);
        assertTrue(kind != 3 || n < 5000 || size < 1.6 * n, n + " wide numbers, bytes " + size);
        assertTrue(kind != 0 || n < 5000 || size < n / 2 + 100, n + " numbers, bytes " + size);
      }
    }
  }

  @Test
  void wrongBytesAreRefused() {
    try (HostMemory memory = HostMemory.unlimited("numbers")) {
      SplittableRandom random = new SplittableRandom(7);
      int n = 300;
      StepNumbers code = new StepNumbers(n, TestCodec.ops(), memory);
      Ints numbers = memory.ints(n);
      Bytes bytes = memory.bytes(StepNumbers.maxBytes(n));
      for (int i = 0; i < n; i++) {
        numbers.set(i, i % 40 == 0 ? 100_000 + i : random.nextInt(9) - 4);
      }
      long size = code.write(numbers, n, 1, bytes);
      assertThrows(PayloadException.class, () -> code.read(bytes, 3, numbers, n));
      assertThrows(PayloadException.class, () -> code.read(bytes, size - 1, numbers, n));
      Bytes broken = memory.bytes(StepNumbers.maxBytes(n));
      int refused = 0;
      for (int trial = 0; trial < 2000; trial++) {
        broken.copyFrom(bytes);
        long at = random.nextLong(size);
        broken.set(at, (byte) random.nextInt());
        try {
          code.read(broken, size, numbers, n);
        } catch (PayloadException e) {
          refused++;
        }
      }
      assertTrue(refused > 100, "refused " + refused);
    }
  }
}
