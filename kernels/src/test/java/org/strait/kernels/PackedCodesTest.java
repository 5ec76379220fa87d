package org.strait.kernels;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.strait.memory.Bytes;
import org.strait.memory.HostMemory;

/// The bytes of packed codes, which both ends of a wire must agree on.
class PackedCodesTest {
  @ParameterizedTest
  @CsvSource({
    // bits, code number, code, byte, its bits then (in hexadecimal)
    "8, 5, -2, 5, fe",
    "4, 0, 5, 0, 5",
    "4, 1, 5, 4, 5",
    "4, 16, 5, 0, 50",
    "4, 47, -3, 61, d",
    "4, 128, 5, 64, 5",
    "4, 255, -8, 127, 80",
    "4, 256, 5, 128, 5",
    "2, 0, 3, 0, 3",
    "2, 17, 2, 4, 8",
    "2, 64, 1, 1, 1",
    "2, 255, 3, 63, c0",
    "1, 0, 1, 0, 1",
    "1, 10, 1, 1, 4",
    "1, 511, 1, 63, 80",
    "5, 3, 15, 12, f",
    "5, 256, 1, 160, 1",
    "6, 3, 15, 12, f",
    "6, 256, 1, 192, 1",
  })
  void aCodeLiesWhereTheLayoutSays(int bits, long number, int code, int at, String byteThere) {
    try (HostMemory memory = HostMemory.unlimited("codes")) {
      Bytes codes = memory.bytes(PackedCodes.bytes(bits, 512));
      PackedCodes.put(bits, codes, number, code);
      assertEquals(code, PackedCodes.get(bits, codes, number));
      byte[] expected = new byte[(int) codes.length()];
      expected[at] = (byte) Integer.parseInt(byteThere, 16);
      assertArrayEquals(expected, codes.toArray());
    }
  }

  @Test
  void topBitsLieInTheirOwnPlane() {
    try (HostMemory memory = HostMemory.unlimited("codes")) {
      Bytes five = memory.bytes(PackedCodes.bytes(5, 256));
      PackedCodes.put(5, five, 10, -16);
      assertEquals(4, five.get(128 + 1));
      Bytes six = memory.bytes(PackedCodes.bytes(6, 256));
      PackedCodes.put(6, six, 17, -32);
      assertEquals(8, six.get(128 + 4));
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 4, 5, 6, 8})
  void everyCodeComesBack(int bits) {
    try (HostMemory memory = HostMemory.unlimited("codes")) {
      Bytes codes = memory.bytes(PackedCodes.bytes(bits, 700));
      int least = bits < 4 ? 0 : -(1 << (bits - 1));
      for (int i = 0; i < 700; i++) {
        PackedCodes.put(bits, codes, i, least + i * 7 % (1 << bits));
      }
      for (int i = 0; i < 700; i++) {
        assertEquals(least + i * 7 % (1 << bits), PackedCodes.get(bits, codes, i), "code " + i);
      }
    }
  }

  @Test
  void sizes() {
    assertEquals(700, PackedCodes.bytes(8, 700));
    assertEquals(3 * 128, PackedCodes.bytes(4, 700));
    assertEquals(160, PackedCodes.bytes(5, 1));
    assertEquals(0, PackedCodes.bytes(1, 0));
    assertThrows(IllegalArgumentException.class, () -> PackedCodes.bytes(3, 10));
  }
}
