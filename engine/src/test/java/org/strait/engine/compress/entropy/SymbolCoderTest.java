package org.strait.engine.compress.entropy;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.strait.engine.compress.TestCodec;
import org.strait.kernels.BackendUnavailableException;
import org.strait.kernels.Backends;
import org.strait.kernels.CodecOps;
import org.strait.memory.Bytes;
import org.strait.memory.HostMemory;

class SymbolCoderTest {
  private static final int[] LENGTHS = {
    0, 1, 2, 3, 62, 1000, 8191, 8192, 8193, 8199, 65_535, 65_536, 65_537, 200_003
  };
  private static final String[] SHAPES = {
    "normal", "laplace", "sharp", "zeros", "one", "noise", "two", "rare", "far", "gaps"
  };

  private final CodecOps codec = TestCodec.ops();

  @Test
  void everythingComesBack() {
    for (String shape : SHAPES) {
      for (int n : LENGTHS) {
        byte[] symbols = symbols(shape, n, n);
        byte[] coded = encode(symbols, codec);
        assertTrue(coded.length <= SymbolCoder.maxBytes(n), shape + " " + n);
        assertArrayEquals(symbols, decode(coded, n, -128, 127), shape + " " + n);
      }
    }
  }

  /// Of long runs, tables and rounding included.
  @ParameterizedTest
  @CsvSource({"normal", "laplace", "sharp", "noise", "two", "gaps"})
  void bytesAreNearTheEntropy(String shape) {
    for (int n : new int[] {65_536, 1 << 20}) {
      byte[] symbols = symbols(shape, n, 5);
      double entropy = entropy(symbols) * n / 8;
      int bytes = encode(symbols, codec).length;
      assertTrue(bytes >= 0.99 * entropy, bytes + " bytes, entropy " + entropy);
      assertTrue(bytes <= 1.01 * entropy, bytes + " bytes, entropy " + entropy);
    }
  }

  /// Of short ones, whose table would be as long as they are.
  @ParameterizedTest
  @CsvSource({"62", "123", "500"})
  void shortRunsOfNumbersNeedNoTable(int n) {
    for (String shape : new String[] {"normal", "laplace", "sharp"}) {
      double entropy = 0;
      double bytes = 0;
      for (int trial = 0; trial < 20; trial++) {
        byte[] symbols = symbols(shape, n, trial);
        bytes += encode(symbols, codec).length;
        entropy += entropy(symbols(shape, 1 << 18, trial)) * n / 8;
      }
      assertTrue(bytes <= 1.06 * entropy + 20 * 8, shape + ": " + bytes + ", " + entropy);
    }
  }

  @Test
  void threadsDoNotShow() throws BackendUnavailableException {
    try (var team = Backends.choose("scalar", 3).backend()) {
      for (String shape : SHAPES) {
        byte[] symbols = symbols(shape, 450_001, 3);
        byte[] coded = encode(symbols, codec);
        assertArrayEquals(coded, encode(symbols, team.codec()), shape);
        assertArrayEquals(symbols, decode(coded, symbols.length, -128, 127, team.codec()), shape);
      }
    }
  }

  /// Whatever is changed is found, or decodes to symbols that are allowed.
  @Test
  void damageIsFoundOrHarmless() {
    SplittableRandom random = new SplittableRandom(8);
    for (String shape : SHAPES) {
      for (int n : new int[] {1, 62, 9000}) {
        byte[] symbols = symbols(shape, n, n);
        byte[] coded = encode(symbols, codec);
        int found = 0;
        int low = shape.equals("gaps") ? 0 : -128;
        for (int trial = 0; trial < 300; trial++) {
          byte[] damaged = coded.clone();
          damaged[random.nextInt(damaged.length)] ^= (byte) (1 << random.nextInt(8));
          try {
            for (byte symbol : decode(damaged, n, low, 127)) {
              assertTrue(symbol >= low);
            }
          } catch (CorruptStreamException e) {
            found++;
          }
        }
        boolean words = coded[0] != 0 && coded[0] != 1;
        assertTrue(!words || found > 250, shape + " " + n + ": " + found + " of 300 found");
      }
    }
  }

  @Test
  void otherLengthsAreRefused() {
    for (String shape : SHAPES) {
      for (int n : new int[] {1, 62, 9000, 70_000}) {
        byte[] coded = encode(symbols(shape, n, n), codec);
        for (int cut : new int[] {1, 2, 3, 4, 17}) {
          if (cut <= coded.length) {
            byte[] shorter = java.util.Arrays.copyOf(coded, coded.length - cut);
            assertThrows(CorruptStreamException.class, () -> decode(shorter, n, -128, 127));
          }
          byte[] longer = java.util.Arrays.copyOf(coded, coded.length + cut);
          assertThrows(CorruptStreamException.class, () -> decode(longer, n, -128, 127));
        }
      }
    }
    assertThrows(CorruptStreamException.class, () -> decode(new byte[1], 0, -128, 127));
    assertEquals(0, decode(new byte[0], 0, -128, 127).length);
  }

  @Test
  void symbolsThatMayNotBeAreRefused() {
    for (String shape : new String[] {"normal", "one", "noise", "zeros", "two"}) {
      byte[] coded = encode(symbols(shape, 3000, 1), codec);
      assertThrows(CorruptStreamException.class, () -> decode(coded, 3000, 1, 5), shape);
    }
  }

  private static byte[] encode(byte[] symbols, CodecOps codec) {
    try (HostMemory memory = HostMemory.unlimited("test")) {
      Bytes in = memory.bytes(symbols.length);
      in.copyFrom(symbols);
      Bytes out = memory.bytes(3 + SymbolCoder.maxBytes(symbols.length));
      SymbolCoder coder = new SymbolCoder(symbols.length, codec);
      long bytes = coder.encode(in, symbols.length, out.segment(), 3);
      return out.slice(3, bytes).toArray();
    }
  }

  private byte[] decode(byte[] coded, int n, int low, int high) {
    return decode(coded, n, low, high, codec);
  }

  private static byte[] decode(byte[] coded, int n, int low, int high, CodecOps codec) {
    try (HostMemory memory = HostMemory.unlimited("test")) {
      Bytes in = memory.bytes(coded.length);
      in.copyFrom(coded);
      Bytes out = memory.bytes(n);
      new SymbolCoder(n, codec).decode(in.segment(), 0, coded.length, out, n, low, high);
      return out.toArray();
    }
  }

  /// Bits per symbol.
  static double entropy(byte[] symbols) {
    int[] counts = new int[256];
    for (byte symbol : symbols) {
      counts[symbol & 255]++;
    }
    double bits = 0;
    for (int count : counts) {
      if (count > 0) {
        bits += count * Math.log((double) symbols.length / count) / Math.log(2);
      }
    }
    return bits / symbols.length;
  }

  static byte[] symbols(String shape, int n, long seed) {
    SplittableRandom random = new SplittableRandom(seed);
    byte[] symbols = new byte[n];
    for (int i = 0; i < n; i++) {
      double exponential = -Math.log(1 - random.nextDouble());
      double laplace = random.nextBoolean() ? exponential : -exponential;
      symbols[i] =
          (byte)
              switch (shape) {
                case "normal" -> Math.clamp(Math.round(30 * random.nextGaussian()), -127, 127);
                case "laplace" -> Math.clamp(Math.round(9 * laplace), -127, 127);
                case "sharp" -> Math.clamp((long) (1.2 * laplace), -127, 127);
                case "zeros" -> 0;
                case "one" -> i == n / 2 ? 3 : 0;
                case "noise" -> random.nextInt();
                case "two" -> random.nextInt(3) == 0 ? 7 : -7;
                case "rare" -> random.nextInt(5000) == 0 ? -100 : 20;
                case "far" -> random.nextInt(50) == 0 ? -128 : random.nextInt(9) - 4;
                case "gaps" -> (int) Math.min(123, 20 * exponential);
                default -> throw new IllegalArgumentException(shape);
              };
    }
    return symbols;
  }
}
