package org.strait.engine.compress;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.management.ThreadMXBean;
import java.io.ByteArrayOutputStream;
import java.lang.management.ManagementFactory;
import java.util.Arrays;
import java.util.SplittableRandom;
import java.util.zip.Deflater;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.strait.kernels.CodecOps;
import org.strait.memory.Bytes;
import org.strait.memory.Floats;
import org.strait.memory.HostMemory;

/// Non-negative vectors of huge range.
class LogQuantized8Test {
  private static final double FACTOR = Math.pow(2, 1 / 8.0) * (1 + 1e-6);
  private static final double REACH = Math.pow(2, -63.5);

  private final CodecOps codec = TestCodec.ops();

  @ParameterizedTest
  @ValueSource(strings = {"curvatures", "huge", "subnormal", "largest", "equal", "zeros", "one"})
  void elementsAreWithinAnEighthOfAnOctave(String shape) {
    for (int n : new int[] {0, 1, 2, 255, 8191, 8192, 8193, 20_000}) {
      float[] x = vector(shape, n);
      float[] decoded = roundTrip(x);
      float max = 0;
      for (float value : x) {
        max = Math.max(max, value);
      }
      for (int i = 0; i < n; i++) {
        String where = shape + " n=" + n + " i=" + i + ": " + x[i] + " -> " + decoded[i];
        if (x[i] == 0) {
          assertEquals(0f, decoded[i], where);
        } else if (x[i] == max) {
          assertEquals(max, decoded[i], where);
        } else {
          double raised = Math.max(x[i], REACH * max);
          double half = Float.MIN_VALUE / 2.0;
          assertTrue(decoded[i] <= raised * FACTOR + half, where);
          assertTrue(decoded[i] >= raised / FACTOR - half, where);
        }
      }
    }
  }

  @Test
  void sparseDiagonalsTakeFewBytes() {
    int n = 100_000;
    float[] x = new float[n];
    for (int i = 0; i < n; i += 100) {
      x[i] = 1f / (1 + i);
    }
    try (HostMemory memory = HostMemory.unlimited("test")) {
      Compressor compressor = Compressors.parse("log8", n, codec, memory);
      Floats vector = memory.floats(n);
      vector.copyFrom(x);
      long bytes = compressor.encode(vector, memory.bytes(compressor.maxPayloadBytes(n)));
      assertTrue(bytes < n / 50, bytes + " bytes");
    }
  }

  @Test
  void noiseFitsIntoTheRoom() {
    for (int n : new int[] {1, 100, 70_000, 300_000}) {
      SplittableRandom random = new SplittableRandom(n);
      float[] x = new float[n];
      for (int i = 0; i < n; i++) {
        x[i] = (float) Math.pow(2, -random.nextInt(255) / 4.0);
      }
      float[] decoded = roundTrip(x);
      for (int i = 0; i < n; i++) {
        assertEquals(x[i], decoded[i], x[i] * 1e-6);
      }
    }
  }

  @Test
  void negativeElementsAreRefusedByNumber() {
    try (HostMemory memory = HostMemory.unlimited("test")) {
      Compressor compressor = Compressors.parse("log8", 10, codec, memory);
      Bytes payload = memory.bytes(compressor.maxPayloadBytes(10));
      Floats vector = memory.floats(10);
      vector.fill(2);
      vector.set(7, -1e-30f);
      String message =
          assertThrows(IllegalArgumentException.class, () -> compressor.encode(vector, payload))
              .getMessage();
      assertTrue(message.contains("element 7 is -1.0E-30"), message);
      vector.set(7, Float.NaN);
      assertThrows(IllegalArgumentException.class, () -> compressor.encode(vector, payload));
      vector.set(7, -0f);
      assertTrue(compressor.encode(vector, payload) > 0);
    }
  }

  @Test
  void aDeflateBombIsRefusedBeforeItGrows() {
    int n = 1000;
    byte[] bomb = deflate(new byte[64 << 20]);
    ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    try (HostMemory memory = HostMemory.unlimited("test")) {
      Codecs codecs = new Codecs(n, n, codec, memory);
      Floats sum = memory.floats(n);
      Bytes payload = payload(n, 1f, bomb, memory);
      long used = memory.usedBytes();
      long before = threads.getCurrentThreadAllocatedBytes();
      String message = refused(codecs, payload, sum);
      assertTrue(threads.getCurrentThreadAllocatedBytes() - before < 1 << 20);
      assertEquals(used, memory.usedBytes());
      assertTrue(message.contains("more than 1000 deflated codes"), message);
      assertArrayEquals(new float[n], sum.toArray());
    }
  }

  @Test
  void streamsOfOtherLengthsAreRefused() {
    int n = 1000;
    byte[] right = deflate(noise(n));
    byte[] followed = Arrays.copyOf(right, right.length + 1);
    try (HostMemory memory = HostMemory.unlimited("test")) {
      Codecs codecs = new Codecs(n, n, codec, memory);
      Floats sum = memory.floats(n);
      Bytes good = payload(n, 1f, right, memory);
      codecs.addDecoded(good, good.length(), 0f, sum);
      assertTrue(
          refused(codecs, payload(n, 1f, deflate(noise(n + 1)), memory), sum)
              .contains("more than 1000"));
      assertTrue(
          refused(codecs, payload(n, 1f, deflate(noise(n - 1)), memory), sum)
              .contains("999 deflated codes"));
      assertTrue(refused(codecs, payload(n, 1f, followed, memory), sum).contains("1 bytes more"));
      for (int length = 0; length < right.length; length++) {
        byte[] cut = Arrays.copyOf(right, length);
        assertTrue(refused(codecs, payload(n, 1f, cut, memory), sum).contains("end after"));
      }
      byte[] broken = right.clone();
      broken[0] = 7; // a block of the reserved type
      assertTrue(refused(codecs, payload(n, 1f, broken, memory), sum).contains("not deflated"));
      for (float max : new float[] {Float.NaN, Float.POSITIVE_INFINITY, -1}) {
        assertTrue(
            refused(codecs, payload(n, max, right, memory), sum).contains("largest element"));
      }
      assertArrayEquals(new float[n], sum.toArray());
    }
  }

  private static String refused(Codecs codecs, Bytes payload, Floats sum) {
    return assertThrows(
            PayloadException.class, () -> codecs.addDecoded(payload, payload.length(), 1f, sum))
        .getMessage();
  }

  /// A payload of code 11 around any deflated bytes.
  private static Bytes payload(int n, float max, byte[] deflated, HostMemory memory) {
    long header = PayloadLayout.headerBytes(n, n, 0);
    Bytes payload = memory.bytes(header + Floats.BYTES + deflated.length);
    PayloadLayout.put(payload.segment(), PayloadCode.LOG8, false, IndexCode.ALL, 0, n, n, 0);
    payload.segment().set(PayloadLayout.F32, header, max);
    payload.slice(header + Floats.BYTES, deflated.length).copyFrom(deflated);
    return payload;
  }

  private static byte[] deflate(byte[] codes) {
    Deflater deflater = new Deflater(6, true);
    try {
      deflater.setInput(codes);
      deflater.finish();
      ByteArrayOutputStream out = new ByteArrayOutputStream();
      byte[] chunk = new byte[4096];
      while (!deflater.finished()) {
        out.write(chunk, 0, deflater.deflate(chunk));
      }
      return out.toByteArray();
    } finally {
      deflater.end();
    }
  }

  private static byte[] noise(int n) {
    byte[] codes = new byte[n];
    SplittableRandom random = new SplittableRandom(4);
    random.nextBytes(codes);
    return codes;
  }

  private float[] roundTrip(float[] x) {
    int n = x.length;
    try (HostMemory memory = HostMemory.unlimited("test")) {
      Compressor compressor = Compressors.parse("log8", n, codec, memory);
      Floats left = memory.floats(n);
      left.copyFrom(x);
      Bytes payload = memory.bytes(compressor.maxPayloadBytes(n));
      long bytes = compressor.encode(left, payload);
      assertTrue(bytes <= payload.length());
      Floats sum = memory.floats(n);
      new Codecs(n, n, codec, memory).addDecoded(payload, bytes, 1f, sum);
      for (int i = 0; i < n; i++) {
        assertEquals(x[i] - sum.get(i), left.get(i), 0f, "left " + i);
      }
      return sum.toArray();
    }
  }

  private static float[] vector(String shape, int n) {
    SplittableRandom random = new SplittableRandom(n);
    float[] x = new float[n];
    for (int i = 0; i < n; i++) {
      x[i] =
          switch (shape) {
            case "curvatures" -> i % 3 == 0 ? 0 : (float) Math.exp(4 * random.nextGaussian());
            case "huge" -> (float) Math.pow(10, random.nextInt(83) - 44.0);
            case "subnormal" -> random.nextInt(1 << 20) * Float.MIN_VALUE;
            case "largest" -> Float.MAX_VALUE;
            case "equal" -> 0.3f;
            case "zeros" -> 0;
            case "one" -> i == n / 2 ? 1e-20f : 0;
            default -> throw new IllegalArgumentException(shape);
          };
    }
    return x;
  }
}
