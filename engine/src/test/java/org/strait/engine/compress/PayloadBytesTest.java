package org.strait.engine.compress;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
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
        "5350 01 01 00 00 0000 03000000 03000000 00000000 24000000" + "0000803f 000020c0 00000000");
  }

  @Test
  void denseInt8() {
    // scale 1.0 = 127 / 127
    check(
        "int8",
        new float[] {127f, -64f, 0.25f},
        "5350 01 02 00 00 0001 03000000 03000000 00000000 1f000000" + "0000803f" + "7f c0 00");
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
        "5350 01 03 01 04 0000 64000000 03000000 03000000 27000000"
            + "0000803f 000000c0 00008040"
            + "660e00");
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
        "5350 01 04 01 00 0001 10000000 08000000 02000000 26000000"
            + "0000803f"
            + "7f7f7f7f7f7f7f7f"
            + "e43a");
  }

  @Test
  void allOfASparseVectorNeedsNoIndices() {
    check(
        "top-k:1",
        new float[] {1f, 0f},
        "5350 01 03 00 00 0000 02000000 02000000 00000000 20000000" + "0000803f 00000000");
    check("dense", new float[0], "5350 01 01 00 00 0000 00000000 00000000 00000000 18000000");
  }

  @Test
  void logInt8() {
    // Codes 0, 255, 251, 247 in one stored block: final, 4 bytes, its complement. How an encoder
    // deflates is up to its zlib.
    String header = "5350 01 05 00 00 0000 04000000 04000000 00000000";
    decodes(
        header + "25000000" + "00000040" + "01 0400 fbff 00 ff fb f7", new float[] {0, 2, 1, 0.5f});
    decodes(header + "25000000" + "00000000" + "01 0400 fbff 00 ff fb f7", new float[4]);
    try (HostMemory memory = HostMemory.unlimited("test")) {
      Compressor compressor = Compressors.parse("log8", 4, codec, memory);
      Floats vector = memory.floats(4);
      vector.copyFrom(new float[] {0, 2, 1, 0.5f});
      Bytes payload = memory.bytes(compressor.maxPayloadBytes(4));
      long bytes = compressor.encode(vector, payload);
      byte[] expected = HexFormat.of().parseHex((header + "00000000 00000040").replace(" ", ""));
      expected[20] = (byte) bytes;
      assertArrayEquals(expected, payload.slice(0, 28).toArray());
      assertArrayEquals(new float[4], vector.toArray());
    }
  }

  @Test
  void sparseWithABudget() {
    // Zeros are left out, however little is tolerated; all indices need no index bytes.
    check(
        "top-k:auto",
        new float[] {0f, 1f, 0f, -2f},
        "5350 01 03 01 00 0000 04000000 02000000 01000000 21000000" + "0000803f 000000c0" + "05");
    check(
        "top-k:auto,int8",
        new float[] {0f, 0f},
        "5350 01 04 01 00 0001 02000000 00000000 00000000 18000000");
    check(
        "top-k:auto",
        new float[] {1f, 2f},
        "5350 01 03 00 00 0000 02000000 02000000 00000000 20000000" + "0000803f 00000040");
  }

  @Test
  void everyCodeHasExactlyOneDecoder() {
    List<Decoder> all =
        new ArrayList<>(
            List.of(
                new DenseFloat32Decoder(),
                new DenseInt8Decoder(),
                new SparseFloat32Decoder(),
                new SparseInt8Decoder(),
                new LogInt8Decoder()));
    assertEquals(5, PayloadCode.values().length);
    Codecs.byNumber(all);
    Decoder last = all.remove(3);
    assertTrue(
        assertThrows(IllegalStateException.class, () -> Codecs.byNumber(all))
            .getMessage()
            .contains("SPARSE_INT8"));
    all.add(last);
    all.add(new DenseInt8Decoder());
    assertTrue(
        assertThrows(IllegalStateException.class, () -> Codecs.byNumber(all))
            .getMessage()
            .contains("two decoders"));
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
