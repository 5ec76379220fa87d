package org.strait.engine.exchange;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.strait.engine.compress.Compressors;
import org.strait.kernels.Backend;
import org.strait.kernels.BackendUnavailableException;
import org.strait.kernels.Backends;
import org.strait.kernels.CodecOps;
import org.strait.memory.Doubles;
import org.strait.memory.Floats;

/// Data centres whose CPUs differ leave with the same bits.
class MixedBackendsTest {
  private static final int N = 5003;
  private static final int ROUNDS = 20;

  @ParameterizedTest
  @ValueSource(
      strings = {
        "top-k:auto,int8,difference",
        "top-k:auto,difference",
        "top-k:1%,int8,ef",
        "int8,difference",
        "step:auto,rans,difference",
        "int4,rans,ef",
        "chunk-top-k:20/512,int2,rans,ef:0.95",
        "threshold:2%,bf16,ef",
        "dense"
      })
  void allDcsLeaveWithTheSameBits(String spec) throws Exception {
    List<CodecOps> codecs = new ArrayList<>();
    List<String> left = new ArrayList<>();
    for (String name : new String[] {"scalar", "simd-256", "simd-512"}) {
      try {
        Backend backend = Backends.choose(name).backend();
        codecs.add(backend.codec());
      } catch (BackendUnavailableException e) {
        left.add(e.getMessage());
      }
    }
    assumeTrue(codecs.size() > 1, () -> "this machine has one backend: " + left);
    int dcs = codecs.size();
    int[] scalar = run(spec, dcs, List.of(codecs.get(0))).get(0);
    for (int[] bits : run(spec, dcs, codecs)) {
      assertArrayEquals(scalar, bits, spec);
    }
  }

  /// Bits of all rounds' means, by DC.
  private static List<int[]> run(String spec, int dcs, List<CodecOps> codecs) throws Exception {
    List<int[]> outcomes = new ArrayList<>();
    for (Object result :
        Dcs.each(
            dcs,
            (dc, transport, memory) -> {
              CodecOps codec = codecs.get(dc % codecs.size());
              try (Exchange exchange =
                  Exchanges.open(
                      "mesh",
                      transport,
                      Compressors.parse(spec, N, codec, memory),
                      N,
                      "",
                      codec,
                      memory,
                      Dcs.DEADLINE)) {
                Floats vector = memory.floats(N);
                Doubles none = memory.doubles(0);
                SplittableRandom random = new SplittableRandom(70 + dc);
                int[] bits = new int[N * ROUNDS];
                for (int round = 0; round < ROUNDS; round++) {
                  double spread = Math.pow(0.7, round);
                  for (int i = 0; i < N; i++) {
                    vector.set(i, (float) (i % 17 + spread * random.nextGaussian()));
                  }
                  exchange.tolerate(round == 0 ? Double.NaN : 20 * spread);
                  exchange.average(vector, 1.3 + dc, none, Dcs.DEADLINE);
                  for (int i = 0; i < N; i++) {
                    bits[round * N + i] = Float.floatToRawIntBits(vector.get(i));
                  }
                }
                return bits;
              }
            })) {
      if (result instanceof Throwable thrown) {
        throw new AssertionError("a DC failed", thrown);
      }
      outcomes.add((int[]) result);
    }
    return outcomes;
  }
}
