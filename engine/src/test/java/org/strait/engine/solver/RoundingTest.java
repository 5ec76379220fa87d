package org.strait.engine.solver;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.strait.memory.Doubles;
import org.strait.memory.HostMemory;
import org.strait.memory.Ints;

class RoundingTest {
  @Test
  void roundingIsWithinSixTenthsOfTheStep() {
    try (HostMemory memory = HostMemory.unlimited("numbers")) {
      SplittableRandom random = new SplittableRandom(3);
      int n = 1000;
      Doubles vector = memory.doubles(n);
      Ints numbers = memory.ints(n);
      double squares = 0;
      for (int i = 0; i < n; i++) {
        vector.set(i, random.nextGaussian() * Math.exp(3 * random.nextGaussian()));
        squares += vector.get(i) * vector.get(i);
      }
      double step = Rounding.round(vector, n, 0.2, numbers);
      assertEquals(0.2 * Math.sqrt(squares / n), step, 1e-6 * step);
      for (int i = 0; i < n; i++) {
        assertEquals(vector.get(i), numbers.get(i) * step, 0.6001 * step);
      }
      vector.fill(0);
      assertEquals(0, Rounding.round(vector, n, 0.2, numbers));
      vector.set(3, Double.NaN);
      assertEquals(0, Rounding.round(vector, n, 0.2, numbers));
      assertEquals(0, numbers.get(3));
    }
  }
}
