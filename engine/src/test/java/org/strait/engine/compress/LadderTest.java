package org.strait.engine.compress;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.strait.kernels.CodecOps;
import org.strait.memory.Bytes;
import org.strait.memory.Floats;
import org.strait.memory.HostMemory;

/// Compressors with bounds between which a setting is chosen.
class LadderTest {
  private static final int N = 20_000;

  @ParameterizedTest
  @ValueSource(
      strings = {
        "top-k:0.1%..10%,int4..int8,rans",
        "top-k:0.1%..100%,fp16",
        "top-k:5%,int2..int8,error-feedback",
        "int2..int8,rans,difference"
      })
  void everyRungCostsMoreAndLosesLess(String spec) {
    try (HostMemory memory = HostMemory.unlimited("ladder")) {
      CodecOps codec = TestCodec.ops();
      Floats vector = memory.floats(N);
      double bytesBefore = 0;
      double leftBefore = Double.POSITIVE_INFINITY;
      int rungs = Compressors.parse(spec, N, codec, memory).rungs();
      assertTrue(rungs >= 4, spec + " has " + rungs);
      for (int rung = 0; rung < rungs; rung++) {
        Compressor one = Compressors.parse(spec, N, codec, memory);
        one.stand(rung);
        Bytes payload = memory.bytes(one.maxPayloadBytes(N));
        SplittableRandom random = new SplittableRandom(7);
        for (int i = 0; i < N; i++) {
          vector.set(i, (float) (random.nextGaussian() * Math.exp(random.nextGaussian())));
        }
        Floats sum = memory.floats(N);
        sum.copyFrom(vector);
        long bytes = one.encode(vector, payload);
        new Codecs(N, one.maxKept(N), codec, memory).addDecoded(payload, bytes, -1, sum);
        double left = Norm.of(codec, sum);
        assertEquals(Norm.of(codec, vector), left, 1e-3 * left + 1e-6, one.describe(rung));
        assertTrue(bytes > bytesBefore, one.describe(rung) + ": " + bytes);
        assertTrue(left < leftBefore, one.describe(rung) + ": " + left);
        bytesBefore = bytes;
        leftBefore = left;
      }
    }
  }

  @Test
  void namesSayTheBounds() {
    try (HostMemory memory = HostMemory.unlimited("ladder")) {
      Compressor one =
          Compressors.parse("top-k:0.1%..10%,int4..int8,rans,ef", N, TestCodec.ops(), memory);
      assertEquals("top-k 0.1%..10% int4..int8 rans error-feedback", one.name());
      assertEquals(15, one.rungs());
      // 20 values take 20 bytes in 8 bits, 128 in 4, for narrow codes are packed in groups of 256.
      assertEquals("0.1% int8", one.describe(0));
      assertEquals("10% int8", one.describe(14));
      assertEquals(1, Compressors.parse("top-k:1%,int8", N, TestCodec.ops(), memory).rungs());
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "top-k:10%..1%",
        "top-k:1%..",
        "top-k:..1%",
        "int8..int4",
        "int4..fp16",
        "int3..int8",
        "threshold:1%..2%",
        "int4..int8/512"
      })
  void wrongBoundsAreRefused(String spec) {
    try (HostMemory memory = HostMemory.unlimited("ladder")) {
      IllegalArgumentException e =
          assertThrows(
              IllegalArgumentException.class,
              () -> Compressors.parse(spec, N, TestCodec.ops(), memory));
      assertTrue(e.getMessage().contains("\"" + spec + "\""), e.getMessage());
    }
  }
}
