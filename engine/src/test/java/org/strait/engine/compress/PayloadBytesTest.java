package org.strait.engine.compress;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.HexFormat;
import java.util.zip.CRC32C;
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
    check("top-k:3%", vector, "5350 02 01 11 64 03 03" + "660e00" + "0000803f 000000c0 00008040");
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
        vector, "5350 02 04 01 10 08 02" + "e43a" + "08 0000803f" + "7f7f7f7f7f7f7f7f");
  }

  @Test
  void allOfASparseVectorNeedsNoIndices() {
    check("top-k:1", new float[] {1f, 0f}, "5350 02 01 00 02 02 00" + "0000803f 00000000");
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
    check("top-k:auto,int8", new float[] {0f, 0f}, "5350 02 04 01 02 00 00");
    check("top-k:auto", new float[] {1f, 2f}, "5350 02 01 00 02 02 00" + "0000803f 00000040");
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
    // The root mean square is 2, and so is the step: 3.5 - 0.1, 1.5 - 0.1, 0.9, 0.4, 0.4.
    float[] vector = new float[16];
    System.arraycopy(new float[] {7, -3, 2, 1, -1}, 0, vector, 0, 5);
    check("step:1", vector, "5350 02 0a 00 10 10 00" + "00000040" + "00" + "03 ff 01" + zeros(13));
    // A root mean square of 40 and one number of 160 steps: -128 for it, and 320 before the others.
    float[] far = new float[16];
    far[1] = 160;
    check(
        "step:0.025",
        far,
        "5350 02 0a 00 10 10 00" + "0000803f" + "01" + "c002" + "00 80" + zeros(14));
  }

  @Test
  void codedSymbols() {
    // All alike: block 2^8, scale, constant 127.
    check("int8,rans", new float[] {1f, 1f, 1f, 1f}, "5350 02 84 00 04 04 00 08 0402013c 01 7f");
    // A table from -7 to 7, of 2730 and 1366 parts; a state of 31 bits and two words.
    float[] signs = new float[40];
    for (int i = 0; i < 40; i++) {
      signs[i] = i % 3 == 0 ? -7 : 7;
    }
    check(
        "int4,rans",
        signs,
        "5350 02 87 00 28 28 00 08 0000803f"
            + "02 f9 07 ffff3fcdfeff3f00f8ffff"
            + "67269aac 1300 ca1a 08b9");
  }

  /// Too long to be written here, their lengths and CRC32C: a table and eight states, a
  /// zero-centred model, gaps, bytes apart, far numbers.
  @Test
  void longPayloads() {
    int n = 20_000;
    float[] bell = new float[n];
    float[] clustered = new float[n];
    for (int i = 0; i < n; i++) {
      int sum = 0;
      for (int j = 1; j <= 8; j++) {
        int mixed = (i * 8 + j) * 0x9e3779b1;
        mixed = (mixed ^ mixed >>> 15) * 0x85ebca6b;
        sum += (mixed ^ mixed >>> 13) >> 24;
      }
      bell[i] = sum * 0.125f;
      clustered[i] = sum * (i % 1000 < 50 ? 1f : 0.001f);
    }
    assertEquals(
        "19214 5d63d4e1; 110 6e2ac208; 656 eed66104; 25987 39f8c63d; 2695 73ed8238",
        String.join(
            "; ",
            digest("int8,rans", bell),
            digest("int5,rans", Arrays.copyOf(bell, 150)),
            digest("top-k:5%,int5,rans", clustered),
            digest("bf16,rans", bell),
            digest("step:0.02,rans", clustered)));
  }

  private String digest(String spec, float[] vector) {
    int n = vector.length;
    try (HostMemory memory = HostMemory.unlimited("test")) {
      Compressor compressor = Compressors.parse(spec, n, codec, memory);
      Floats left = memory.floats(n);
      left.copyFrom(vector);
      Bytes payload = memory.bytes(compressor.maxPayloadBytes(n));
      long bytes = compressor.encode(left, payload);
      CRC32C crc = new CRC32C();
      crc.update(payload.slice(0, bytes).toArray());
      return bytes + " " + Long.toHexString(crc.getValue());
    }
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
