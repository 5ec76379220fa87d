package org.strait.bench.codec;

import com.google.gson.JsonArray;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.strait.bench.CasePattern;
import org.strait.bench.run.Timing;
import org.strait.engine.compress.Codecs;
import org.strait.engine.compress.Compressor;
import org.strait.engine.compress.Compressors;
import org.strait.kernels.Backend;
import org.strait.kernels.BackendUnavailableException;
import org.strait.kernels.Backends;
import org.strait.kernels.CodecOps;
import org.strait.launcher.bench.BenchRequest;
import org.strait.launcher.bench.BenchResult;
import org.strait.launcher.config.UserMistake;
import org.strait.memory.Bytes;
import org.strait.memory.Floats;
import org.strait.memory.HostMemory;

/// Bytes, errors and speed: first the coder beside its peers over the same codes, then every
/// compressor. Speeds are in bytes of float32 for compressors, of codes for coders; decoding is
/// decode and add.
public final class CodecBench {
  private static final List<String> COMPRESSORS =
      List.of(
          "dense",
          "fp16",
          "bf16",
          "bf16,rans",
          "int8",
          "int8,rans",
          "int6",
          "int5",
          "int4",
          "int4,error-feedback",
          "int4,rans,error-feedback",
          "int2,error-feedback",
          "sign,error-feedback",
          "step:0.2,rans",
          "step:auto,rans,difference",
          "top-k:1%,int8,error-feedback",
          "top-k:1%,int8,rans,error-feedback",
          "threshold:1%,int8,rans,error-feedback",
          "chunk-top-k:64/4096,int2,rans,error-feedback:0.95",
          "significance:0.5,int8,rans,error-feedback",
          "top-k:auto,int8,difference");

  private static final int LONG = 10_000_000;
  private static final int SHORT = 100_000;

  private final BenchRequest request;
  private final Turns turns;
  private final List<CodecRow> rows = new ArrayList<>();

  private CodecBench(BenchRequest request) {
    this.request = request;
    turns = new Turns(request.quick());
  }

  /// Measures.
  ///
  /// @throws UserMistake if a flag names what is not there
  public static BenchResult run(BenchRequest request) {
    CodecBench bench = new CodecBench(request);
    for (int threads : request.threads()) {
      try (Backend backend = Backends.choose(request.backend(), threads).backend();
          HostMemory memory = HostMemory.unlimited("bench codec")) {
        bench.measure(threads, backend.codec(), memory);
      } catch (BackendUnavailableException | IllegalArgumentException e) {
        throw new UserMistake("--backend: " + e.getMessage(), "auto always runs");
      }
    }
    JsonArray json = new JsonArray();
    List<String> table = new ArrayList<>(List.of(CodecRow.heading()));
    for (CodecRow row : bench.rows) {
      json.add(row.json());
      table.add(row.line());
    }
    return new BenchResult(json, table);
  }

  private void measure(int threads, CodecOps codec, HostMemory memory) {
    int n = request.quick() ? SHORT : LONG;
    Map<String, Floats> vectors = new LinkedHashMap<>();
    vectors.put("normal", Vectors.normal(n, memory));
    vectors.put("laplace", Vectors.laplace(n, memory));
    vectors.put("clicks", Vectors.clicks(memory));
    List<String> names = new ArrayList<>();
    for (String vector : vectors.keySet()) {
      names.add("codes int8 " + vector);
      names.add("codes int4 " + vector);
      names.add("codes step " + vector);
      COMPRESSORS.forEach(spec -> names.add(spec + " " + vector));
    }
    for (String name : CasePattern.choose(names, found -> found, request.only())) {
      String vector = name.substring(name.lastIndexOf(' ') + 1);
      request.progress().accept(name + ", " + threads + " thread(s)");
      try (HostMemory own = memory.child("case")) {
        if (name.startsWith("codes ")) {
          codes(name, threads, codes(name, vectors.get(vector), codec, own), codec, own);
        } else {
          String spec = name.substring(0, name.lastIndexOf(' '));
          compressor(name, spec, threads, vectors.get(vector), codec, own);
        }
      }
    }
  }

  private static byte[] codes(String name, Floats vector, CodecOps codec, HostMemory memory) {
    long n = vector.length();
    Bytes codes = memory.bytes(n);
    if (name.startsWith("codes step")) {
      double square = codec.sumOfSquares(vector, 0, n) / n;
      codec.quantizeSteps(vector, (float) (0.2 * Math.sqrt(square)), 0.4f, codes, 0, n);
    } else {
      int bits = name.startsWith("codes int8") ? 8 : 4;
      codec.quantizeToBytes(bits, vector, 256, codes, memory.floats(Math.ceilDiv(n, 256)), 0, n);
    }
    return codes.toArray();
  }

  private void codes(String name, int threads, byte[] codes, CodecOps codec, HostMemory memory) {
    double entropyBytes = entropy(codes) * codes.length / 8;
    List<Squeezer> squeezers = Squeezer.all(codes, codec, memory);
    List<Runnable> calls = new ArrayList<>();
    List<Long> sizes = new ArrayList<>();
    for (Squeezer squeezer : squeezers) {
      sizes.add(squeezer.squeeze());
      squeezer.unsqueeze();
      if (!Arrays.equals(codes, squeezer.result())) {
        throw new IllegalStateException(squeezer.who() + " does not bring back " + name);
      }
      calls.add(squeezer::squeeze);
      calls.add(squeezer::unsqueeze);
    }
    List<Timing> timings = turns.time(calls);
    for (int c = 0; c < calls.size(); c++) {
      Squeezer squeezer = squeezers.get(c / 2);
      double size = sizes.get(c / 2);
      rows.add(
          new CodecRow(
              name + (c % 2 == 0 ? " encode" : " decode"),
              squeezer.who(),
              squeezer.peer(),
              squeezer.peer() ? 1 : threads,
              codes.length,
              timings.get(c),
              size / codes.length,
              Double.NaN,
              entropyBytes == 0 ? Double.NaN : size / entropyBytes - 1));
    }
  }

  /// Bits per code.
  private static double entropy(byte[] codes) {
    long[] counts = new long[256];
    for (byte code : codes) {
      counts[code & 255]++;
    }
    double bits = 0;
    for (long count : counts) {
      if (count > 0) {
        bits += count * Math.log((double) codes.length / count) / Math.log(2);
      }
    }
    return bits / codes.length;
  }

  private void compressor(
      String name, String spec, int threads, Floats input, CodecOps codec, HostMemory memory) {
    long n = input.length();
    Compressor compressor = Compressors.parse(spec, n, codec, memory);
    Codecs codecs = new Codecs(n, compressor.maxKept(n), codec, memory);
    Floats vector = memory.floats(n);
    Floats sum = memory.floats(n);
    Bytes payload = memory.bytes(compressor.maxPayloadBytes(n));
    long[] bytes = new long[1];
    vector.copyFrom(input);
    bytes[0] = compressor.encode(vector, payload);
    long first = bytes[0];
    double norm = Math.sqrt(codec.sumOfSquares(input, 0, n));
    double error = Math.sqrt(codec.sumOfSquares(vector, 0, n)) / norm;
    codecs.addDecoded(payload, first, 1f, sum);
    // What travels and what is left are the vector.
    codec.addScaled(1f, vector, sum);
    codec.addScaled(-1f, input, sum);
    if (Math.sqrt(codec.sumOfSquares(sum, 0, n)) > 1e-6 * norm) {
      throw new IllegalStateException(spec + " loses something of " + name);
    }
    Runnable encode =
        () -> {
          vector.copyFrom(input);
          bytes[0] = compressor.encode(vector, payload);
        };
    List<Timing> timings =
        turns.time(List.of(encode, () -> codecs.addDecoded(payload, bytes[0], 0.5f, sum)));
    for (int c = 0; c < 2; c++) {
      rows.add(
          new CodecRow(
              name + (c == 0 ? " encode" : " decode"),
              compressor.name(),
              false,
              threads,
              Floats.BYTES * n,
              timings.get(c),
              (double) first / n,
              error,
              Double.NaN));
    }
  }
}
