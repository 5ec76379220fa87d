package org.strait.engine.compress;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.strait.kernels.CodecOps;
import org.strait.memory.Bytes;
import org.strait.memory.Floats;
import org.strait.memory.HostMemory;
import org.strait.memory.Ints;

/// What `top-k:auto` keeps.
class ErrorBudgetTest {
  private static final int[] LENGTHS = {0, 1, 2, 63, 64, 65, 500, 4099};
  private static final double[] PARTS = {0, 1e-6, 0.01, 0.2, 0.5, 0.9, 0.999, 1, 2};

  private final CodecOps codec = TestCodec.ops();

  /// What was chosen for one vector.
  private record Choice(long kept, float threshold) {}

  @ParameterizedTest
  @ValueSource(strings = {"gaussian", "zeros", "equal", "magnitudes", "one", "tiny", "ends"})
  void leavesOutNoMoreThanToleratedAndKeepsNoMoreThanABinTooMany(String shape) {
    for (int n : LENGTHS) {
      float[] x = RoundTripTest.vector(shape, n, 11 + n);
      double total = energyBelow(x, Float.POSITIVE_INFINITY);
      for (double part : PARTS) {
        double tolerated = part * Math.sqrt(total);
        Choice choice = keep(x, tolerated);
        String where = shape + " n=" + n + " part=" + part + " " + choice;
        // Ties at the least number's magnitude are cut.
        long ties = atLeast(x, choice.threshold) - choice.kept;
        assertTrue(ties == 0 || choice.kept == ErrorBudget.LEAST, where);
        double square = (double) choice.threshold * choice.threshold;
        double rest = energyBelow(x, choice.threshold) + (ties == 0 ? 0 : ties * square);
        assertTrue(Math.sqrt(rest) <= tolerated * (1 + 1e-12), where);
        if (choice.kept > ErrorBudget.LEAST) {
          // Without the lowest bin that is kept the rest would be too large.
          float edge = choice.threshold + Math.max(choice.threshold, Float.MIN_NORMAL) / 32;
          assertTrue(Math.sqrt(energyBelow(x, edge)) >= tolerated * (1 - 1e-12), where);
        }
      }
    }
  }

  @Test
  void aToleranceOfZeroKeepsAllThatIsNotZero() {
    float[] x = new float[1000];
    for (int i = 0; i < 900; i++) {
      // From the smallest subnormal up, both signs.
      x[i] = (i % 2 == 0 ? 1 : -1) * Float.intBitsToFloat(1 + i * 2_000_003);
    }
    x[950] = -0f;
    assertEquals(900, keep(x, 0).kept);
    Arrays.fill(x, 0);
    assertEquals(0, keep(x, 0).kept);
    assertEquals(1000, keep(RoundTripTest.vector("equal", 1000, 1), 0).kept);
  }

  @Test
  void aFewAreKeptHoweverMuchIsTolerated() {
    float[] x = RoundTripTest.vector("gaussian", 1000, 5);
    for (double tolerated : new double[] {1e9, Double.MAX_VALUE, Double.POSITIVE_INFINITY}) {
      assertEquals(ErrorBudget.LEAST, left(x, tolerated).kept);
    }
    assertEquals(64, ErrorBudget.LEAST);
    assertEquals(5, left(Arrays.copyOf(x, 5), 1e9).kept);
    float[] sparse = new float[1000];
    System.arraycopy(x, 0, sparse, 300, 10);
    assertEquals(10, left(sparse, 1e9).kept, "zeros are not worth sending");
    // Ties at the 64th magnitude: 64 all the same, the lower indices.
    assertEquals(64, left(RoundTripTest.vector("equal", 1000, 1), 1e9).kept);
  }

  @Test
  void withoutAWordAFifthOfTheNormMayStayBehind() {
    float[] x = RoundTripTest.vector("gaussian", 4000, 8);
    double norm = Math.sqrt(energyBelow(x, Float.POSITIVE_INFINITY));
    assertEquals(keep(x, 0.2 * norm), keep(x, Double.NaN));
    assertTrue(keep(x, Double.NaN).kept < 3000);
  }

  @Test
  void theNormIsNotNegative() {
    try (HostMemory memory = HostMemory.unlimited("test")) {
      Compressor compressor = Compressors.parse("top-k:auto,int8,ef21", 10, codec, memory);
      assertThrows(IllegalArgumentException.class, () -> compressor.tolerate(-1));
      compressor.tolerate(0);
    }
  }

  @Test
  void theCompressorLeavesOutWhatTheBudgetAllows() {
    float[] x = RoundTripTest.vector("gaussian", 4000, 3);
    for (double tolerated : new double[] {0, 0.5, 5, 20, 60}) {
      Left left = left(x, tolerated);
      assertTrue(left.norm <= tolerated, left + " of " + tolerated);
      assertTrue(left.norm >= 0.9 * tolerated, left + " of " + tolerated);
      assertEquals(keep(x, tolerated).kept, left.kept);
    }
    assertEquals(4000, left(x, 0).kept);
  }

  /// How many elements a payload holds, and the norm of what was left out.
  private record Left(long kept, double norm) {}

  private Left left(float[] x, double tolerated) {
    try (HostMemory memory = HostMemory.unlimited("test")) {
      Compressor compressor = Compressors.parse("top-k:auto", x.length, codec, memory);
      compressor.tolerate(tolerated);
      Floats vector = memory.floats(x.length);
      vector.copyFrom(x);
      Bytes payload = memory.bytes(compressor.maxPayloadBytes(x.length));
      long bytes = compressor.encode(vector, payload);
      Header header = new Header();
      header.read(payload.segment(), bytes, x.length, x.length);
      return new Left(header.k, Norm.of(codec, vector));
    }
  }

  private Choice keep(float[] x, double tolerated) {
    try (HostMemory memory = HostMemory.unlimited("test")) {
      ErrorBudget budget = new ErrorBudget(codec, memory);
      budget.tolerate(tolerated);
      Floats vector = memory.floats(x.length);
      vector.copyFrom(x);
      Ints scratch = memory.ints(CodecOps.SELECT_SCRATCH);
      return new Choice(budget.keep(vector, scratch), budget.threshold());
    }
  }

  private static long atLeast(float[] x, float threshold) {
    long count = 0;
    for (float value : x) {
      count += Math.abs(value) >= threshold && value != 0 ? 1 : 0;
    }
    return count;
  }

  private static double energyBelow(float[] x, float magnitude) {
    double sum = 0;
    for (float value : x) {
      sum += Math.abs(value) < magnitude ? (double) value * value : 0;
    }
    return sum;
  }
}
