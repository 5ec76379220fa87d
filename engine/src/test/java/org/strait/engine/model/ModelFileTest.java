package org.strait.engine.model;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.strait.engine.data.DataException;
import org.strait.memory.HostMemory;

class ModelFileTest {
  private static final String METADATA =
      "\"__metadata__\":{\"format\":\"strait-model-1\",\"model\":\"logistic\"}";
  private static final String WEIGHTS =
      "\"weights\":{\"dtype\":\"F32\",\"shape\":[3],\"data_offsets\":[0,12]}";

  private final HostMemory memory = HostMemory.unlimited("test");
  @TempDir Path folder;

  @AfterEach
  void close() {
    memory.close();
  }

  private Path write(Map<String, String> metadata, float... weights) throws IOException {
    Path file = folder.resolve("deep/model.safetensors");
    try (Replica replica =
        Replica.of(Models.choose("logistic"), weights.length, 0, TestBackend.make(), memory)) {
      replica.weights().copyFrom(weights);
      ModelFile.write(file, replica, metadata);
    }
    return file;
  }

  private Path raw(long headerBytes, String header, int dataBytes) throws IOException {
    byte[] json = header.getBytes(StandardCharsets.UTF_8);
    ByteBuffer bytes =
        ByteBuffer.allocate(8 + json.length + dataBytes).order(ByteOrder.LITTLE_ENDIAN);
    bytes.putLong(headerBytes).put(json);
    return Files.write(folder.resolve("raw"), bytes.array());
  }

  private String refusal(Path file) {
    return assertThrows(DataException.class, () -> ModelFile.read(file, memory)).getMessage();
  }

  @Test
  void whatIsWrittenIsReadBack() throws IOException {
    String odd = "a \"quoted\" \\ path\n\u0001, Zürich";
    write(Map.of("l2", "1"), 9, 9);
    Path file = write(Map.of("l2", "1.0E-4", "dataHash", odd), 1, -2.5f, Float.MIN_VALUE);
    ModelFile back = ModelFile.read(file, memory);
    assertArrayEquals(new float[] {1, -2.5f, Float.MIN_VALUE}, back.weights().toArray());
    assertEquals("logistic", back.model());
    assertEquals("1.0E-4", back.metadata().get("l2"));
    assertEquals(odd, back.metadata().get("dataHash"));
    assertEquals("weights[3]", back.layout().toString());
    try (var files = Files.list(file.getParent())) {
      assertEquals(List.of(file), files.toList());
    }
  }

  @Test
  void theBytesAreThoseOfTheForm() throws IOException {
    byte[] bytes = Files.readAllBytes(write(Map.of("l2", "0.5"), 1, 2));
    ByteBuffer buffer = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
    int headerBytes = (int) buffer.getLong();
    assertEquals(0, headerBytes % 8);
    assertEquals(
        "{\"__metadata__\":{\"format\":\"strait-model-1\",\"model\":\"logistic\",\"l2\":\"0.5\"},"
            + "\"weights\":{\"dtype\":\"F32\",\"shape\":[2],\"data_offsets\":[0,8]}}",
        new String(bytes, 8, headerBytes, StandardCharsets.UTF_8).strip());
    assertEquals(1f, buffer.getFloat(8 + headerBytes));
    assertEquals(2f, buffer.getFloat(12 + headerBytes));
    assertEquals(16 + headerBytes, bytes.length);
  }

  @Test
  void filesCutOffAnywhereAreRefused() throws IOException {
    byte[] bytes = Files.readAllBytes(write(Map.of(), 1, 2, 3));
    for (int length = 0; length < bytes.length; length++) {
      Path cut = Files.write(folder.resolve("cut"), Arrays.copyOf(bytes, length));
      assertTrue(refusal(cut).startsWith(cut + ": is cut off: " + length + " bytes of "));
    }
    Path longer = Files.write(folder.resolve("longer"), Arrays.copyOf(bytes, bytes.length + 4));
    assertTrue(refusal(longer).contains("4 bytes follow the weights"));
  }

  @Test
  void otherFilesAreRefused() throws IOException {
    Path text = Files.writeString(folder.resolve("text"), "1 1:1 2:1\n-1 3:1\n".repeat(10));
    assertTrue(refusal(text).startsWith(text + ": is not a Strait model: its first 8 bytes"));
    assertTrue(refusal(raw(1L << 40, "{}", 0)).contains("give a header of 1099511627776 bytes"));
    assertTrue(refusal(raw(-5, "{}", 0)).contains("give a header of -5 bytes"));
    Path missing = folder.resolve("none");
    assertEquals(missing + ": no such file; check the path of the model", refusal(missing));
    assertTrue(refusal(folder).startsWith(folder + ": "));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '~',
      value = {
        "{}                            | its metadata do not say strait-model-1 and a model",
        "{WEIGHTS}                     | its metadata do not say strait-model-1 and a model",
        "{METADATA,WEIGHTS             | its header is malformed (expected more at character",
        "{METADATA,WEIGHTS}x           | its header is malformed (expected nothing more at char",
        "{METADATA,WEIGHTS,WEIGHTS}    | \"weights\" occurs twice",
        "{METADATA,\"weights\":[]}     | its header is malformed",
        "{METADATA,\"weights\":{}}     | parameter weights has dtype null, expected F32",
        "[1]                           | its header is malformed (expected '{' at character 1",
        "{\"a\":[[[[[[[[[[[1]]]]]]]]]]]}  | its header is malformed (expected fewer levels",
        "{\"a\":99999999999999999999}  | its header is malformed",
        "{\"__metadata__\":{\"format\":3}} | its header is malformed",
      })
  void malformedHeadersAreRefused(String header, String message) throws IOException {
    String json = header.replace("METADATA", METADATA).replace("WEIGHTS", WEIGHTS);
    String refusal = refusal(raw(json.length(), json, 12));
    assertTrue(refusal.contains(message), refusal);
  }

  @Test
  void otherTypesAndPlacesAreRefused() throws IOException {
    String half = ("{" + METADATA + "," + WEIGHTS + "}").replace("F32", "F16");
    assertTrue(refusal(raw(half.length(), half, 12)).contains("has dtype F16, expected F32"));
    String moved = ("{" + METADATA + "," + WEIGHTS + "}").replace("[0,12]", "[4,16]");
    assertTrue(refusal(raw(moved.length(), moved, 16)).contains("is at [4, 16], expected [0, 12]"));
    String huge = ("{" + METADATA + "," + WEIGHTS + "}").replace("[3]", "[999999999999999999,99]");
    assertTrue(refusal(raw(huge.length(), huge, 12)).contains("its header is malformed"));
  }
}
