package org.strait.engine.compress;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.strait.kernels.CodecOps;
import org.strait.memory.Bytes;
import org.strait.memory.Floats;
import org.strait.memory.HostMemory;

/// The contract of every compressor: what travels plus what is left is the vector.
class RoundTripTest {
  private static final String[] SPECS = {
    "dense",
    "int8",
    "top-k:0.01",
    "top-k:1%,int8",
    "top-k:0.5",
    "top-k:1",
    "top-k:1,int8",
    "top-k:30%,int8",
    "top-k:0.0001",
    "top-k:auto",
    "top-k:auto,int8",
    "fp16",
    "bf16",
    "dense,rans",
    "bf16,rans",
    "int8,rans",
    "int6",
    "int5/1024,rans",
    "int4",
    "int4,rans",
    "step:0.2",
    "step:0.01,rans",
    "step:auto,rans",
    "top-k:5%,rans",
    "top-k:5%,int8,rans",
    "top-k:30%,int4,rans",
    "top-k:20%,fp16,rans",
    "top-k:10%,step:0.3,rans",
    "threshold:5%,int8",
    "threshold:0.5,int5,rans",
    "chunk-top-k:9/100,int8,rans",
    "chunk-top-k:64/4096",
    "significance:0.5,int6"
  };

  /// Levels that are not near the values they stand for: what is left is rounded.
  private static final String[] COARSE = {
    "int2", "sign", "int2,rans", "sign,rans", "top-k:5%,int2,rans", "chunk-top-k:9/100,int2,rans"
  };
  private static final int[] LENGTHS = {0, 1, 2, 7, 255, 256, 257, 1000, 4099};

  private final CodecOps codec = TestCodec.ops();

  @ParameterizedTest
  @ValueSource(strings = {"gaussian", "zeros", "equal", "magnitudes", "one", "tiny", "ends"})
  void decodedPlusLeftIsTheVectorExactly(String shape) {
    for (String spec : SPECS) {
      for (int n : LENGTHS) {
        float[] vector = vector(shape, n, 7 + n);
        checkExact(spec, vector);
        checkExact(spec + ",ef", vector);
        checkExact(spec + ",difference", vector);
      }
    }
    for (String spec : COARSE) {
      for (int n : LENGTHS) {
        check(spec + ",ef", vector(shape, n, 7 + n), 0x1p-23f);
      }
    }
  }

  private void checkExact(String spec, float[] vector) {
    check(spec, vector, 0);
  }

  private void check(String spec, float[] vector, float rounding) {
    // Nothing above these can be sent.
    float most = spec.contains("fp16") ? 65_504f : spec.contains("step") ? 0x1p100f : 0;
    for (int i = 0; most > 0 && i < vector.length; i++) {
      vector[i] = Math.clamp(vector[i], -most, most);
    }
    int n = vector.length;
    try (HostMemory memory = HostMemory.unlimited("test")) {
      Compressor compressor = Compressors.parse(spec, n, codec, memory);
      Floats left = memory.floats(n);
      left.copyFrom(vector);
      Bytes payload = memory.bytes(compressor.maxPayloadBytes(n));
      payload.fill((byte) 0x5a);
      long bytes = compressor.encode(left, payload);
      assertTrue(bytes <= compressor.maxPayloadBytes(n), spec);
      Floats sum = memory.floats(n);
      new Codecs(n, compressor.maxKept(n), codec, memory).addDecoded(payload, bytes, 1f, sum);
      for (int i = 0; i < n; i++) {
        assertEquals(
            vector[i],
            sum.get(i) + left.get(i),
            rounding * (Math.abs(vector[i]) + Math.abs(sum.get(i))),
            spec + " n=" + n + " i=" + i);
      }
    }
  }

  @Test
  void int8ErrorIsAtMostHalfAScale() {
    int n = 5000;
    float[] vector = vector("magnitudes", n, 3);
    try (HostMemory memory = HostMemory.unlimited("test")) {
      Compressor compressor = Compressors.parse("int8", n, codec, memory);
      Floats left = memory.floats(n);
      left.copyFrom(vector);
      compressor.encode(left, memory.bytes(compressor.maxPayloadBytes(n)));
      for (int start = 0; start < n; start += 256) {
        int end = Math.min(n, start + 256);
        float most = 0;
        for (int i = start; i < end; i++) {
          most = Math.max(most, Math.abs(vector[i]));
        }
        for (int i = start; i < end; i++) {
          // Half a scale; a subnormal scale is itself off by up to half of 2^-149 for each code.
          double bound = most / 254.0 * (1 + 0x1p-15) + 64 * Float.MIN_VALUE;
          assertTrue(Math.abs(left.get(i)) <= bound, "element " + i);
        }
      }
    }
  }

  @Test
  void topKKeepsExactlyTheLargestAndTheLowerIndexOfTies() {
    float[] vector = {1, -5, 3, 3, 0, -3, 2, 4};
    try (HostMemory memory = HostMemory.unlimited("test")) {
      Compressor compressor = Compressors.parse("top-k:50%", 8, codec, memory);
      Floats left = memory.floats(8);
      left.copyFrom(vector);
      compressor.encode(left, memory.bytes(compressor.maxPayloadBytes(8)));
      assertArrayEquals(new float[] {1, 0, 0, 0, 0, -3, 2, 0}, left.toArray());
    }
  }

  @Test
  void errorFeedbackLosesNothing() {
    int n = 2000;
    int rounds = 50;
    String[] specs = {
      "top-k:1%,int8,ef",
      "top-k:2%,ef",
      "int8,error-feedback",
      "top-k:auto,ef",
      "top-k:auto,int8,ef",
      "int4,rans,ef",
      "int2,ef",
      "sign,rans,ef",
      "fp16,ef",
      "step:auto,rans,ef",
      "threshold:2%,int5,rans,ef",
      "chunk-top-k:10/300,int2,rans,ef",
      "significance:3,int8,rans,ef"
    };
    for (String spec : specs) {
      try (HostMemory memory = HostMemory.unlimited("test")) {
        Compressor compressor = Compressors.parse(spec, n, codec, memory);
        Codecs codecs = new Codecs(n, compressor.maxKept(n), codec, memory);
        Floats vector = memory.floats(n);
        Floats sum = memory.floats(n);
        Bytes payload = memory.bytes(compressor.maxPayloadBytes(n));
        double[] truth = new double[n];
        for (int round = 0; round < rounds; round++) {
          float[] values = vector("gaussian", n, 100 + round);
          vector.copyFrom(values);
          for (int i = 0; i < n; i++) {
            truth[i] += values[i];
          }
          compressor.tolerate(round % 3 == 0 ? Double.NaN : 15 * (round % 3));
          codecs.addDecoded(payload, compressor.encode(vector, payload), 1f, sum);
        }
        Floats residual = compressor.memories().get(0);
        double squares = 0;
        for (int i = 0; i < n; i++) {
          assertEquals(truth[i], (double) sum.get(i) + residual.get(i), 2e-4, spec + " " + i);
          assertEquals(residual.get(i), vector.get(i), 0f);
          squares += (double) residual.get(i) * residual.get(i);
        }
        assertTrue(squares > 0, "the residual of " + spec + " is 0: the test shows nothing");
        assertEquals(Math.sqrt(squares), compressor.residualNorm(), 1e-9 * Math.sqrt(squares));
      }
    }
  }

  @Test
  void differenceCodingReachesAConstantVector() {
    int n = 1500;
    float[] target = vector("gaussian", n, 1);
    String[] specs = {
      "top-k:5%,int8,difference",
      "int8,ef21",
      "top-k:10%,ef21",
      "top-k:auto,int8,difference",
      "top-k:auto,ef21",
      "int4,rans,ef21",
      "step:0.2,rans,ef21",
      "step:auto,rans,ef21",
      "chunk-top-k:20/256,int5,rans,ef21"
    };
    for (String spec : specs) {
      try (HostMemory memory = HostMemory.unlimited("test")) {
        Compressor compressor = Compressors.parse(spec, n, codec, memory);
        assertTrue(compressor.accumulates());
        Codecs codecs = new Codecs(n, compressor.maxKept(n), codec, memory);
        Floats vector = memory.floats(n);
        Floats received = memory.floats(n);
        Bytes payload = memory.bytes(compressor.maxPayloadBytes(n));
        double first = 0;
        for (int round = 0; round < 120; round++) {
          vector.copyFrom(target);
          // A budget that shrinks as a gradient does.
          compressor.tolerate(20 * Math.pow(0.8, round));
          codecs.addDecoded(payload, compressor.encode(vector, payload), 1f, received);
          first = round == 0 ? compressor.residualNorm() : first;
        }
        assertTrue(first > 0.01, spec);
        assertTrue(compressor.residualNorm() < 1e-5, spec + " " + compressor.residualNorm());
        assertArrayEquals(compressor.memories().get(0).toArray(), received.toArray(), spec);
      }
    }
  }

  @ParameterizedTest
  @ValueSource(floats = {Float.NaN, Float.POSITIVE_INFINITY, Float.NEGATIVE_INFINITY})
  void refusesWhatIsNotFiniteAndKeepsItsResidual(float bad) {
    for (String spec : SPECS) {
      try (HostMemory memory = HostMemory.unlimited("test")) {
        int n = 600;
        Compressor compressor = Compressors.parse(spec + ",ef", n, codec, memory);
        Floats vector = memory.floats(n);
        Bytes payload = memory.bytes(compressor.maxPayloadBytes(n));
        vector.copyFrom(vector("gaussian", n, 2));
        compressor.encode(vector, payload);
        float[] residual = compressor.memories().get(0).toArray();
        vector.copyFrom(vector("gaussian", n, 3));
        vector.set(417, bad);
        IllegalArgumentException refused =
            assertThrows(
                IllegalArgumentException.class, () -> compressor.encode(vector, payload), spec);
        assertTrue(refused.getMessage().contains("417"), refused.getMessage());
        assertTrue(refused.getMessage().contains(Float.toString(bad)), refused.getMessage());
        assertArrayEquals(residual, compressor.memories().get(0).toArray(), spec);
      }
    }
  }

  @Test
  void refusesOtherLengthsAndShortPayloads() {
    for (String spec : SPECS) {
      try (HostMemory memory = HostMemory.unlimited("test")) {
        Compressor compressor = Compressors.parse(spec + ",ef", 10, codec, memory);
        long bytes = compressor.maxPayloadBytes(10);
        Bytes payload = memory.bytes(bytes);
        Bytes shorter = memory.bytes(bytes - 1);
        Floats eleven = memory.floats(11);
        Floats ten = memory.floats(10);
        assertThrows(IllegalArgumentException.class, () -> compressor.encode(eleven, payload));
        assertThrows(IllegalArgumentException.class, () -> compressor.encode(ten, shorter));
        assertThrows(IllegalArgumentException.class, () -> compressor.maxPayloadBytes(11));
        assertThrows(IllegalArgumentException.class, () -> compressor.maxKept(9));
      }
    }
  }

  static float[] vector(String shape, int n, long seed) {
    SplittableRandom random = new SplittableRandom(seed);
    float[] v = new float[n];
    for (int i = 0; i < n; i++) {
      v[i] = (float) random.nextGaussian();
    }
    switch (shape) {
      case "gaussian" -> {}
      case "zeros" -> Arrays.fill(v, 0f);
      case "equal" -> Arrays.fill(v, -0.75f);
      case "magnitudes" -> {
        for (int i = 0; i < n; i++) {
          v[i] *= (float) Math.pow(10, random.nextInt(75) - 40);
        }
      }
      case "one" -> {
        Arrays.fill(v, 0f);
        if (n > 0) {
          v[n / 2] = 3.5f;
        }
      }
      case "tiny" -> {
        for (int i = 0; i < n; i++) {
          v[i] *= Float.MIN_NORMAL;
        }
      }
      case "ends" -> {
        Arrays.fill(v, 1e-3f);
        for (int i = 0; i < Math.min(n, 3); i++) {
          v[i] = 2;
          v[n - 1 - i] = -2;
        }
      }
      default -> throw new IllegalArgumentException(shape);
    }
    return v;
  }
}
