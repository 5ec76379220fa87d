package org.strait.engine.compress;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.management.ThreadMXBean;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.strait.kernels.CodecOps;
import org.strait.memory.Bytes;
import org.strait.memory.Floats;
import org.strait.memory.HostMemory;

/// Broken payloads are refused with one exception and leave no trace in the sum.
class PayloadFuzzTest {
  private static final long SEED = Long.getLong("strait.fuzz.seed", 20_250);
  /// In CI a few seconds' worth; the long profile says {@code -Dstrait.fuzz=10000000}, at once or
  /// in pieces with another {@code -Dstrait.fuzz.seed} each.
  private static final int MUTANTS = Integer.getInteger("strait.fuzz", 300_000);
  private static final int N = 300;

  private final CodecOps codec = TestCodec.ops();

  @Test
  void mutantsAreRefusedOrDecodedWithoutHarm() {
    SplittableRandom random = new SplittableRandom(SEED);
    try (HostMemory memory = HostMemory.unlimited("test")) {
      List<byte[]> seeds = seeds(memory);
      Codecs codecs = new Codecs(N, N, codec, memory);
      int room = seeds.stream().mapToInt(s -> s.length).max().orElseThrow() + 64;
      Bytes payload = memory.bytes(room);
      Floats sum = memory.floats(N);
      Floats nothing = memory.floats(N);
      long used = memory.usedBytes();
      int refused = 0;
      ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
      long allocated = -threads.getCurrentThreadAllocatedBytes();
      for (int i = 0; i < MUTANTS; i++) {
        byte[] mutant = mutate(random, seeds.get(random.nextInt(seeds.size())), room);
        MemorySegment.copy(mutant, 0, payload.segment(), ValueLayout.JAVA_BYTE, 0, mutant.length);
        try {
          codecs.addDecoded(payload, mutant.length, 1f, sum);
          sum.segment().fill((byte) 0);
        } catch (PayloadException e) {
          refused++;
          if (sum.segment().mismatch(nothing.segment()) >= 0) {
            throw new AssertionError(
                "seed " + SEED + " mutant " + i + " left a trace: " + e.getMessage());
          }
        }
      }
      allocated += threads.getCurrentThreadAllocatedBytes();
      // Mutant, exception and message; never something as large as a forged length.
      assertTrue(allocated / MUTANTS < 16_384, allocated / MUTANTS + " bytes per mutant");
      assertEquals(used, memory.usedBytes());
      assertTrue(refused > MUTANTS / 4, "only " + refused + " refused");
      assertTrue(refused < MUTANTS, "none decoded: the mutator destroys everything");
    }
  }

  @Test
  void everyTruncationAndExtensionIsRefused() {
    try (HostMemory memory = HostMemory.unlimited("test")) {
      Codecs codecs = new Codecs(N, N, codec, memory);
      Floats sum = memory.floats(N);
      for (byte[] seed : seeds(memory)) {
        Bytes payload = memory.bytes(seed.length + 8);
        payload.slice(0, seed.length).copyFrom(seed);
        for (int length = 0; length <= seed.length + 8; length++) {
          int bytes = length;
          if (length != seed.length) {
            assertThrows(
                PayloadException.class,
                () -> codecs.addDecoded(payload, bytes, 1f, sum),
                () -> bytes + " of " + seed.length + " bytes, code " + seed[3] + " " + seed[4]);
          }
        }
        assertThrows(
            PayloadException.class, () -> codecs.addDecoded(payload, seed.length + 9, 1f, sum));
        assertThrows(PayloadException.class, () -> codecs.addDecoded(payload, -1, 1f, sum));
      }
      assertArrayEquals(new float[N], sum.toArray());
    }
  }

  @Test
  void saysWhereAndWhat() {
    refused("n is 301", 5, 0xad, "payload byte 5: vector length n is 301, expected 300");
    refused("k", 7, 0xad, "payload byte 7: 301 elements, expected at most 300");
    refused("n without end", 6, 0x80, "vector length n");
    refused("magic", 0, 0, "magic is 20480, expected 20563");
    refused("version 1", 2, 1, "version is 1, expected 2");
    refused("code", 3, 12, "unknown code 12; known: [1 FLOAT32, 2 FLOAT16");
    refused("index code", 4, 3, "index code 3; known: 0 (all), 1 (Rice), 2 (coded gaps)");
    refused("index bytes", 9, 100, "index bytes is 100, expected 0");
  }

  @Test
  void aDecoderForFewRefusesMany() {
    try (HostMemory memory = HostMemory.unlimited("test")) {
      Codecs codecs = new Codecs(N, 10, codec, memory);
      Floats sum = memory.floats(N);
      byte[] seed = seeds(memory).get(0);
      Bytes payload = memory.bytes(seed.length);
      payload.copyFrom(seed);
      assertThrows(PayloadException.class, () -> codecs.addDecoded(payload, seed.length, 1f, sum));
    }
  }

  private void refused(String what, long offset, int value, String message) {
    try (HostMemory memory = HostMemory.unlimited("test")) {
      Codecs codecs = new Codecs(N, N, codec, memory);
      Floats sum = memory.floats(N);
      byte[] seed = seeds(memory).get(0);
      Bytes payload = memory.bytes(seed.length);
      payload.copyFrom(seed);
      payload.set(offset, (byte) value);
      String found =
          assertThrows(
                  PayloadException.class, () -> codecs.addDecoded(payload, seed.length, 1f, sum))
              .getMessage();
      assertTrue(found.contains(message), what + ": " + found);
    }
  }

  private List<byte[]> seeds(HostMemory memory) {
    List<byte[]> seeds = new ArrayList<>();
    for (String spec :
        new String[] {
          "dense",
          "int8",
          "top-k:5%",
          "top-k:5%,int8",
          "top-k:60%",
          "top-k:60%,int8",
          "top-k:1",
          "top-k:auto",
          "top-k:auto,int8",
          "log8",
          "fp16",
          "bf16,rans",
          "dense,rans",
          "int8,rans",
          "int6",
          "int5,rans",
          "int4",
          "int4/1024,rans",
          "int2",
          "int2,rans",
          "sign",
          "step:0.2",
          "step:0.3,rans",
          "step:0.008,rans",
          "step:auto,rans",
          "top-k:5%,int8,rans",
          "chunk-top-k:5/50,int2,rans",
          "threshold:20%,step:0.1,rans"
        }) {
      Compressor compressor = Compressors.parse(spec, N, codec, memory);
      Bytes payload = memory.bytes(compressor.maxPayloadBytes(N));
      Floats vector = memory.floats(N);
      vector.copyFrom(RoundTripTest.vector("gaussian", N, 4));
      if (spec.equals("log8")) {
        for (int i = 0; i < N; i++) {
          vector.set(i, Math.abs(vector.get(i)));
        }
      }
      long bytes = compressor.encode(vector, payload);
      seeds.add(payload.slice(0, bytes).toArray());
    }
    seeds.add(clustered(memory));
    return seeds;
  }

  /// One to four edits: a flipped bit, a random or extreme byte, a cut, an extension, two swapped
  /// ranges.
  private static byte[] mutate(SplittableRandom random, byte[] seed, int room) {
    byte[] mutant = seed.clone();
    for (int edits = 1 + random.nextInt(4); edits > 0; edits--) {
      boolean header = random.nextInt(3) == 0;
      int at = random.nextInt(header ? Math.min(24, mutant.length) : mutant.length);
      switch (random.nextInt(6)) {
        case 0, 1 -> mutant[at] ^= (byte) (1 << random.nextInt(8));
        case 2 -> mutant[at] = (byte) random.nextInt();
        case 3 -> mutant[at] = new byte[] {0, -1, -128, 127}[random.nextInt(4)];
        case 4 -> mutant = Arrays.copyOf(mutant, 1 + random.nextInt(room));
        default -> {
          int count = Math.min(8, mutant.length - at);
          System.arraycopy(seed, random.nextInt(seed.length - 8), mutant, at, count);
        }
      }
    }
    return mutant;
  }

  /// Gaps that are shorter entropy-coded.
  private byte[] clustered(HostMemory memory) {
    Compressor compressor = Compressors.parse("top-k:40%,rans", N, codec, memory);
    Bytes payload = memory.bytes(compressor.maxPayloadBytes(N));
    Floats vector = memory.floats(N);
    for (int i = 0; i < N; i++) {
      vector.set(i, i >= 20 && i < 140 ? 1 + i % 7 : 0.001f * i);
    }
    long bytes = compressor.encode(vector, payload);
    assertEquals(IndexCode.GAPS, payload.get(PayloadLayout.INDEX_CODE_OFFSET));
    return payload.slice(0, bytes).toArray();
  }
}
