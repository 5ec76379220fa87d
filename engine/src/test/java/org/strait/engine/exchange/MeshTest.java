package org.strait.engine.exchange;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.strait.memory.Doubles;
import org.strait.memory.Floats;
import org.strait.memory.HostMemory;

class MeshTest {
  /// What one DC left with.
  private static final class Outcome {
    final float[] vector;
    final double[] scalars;

    Outcome(float[] vector, double[] scalars) {
      this.vector = vector;
      this.scalars = scalars;
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3, 4, 8})
  void denseMeshIsTheWeightedMean(int dcs) throws Exception {
    int n = 1003;
    // Weights 1, 2, 3 … ; vectors (p + 1)·i: the mean is i·Σ(p + 1)² / Σ(p + 1).
    double mean = (2 * dcs + 1) / 3.0;
    List<Object> results =
        Dcs.each(
            dcs,
            (dc, transport, memory) -> {
              try (Exchange exchange = Dcs.mesh("dense", n, transport, memory)) {
                Floats vector = memory.floats(n);
                Doubles scalars = memory.doubles(2);
                for (int i = 0; i < n; i++) {
                  vector.set(i, (dc + 1) * i);
                }
                scalars.set(0, dc + 0.5);
                scalars.set(1, 1);
                RoundReport report = exchange.average(vector, dc + 1, scalars, Dcs.DEADLINE);
                assertEquals(1, report.round());
                assertEquals(dcs, report.parties());
                assertEquals(0, report.residualNorm());
                long frame = 36 + 16 + 5 + 2 + 2 + 1 + 4L * n; // n takes two bytes
                assertEquals((dcs - 1) * frame, report.bytesOut());
                assertEquals((dcs - 1) * frame, report.bytesIn());
                return new Outcome(vector.toArray(), scalars.toArray());
              }
            });
    for (Object result : results) {
      Outcome outcome = outcome(result);
      for (int i = 0; i < n; i++) {
        assertEquals(i * mean, outcome.vector[i], i * mean * 1e-6, "element " + i);
      }
      assertArrayEquals(new double[] {dcs * dcs / 2.0, dcs}, outcome.scalars);
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "dense",
        "int8",
        "top-k:5%",
        "top-k:5%,int8",
        "top-k:5%,int8,ef",
        "int8,ef",
        "dense,ef",
        "top-k:5%,int8,difference",
        "int8,difference",
        "dense,difference",
        "top-k:auto,int8,ef",
        "top-k:auto,int8,difference"
      })
  void allDcsLeaveWithTheSameBits(String spec) throws Exception {
    int n = 777;
    int rounds = 7;
    for (int dcs : new int[] {2, 5}) {
      List<Object> results =
          Dcs.each(
              dcs,
              (dc, transport, memory) -> {
                try (Exchange exchange = Dcs.mesh(spec, n, transport, memory)) {
                  Floats vector = memory.floats(n);
                  Doubles scalars = memory.doubles(3);
                  SplittableRandom random = new SplittableRandom(dc);
                  float[] all = new float[n * rounds];
                  for (int round = 0; round < rounds; round++) {
                    fill(vector, random);
                    for (int i = 0; i < 3; i++) {
                      scalars.set(i, random.nextGaussian());
                    }
                    // Weights change from round to round; one DC has none at times.
                    double weight = (dc + round) % 3 * 1.7;
                    exchange.average(vector, weight, scalars, Dcs.DEADLINE);
                    System.arraycopy(vector.toArray(), 0, all, round * n, n);
                  }
                  return new Outcome(all, scalars.toArray());
                }
              });
      Outcome first = outcome(results.get(0));
      for (Object result : results) {
        assertArrayEquals(bits(first.vector), bits(outcome(result).vector), spec);
        assertArrayEquals(first.scalars, outcome(result).scalars, spec);
      }
    }
  }

  @Test
  void errorFeedbackAcrossDcsLosesOnlyTheResiduals() throws Exception {
    int n = 500;
    int dcs = 3;
    int rounds = 40;
    List<Object> results =
        Dcs.each(
            dcs,
            (dc, transport, memory) -> {
              try (Exchange exchange = Dcs.mesh("top-k:4%,int8,ef", n, transport, memory)) {
                Floats vector = memory.floats(n);
                Doubles none = memory.doubles(0);
                SplittableRandom random = new SplittableRandom(40 + dc);
                // own inputs, sums of means, residual
                double[] all = new double[3 * n];
                double norm = 0;
                for (int round = 0; round < rounds; round++) {
                  fill(vector, random);
                  for (int i = 0; i < n; i++) {
                    all[i] += vector.get(i);
                  }
                  norm = exchange.average(vector, 1, none, Dcs.DEADLINE).residualNorm();
                  for (int i = 0; i < n; i++) {
                    all[n + i] += vector.get(i);
                  }
                }
                double squares = 0;
                for (int i = 0; i < n; i++) {
                  all[2 * n + i] = exchange.memories().get(0).get(i);
                  squares += all[2 * n + i] * all[2 * n + i];
                }
                assertTrue(norm > 1, "nothing was held back: the test shows nothing");
                assertEquals(Math.sqrt(squares), norm, 1e-9 * norm);
                return new Outcome(null, all);
              }
            });
    for (int i = 0; i < n; i++) {
      double expected = 0;
      for (Object result : results) {
        expected += (outcome(result).scalars[i] - outcome(result).scalars[2 * n + i]) / dcs;
      }
      assertEquals(expected, outcome(results.get(1)).scalars[n + i], 1e-4, "element " + i);
    }
  }

  @Test
  void differenceCodingReachesTheMeanOfConstantVectorsWhileWeightsChange() throws Exception {
    int n = 400;
    int dcs = 3;
    List<Object> results =
        Dcs.each(
            dcs,
            (dc, transport, memory) -> {
              try (Exchange exchange = Dcs.mesh("top-k:5%,int8,difference", n, transport, memory)) {
                Floats vector = memory.floats(n);
                Doubles none = memory.doubles(0);
                for (int round = 1; round <= 150; round++) {
                  constant(vector, dc);
                  exchange.average(vector, dc + 1 + round % 2, none, Dcs.DEADLINE);
                }
                return new Outcome(vector.toArray(), new double[0]);
              }
            });
    try (HostMemory memory = HostMemory.unlimited("expected")) {
      double[] expected = new double[n];
      Floats vector = memory.floats(n);
      for (int dc = 0; dc < dcs; dc++) {
        constant(vector, dc);
        for (int i = 0; i < n; i++) {
          expected[i] += vector.get(i) * (dc + 1) / 6.0;
        }
      }
      for (Object result : results) {
        for (int i = 0; i < n; i++) {
          assertEquals(expected[i], outcome(result).vector[i], 1e-5, "element " + i);
        }
      }
    }
  }

  @Test
  void bytesByKindAddUpToTheTraffic() throws Exception {
    int dcs = 3;
    for (Object result :
        Dcs.each(
            dcs,
            (dc, transport, memory) -> {
              try (Exchange exchange = Dcs.mesh("top-k:1%,int8", 5000, transport, memory)) {
                Floats vector = memory.floats(5000);
                Doubles scalars = memory.doubles(4);
                long out = 0;
                for (int round = 0; round < 5; round++) {
                  fill(vector, new SplittableRandom(round + 10L * dc));
                  out += exchange.average(vector, 1, scalars, Dcs.DEADLINE).bytesOut();
                }
                out += exchange.average(memory.floats(0), 0, scalars, Dcs.DEADLINE).bytesOut();
                LinkBytes links = exchange.links();
                long hello = 0;
                for (int to = 0; to < dcs; to++) {
                  assertEquals(transport.traffic().bytesSent(to), links.bytesTo(to));
                  long frames = to == dc ? 0 : 6;
                  assertEquals(frames * 36, links.bytesTo(to, LinkBytes.Kind.FRAMING));
                  assertEquals(frames * 32, links.bytesTo(to, LinkBytes.Kind.SCALARS));
                  assertEquals(to != dc, links.bytesTo(to, LinkBytes.Kind.PAYLOAD) > 0);
                  hello += links.bytesTo(to, LinkBytes.Kind.HELLO);
                }
                assertEquals(transport.traffic().bytesSent(), hello + out);
                return "ok";
              }
            })) {
      assertEquals("ok", result);
    }
  }

  @Test
  void roundsOfScalarsOnlyAndEmptyVectors() throws Exception {
    for (Object result :
        Dcs.each(
            2,
            (dc, transport, memory) -> {
              try (Exchange exchange = Dcs.mesh("int8", 0, transport, memory)) {
                Doubles scalars = memory.doubles(1);
                scalars.set(0, dc + 1);
                RoundReport report = exchange.average(memory.floats(0), 0, scalars, Dcs.DEADLINE);
                assertEquals(44, report.bytesOut());
                return scalars.get(0);
              }
            })) {
      assertEquals(3.0, result);
    }
  }

  @Test
  void allWeightsZeroIsAnErrorInEveryDc() throws Exception {
    for (Object result :
        Dcs.each(
            3,
            (dc, transport, memory) -> {
              try (Exchange exchange = Dcs.mesh("dense", 4, transport, memory)) {
                Floats vector = memory.floats(4);
                return exchange.average(vector, 0, memory.doubles(0), Dcs.DEADLINE);
              }
            })) {
      assertTrue(
          assertInstanceOf(ExchangeException.class, result).getMessage().contains("weights"));
    }
  }

  @Test
  void aRefusedVectorLeavesTheExchangeUsable() throws Exception {
    for (Object result :
        Dcs.each(
            2,
            (dc, transport, memory) -> {
              try (Exchange exchange = Dcs.mesh("top-k:50%,ef", 4, transport, memory)) {
                Floats vector = memory.floats(4);
                Doubles none = memory.doubles(0);
                vector.set(2, Float.NaN);
                assertThrows(
                    IllegalArgumentException.class,
                    () -> exchange.average(vector, 1, none, Dcs.DEADLINE));
                assertThrows(
                    IllegalArgumentException.class,
                    () -> exchange.average(vector, -1, none, Dcs.DEADLINE));
                assertThrows(
                    IllegalArgumentException.class,
                    () -> exchange.average(memory.floats(5), 1, none, Dcs.DEADLINE));
                vector.fill(2);
                assertEquals(1, exchange.average(vector, 1, none, Dcs.DEADLINE).round());
                return vector.get(0);
              }
            })) {
      assertEquals(2f, result);
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "dense",
        "int8,ef",
        "top-k:2%,int8,ef",
        "top-k:2%,int8,difference",
        "top-k:auto,int8,difference"
      })
  void aRoundAllocatesNothing(String spec) throws Exception {
    int n = 5000;
    for (Object result :
        Dcs.each(
            3,
            (dc, transport, memory) -> {
              ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
              try (Exchange exchange = Dcs.mesh(spec, n, transport, memory)) {
                Floats[] inputs = new Floats[16];
                for (int i = 0; i < inputs.length; i++) {
                  inputs[i] = memory.floats(n);
                  fill(inputs[i], new SplittableRandom(i + 100L * dc));
                }
                Floats vector = memory.floats(n);
                Doubles scalars = memory.doubles(3);
                // The best of five windows: the JVM may link or recompile a path late, once.
                long least = Long.MAX_VALUE;
                for (int window = 0; window < 5; window++) {
                  long allocated = 0;
                  for (int round = 0; round < 100; round++) {
                    vector.copyFrom(inputs[round % inputs.length]);
                    exchange.tolerate(5 * (1 + (round + dc) % 9));
                    long before = threads.getCurrentThreadAllocatedBytes();
                    exchange.average(vector, 1, scalars, Dcs.DEADLINE);
                    allocated += threads.getCurrentThreadAllocatedBytes() - before;
                  }
                  least = Math.min(least, allocated);
                }
                return least;
              }
            })) {
      assertEquals(0L, result);
    }
  }

  @Test
  void localExchangeChangesNothingAndCountsRounds() {
    try (HostMemory memory = HostMemory.unlimited("test");
        Exchange exchange = Exchanges.local(3)) {
      Floats vector = memory.floats(3);
      vector.copyFrom(new float[] {1, 2, 3});
      Doubles scalars = memory.doubles(1);
      scalars.set(0, 5);
      exchange.average(vector, 2, scalars, Dcs.DEADLINE);
      RoundReport report = exchange.average(vector, 2, scalars, Dcs.DEADLINE);
      assertEquals(2, report.round());
      assertEquals(1, report.parties());
      assertEquals(0, report.bytesOut());
      assertArrayEquals(new float[] {1, 2, 3}, vector.toArray());
      assertEquals(5, scalars.get(0));
      assertEquals(0, exchange.links().bytesTo(0));
      assertThrows(
          IllegalArgumentException.class,
          () -> exchange.average(memory.floats(4), 2, scalars, Dcs.DEADLINE));
    }
  }

  private static void fill(Floats vector, SplittableRandom random) {
    for (long i = 0; i < vector.length(); i++) {
      vector.set(i, (float) random.nextGaussian());
    }
  }

  private static void constant(Floats vector, int dc) {
    fill(vector, new SplittableRandom(900 + dc));
  }

  private static Outcome outcome(Object result) {
    if (result instanceof Throwable thrown) {
      throw new AssertionError("a DC failed", thrown);
    }
    return (Outcome) result;
  }

  private static int[] bits(float[] values) {
    int[] bits = new int[values.length];
    for (int i = 0; i < bits.length; i++) {
      bits[i] = Float.floatToRawIntBits(values[i]);
    }
    return bits;
  }
}
