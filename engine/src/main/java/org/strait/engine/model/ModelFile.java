package org.strait.engine.model;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.strait.engine.data.DataException;
import org.strait.engine.disk.FloatBytes;
import org.strait.engine.disk.WholeFile;
import org.strait.memory.Floats;
import org.strait.memory.HostMemory;

/// A trained model in a file of the safetensors form, which other tools read too: an unsigned
/// 64-bit little-endian number of header bytes; the header, JSON {@code
/// {"__metadata__":{"format":…,
/// "model":…},"weights":{"dtype":"F32","shape":[d],"data_offsets":[0,4d]}}} padded with blanks to a
/// multiple of 8; the parameters, little-endian float32, one after the other to the end of the
/// file.
///
/// @param metadata texts: {@code format} is {@link #FORMAT}; {@code model} is the model's name;
///     what
///     else there is, the writer decides (l2, features, labels, version, dataHash, …)
/// @param layout parameters
/// @param weights all parameters in one run
public record ModelFile(Map<String, String> metadata, ParameterLayout layout, Floats weights) {
  /// Value of {@code format} in the metadata.
  public static final String FORMAT = "strait-model-1";

  private static final int LARGEST_HEADER_BYTES = 1 << 24;

  /// Name of the model.
  public String model() {
    return metadata.get("model");
  }

  /// Number of features: rows of the parameter called {@code features}, else of the first one.
  public int features() {
    List<Long> shape = List.of();
    for (ParameterLayout.Parameter parameter : layout.parameters()) {
      if (shape.isEmpty() || parameter.name().equals("features")) {
        shape = parameter.shape();
      }
    }
    return shape.isEmpty() ? 0 : Math.toIntExact(shape.getFirst());
  }

  /// Writes a file: beside its place first, then synced to the disk and moved there at once, so
  /// that a crash leaves the old file or the new one.
  ///
  /// @param file where; an existing file is replaced
  /// @param replica what to write
  /// @param metadata texts beyond {@code format} and {@code model}, for instance l2, features,
  ///     labels, version and dataHash
  /// @throws IOException if the disk refuses
  public static void write(Path file, Replica replica, Map<String, String> metadata)
      throws IOException {
    WholeFile.write(
        file.toAbsolutePath(),
        out -> {
          writeFully(out, header(replica, metadata));
          FloatBytes.write(replica.weights(), block -> writeFully(out, block));
        });
  }

  /// Reads a file that {@link #write} made.
  ///
  /// @param memory owner of the weights
  /// @throws DataException if there is no such file, or it is not a whole model of ours
  public static ModelFile read(Path file, HostMemory memory) {
    String where = file.toString();
    try (FileChannel in = FileChannel.open(file, StandardOpenOption.READ)) {
      long size = in.size();
      ByteBuffer start = readFully(in, 8, where).order(ByteOrder.LITTLE_ENDIAN);
      long headerBytes = start.getLong();
      if (headerBytes < 2 || headerBytes > LARGEST_HEADER_BYTES) {
        throw notOurs(where, "its first 8 bytes give a header of " + headerBytes + " bytes", null);
      }
      if (headerBytes > size - 8) {
        throw truncated(where, 8 + headerBytes, size);
      }
      ByteBuffer header = readFully(in, (int) headerBytes, where);
      ModelFile empty = parseHeader(where, header);
      long wanted = 8 + headerBytes + empty.layout.length() * Floats.BYTES;
      if (size < wanted) {
        throw truncated(where, wanted, size);
      }
      if (size > wanted) {
        throw notOurs(where, (size - wanted) + " bytes follow the weights", null);
      }
      Floats weights = memory.floats(empty.layout.length());
      FloatBytes.read(bytes -> readFully(in, bytes, where), weights.length(), weights);
      return new ModelFile(empty.metadata, empty.layout, weights);
    } catch (NoSuchFileException e) {
      throw new DataException(where, "no such file", "check the path of the model", e);
    } catch (IOException e) {
      throw new DataException(where, "cannot be read (" + e + ")", "name a model file", e);
    }
  }

  private static ByteBuffer header(Replica replica, Map<String, String> metadata) {
    Map<String, Object> texts = new LinkedHashMap<>();
    texts.put("format", FORMAT);
    texts.put("model", replica.model().name());
    replica.model().metadata().forEach(texts::putIfAbsent);
    metadata.forEach(texts::putIfAbsent);
    Map<String, Object> header = new LinkedHashMap<>();
    header.put("__metadata__", texts);
    for (ParameterLayout.Parameter parameter : replica.layout().parameters()) {
      long from = parameter.offset() * Floats.BYTES;
      Map<String, Object> tensor = new LinkedHashMap<>();
      tensor.put("dtype", "F32");
      tensor.put("shape", parameter.shape());
      tensor.put("data_offsets", List.of(from, from + parameter.length() * Floats.BYTES));
      header.put(parameter.name(), tensor);
    }
    byte[] json = HeaderJson.write(header).getBytes(StandardCharsets.UTF_8);
    int padded = Math.ceilDiv(json.length, 8) * 8;
    if (padded > LARGEST_HEADER_BYTES) {
      throw new IllegalArgumentException("metadata of " + json.length + " bytes");
    }
    ByteBuffer bytes = ByteBuffer.allocate(8 + padded).order(ByteOrder.LITTLE_ENDIAN);
    bytes.putLong(padded).put(json);
    while (bytes.hasRemaining()) {
      bytes.put((byte) ' ');
    }
    return bytes.flip();
  }

  private static ModelFile parseHeader(String where, ByteBuffer bytes) {
    try {
      Map<String, Object> header =
          HeaderJson.parse(StandardCharsets.UTF_8.decode(bytes).toString());
      Map<String, String> metadata = new LinkedHashMap<>();
      if (header.remove("__metadata__") instanceof Map<?, ?> texts) {
        texts.forEach((key, value) -> metadata.put((String) key, (String) value));
      }
      if (!FORMAT.equals(metadata.get("format")) || !metadata.containsKey("model")) {
        throw notOurs(where, "its metadata do not say " + FORMAT + " and a model", null);
      }
      ParameterLayout layout = ParameterLayout.EMPTY;
      for (Map.Entry<String, Object> entry : header.entrySet()) {
        layout = withTensor(where, layout, entry.getKey(), (Map<?, ?>) entry.getValue());
      }
      return new ModelFile(Map.copyOf(metadata), layout, null);
    } catch (IllegalArgumentException | ArithmeticException | ClassCastException e) {
      throw notOurs(where, "its header is malformed (" + e.getMessage() + ")", e);
    }
  }

  private static ParameterLayout withTensor(
      String where, ParameterLayout layout, String name, Map<?, ?> tensor) {
    if (!"F32".equals(tensor.get("dtype"))) {
      throw new DataException(
          where,
          "parameter " + name + " has dtype " + tensor.get("dtype") + ", expected F32",
          "write the model in float32");
    }
    if (!(tensor.get("shape") instanceof List<?> sizes)) {
      throw new IllegalArgumentException(name + " has no shape");
    }
    long[] shape = new long[sizes.size()];
    for (int i = 0; i < shape.length; i++) {
      shape[i] = (Long) sizes.get(i);
    }
    ParameterLayout longer = layout.and(name, shape);
    List<Long> expected =
        List.of(
            Math.multiplyExact(layout.length(), Floats.BYTES),
            Math.multiplyExact(longer.length(), Floats.BYTES));
    if (!expected.equals(tensor.get("data_offsets"))) {
      throw new IllegalArgumentException(
          name + " is at " + tensor.get("data_offsets") + ", expected " + expected);
    }
    return longer;
  }

  private static void writeFully(FileChannel out, ByteBuffer bytes) throws IOException {
    while (bytes.hasRemaining()) {
      out.write(bytes);
    }
  }

  private static ByteBuffer readFully(FileChannel in, int count, String where) throws IOException {
    ByteBuffer bytes = ByteBuffer.allocate(count);
    while (bytes.hasRemaining()) {
      if (in.read(bytes) < 0) {
        throw truncated(where, in.position() + bytes.remaining(), in.position());
      }
    }
    return bytes.flip();
  }

  private static DataException truncated(String where, long wanted, long got) {
    return new DataException(
        where,
        "is cut off: " + got + " bytes of " + wanted,
        "copy the file again, or train the model again");
  }

  private static DataException notOurs(String where, String why, Throwable cause) {
    return new DataException(
        where, "is not a Strait model: " + why, "name a file that training wrote", cause);
  }
}
