package org.strait.engine.compress;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.HexFormat;
import org.junit.jupiter.api.Test;
import org.strait.kernels.CodecOps;
import org.strait.memory.Bytes;
import org.strait.memory.Floats;
import org.strait.memory.HostMemory;

/// Golden bytes of every payload code and index code: a change here is a new version on the wire.
class PayloadBytesTest {
  private final CodecOps codec = TestCodec.ops();

  @Test
  void denseFloat32() {
    check(
        "dense",
        new float[] {1f, -2.5f, 0f},
        "5350 02 01 00 03 03 00" + "0000803f 000020c0 00000000");
  }

  @Test
  void denseInt8() {
    // scale 1.0 = 127 / 127
    check(
        "int8",
        new float[] {127f, -64f, 0.25f},
        "5350 02 04 00 03 03 00" + "08 0000803f" + "7f c0 00");
  }

  @Test
  void sparseFloat32WithRice() {
    float[] vector = new float[100];
    vector[3] = 1f;
    vector[50] = -2f;
    vector[51] = 4f;
    // Gaps 3, 46, 0. Parameter 4: 3 -> 0 1100, 46 -> 110 0111, 0 -> 0 0000 (lowest bit first):
    // 0110 0110 0111 0000 0 -> 0x66, 0x0e, 0x00.
    // Parameter 5: 3 -> 0 11000, 46 -> 10 01110, 0 -> 0 00000: 19 bits. Parameter 4: 17 bits.
    check(
        "top-k:3%",
        vector,
        "5350 02 01 11 64 03 03" + "660e00" + "0000803f 000000c0 00008040");
  }

  @Test
  void sparseInt8WithRice() {
    float[] vector = new float[16];
    for (int i : new int[] {0, 1, 3, 4, 8, 10, 14, 15}) {
      vector[i] = 127f;
    }
    // Gaps 0, 0, 1, 0, 3, 1, 3, 0 with parameter 0: 0 0 10 0 1110 10 1110 0, lowest bit first.
    check(
        "top-k:50%,int8",
        vector,
        "5350 02 04 01 10 08 02" + "e43a" + "08 0000803f" + "7f7f7f7f7f7f7f7f");
  }

  @Test
  void allOfASparseVectorNeedsNoIndices() {
    check(
        "top-k:1",
        new float[] {1f, 0f},
        "5350 02 01 00 02 02 00" + "0000803f 00000000");
    check("dense", new float[0], "5350 02 01 00 00 00 00");
  }

  @Test
  void logInt8() {
    // Codes 0, 255, 251, 247 in one stored block: final, 4 bytes, its complement. How an encoder
    // deflates is up to its zlib.
    String header = "5350 02 0b 00 04 04 00";
    decodes(header + "00000040" + "01 0400 fbff 00 ff fb f7", new float[] {0, 2, 1, 0.5f});
    decodes(header + "00000000" + "01 0400 fbff 00 ff fb f7", new float[4]);
    try (HostMemory memory = HostMemory.unlimited("test")) {
      Compressor compressor = Compressors.parse("log8", 4, codec, memory);
      Floats vector = memory.floats(4);
      vector.copyFrom(new float[] {0, 2, 1, 0.5f});
      Bytes payload = memory.bytes(compressor.maxPayloadBytes(4));
      long bytes = compressor.encode(vector, payload);
      byte[] expected = HexFormat.of().parseHex((header + "00000040").replace(" ", ""));
      assertArrayEquals(expected, payload.slice(0, 12).toArray());
      assertTrue(bytes > 12);
      assertArrayEquals(new float[4], vector.toArray());
    }
  }

  @Test
  void sparseWithABudget() {
    // Zeros are left out, however little is tolerated; all indices need no index bytes.
    check(
        "top-k:auto",
        new float[] {0f, 1f, 0f, -2f},
        "5350 02 01 01 04 02 01" + "05" + "0000803f 000000c0");
    check(
        "top-k:auto,int8",
        new float[] {0f, 0f},
        "5350 02 04 01 02 00 00");
    check(
        "top-k:auto",
        new float[] {1f, 2f},
        "5350 02 01 00 02 02 00" + "0000803f 00000040");
  }

  @Test
  void halves() {
    check("fp16", new float[] {1f, -2.5f}, "5350 02 02 00 02 02 00" + "003c 00c1");
    check("bf16", new float[] {1f, -2.5f}, "5350 02 03 00 02 02 00" + "803f 20c0");
  }

  @Test
  void fewBits() {
    float[] vector = {7f, -3f, 0.25f};
    // Codes 7, -3, 0 are bits 0 … 3 of words 0, 1 and 2 of a group of 128 bytes.
    check("int4", vector, "5350 02 07 00 03 03 00" + "08 0000803f" + "07000000 0d" + zeros(123));
    check("sign", new float[] {3f, -3f, 3f}, "5350 02 09 00 03 03 00 08 00004040 02" + zeros(31));
    check(
        "int2/512",
        new float[] {3f, -0.75f},
        "5350 02 08 00 02 02 00 09 0000c03f" + "03000000 01" + zeros(59));
  }

  private static String zeros(int count) {
    return "00".repeat(count);
  }

  @Test
  void steps() {
    // The root mean square is 2, the step 1; 2.5 - 0.1 is nearest to 2.
    check(
        "step:0.5",
        new float[] {2.5f, -2.5f, -0.5f, 1.8708287f},
        "5350 02 0a 00 04 04 00" + "0000803f" + "00" + "02 fe 00 02");
    // Sixteen numbers, one of 160 steps: -128 for it, and 320 before the others.
    float[] far = new float[16];
    far[1] = 160;
    far[2] = -4;
    check(
        "step:0.025",
        far,
        "5350 02 0a 00 10 10 00" + "2604803f" + "01" + "c002" + "00 80 fc" + zeros(13));
  }

  @Test
  void codedSymbols() {
    // All alike: block 2^8, scale, constant 127.
    check("int8,rans", new float[] {1f, 1f, 1f, 1f}, "5350 02 84 00 04 04 00 08 0402013c 01 7f");
    // A zero-centred model: kind 36, no zeros, up to 1; a state and no words.
    float[] signs = new float[40];
    for (int i = 0; i < 40; i++) {
      signs[i] = i % 3 == 0 ? -7 : 7;
    }
    check("int4,rans", signs, "TODO");
  }

  private void decodes(String hex, float[] expected) {
    byte[] bytes = HexFormat.of().parseHex(hex.replace(" ", ""));
    try (HostMemory memory = HostMemory.unlimited("test")) {
      int n = expected.length;
      Bytes payload = memory.bytes(bytes.length);
      payload.copyFrom(bytes);
      Floats sum = memory.floats(n);
      new Codecs(n, n, codec, memory).addDecoded(payload, bytes.length, 1f, sum);
      assertArrayEquals(expected, sum.toArray());
    }
  }

  private void check(String spec, float[] vector, String hex) {
    int n = vector.length;
    byte[] expected = HexFormat.of().parseHex(hex.replace(" ", ""));
    try (HostMemory memory = HostMemory.unlimited("test")) {
      Compressor compressor = Compressors.parse(spec, n, codec, memory);
      Floats left = memory.floats(n);
      left.copyFrom(vector);
      Bytes payload = memory.bytes(compressor.maxPayloadBytes(n));
      payload.fill((byte) 0xee);
      long bytes = compressor.encode(left, payload);
      assertEquals(
          HexFormat.of().formatHex(expected),
          HexFormat.of().formatHex(payload.slice(0, bytes).toArray()));
      Bytes golden = memory.bytes(expected.length);
      golden.copyFrom(expected);
      Floats sum = memory.floats(n);
      new Codecs(n, n, codec, memory).addDecoded(golden, expected.length, 1f, sum);
      float[] decoded = new float[n];
      for (int i = 0; i < n; i++) {
        decoded[i] = vector[i] - left.get(i);
      }
      assertArrayEquals(decoded, sum.toArray());
    }
  }
}
