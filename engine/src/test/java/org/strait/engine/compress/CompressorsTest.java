package org.strait.engine.compress;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.strait.kernels.CodecOps;
import org.strait.memory.Bytes;
import org.strait.memory.Floats;
import org.strait.memory.HostMemory;

class CompressorsTest {
  private final CodecOps codec = TestCodec.ops();

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "dense | dense | 1000",
        "int8 | int8 | 1000",
        "top-k:0.01 | top-k 1% | 10",
        "top-k:1% | top-k 1% | 10",
        "top-k: 0.5 % | top-k 0.5% | 5",
        "top-k:1e-9 | top-k 0.0000001% | 1",
        "top-k:0.0011,int8 | top-k 0.11% int8 | 2",
        "top-k:1 | top-k 100% | 1000",
        "top-k:0.01,int8,error-feedback | top-k 1% int8 error-feedback | 10",
        "top-k:0.01 , ef | top-k 1% error-feedback | 10",
        "dense,ef | dense error-feedback | 1000",
        "int8,difference | int8 difference | 1000",
        "top-k:7%,int8,ef21 | top-k 7% int8 difference | 70",
        "top-k:auto | top-k auto | 1000",
        "top-k:auto,int8 | top-k auto int8 | 1000",
        "top-k:auto,ef | top-k auto error-feedback | 1000",
        "top-k:auto , int8 , difference | top-k auto int8 difference | 1000",
        "log8 | log8 | 1000",
        "dense,int8 | int8 | 1000",
        "dense,fp32 | dense | 1000",
        "fp16 | fp16 | 1000",
        "bf16,rans,ef | bf16 rans error-feedback | 1000",
        "dense,rans | dense rans | 1000",
        "int4/1024,rans,difference | int4/1024 rans difference | 1000",
        "int2,ef:0.95 | int2 error-feedback 0.95 | 1000",
        "sign,error-feedback | sign error-feedback | 1000",
        "step:0.2,rans,difference | step 0.2 rans difference | 1000",
        "step:auto,rans | step auto rans | 1000",
        "top-k:1%,int5,rans | top-k 1% int5 rans | 10",
        "top-k:auto,rans,ef21 | top-k auto rans difference | 1000",
        "threshold:1% | threshold 1% | 84",
        "threshold:0.4,int6 | threshold 40% int6 | 864",
        "chunk-top-k:3/100,int2,ef:0.95 | chunk-top-k 3/100 int2 error-feedback 0.95 | 30",
        "chunk-top-k:64/4096 | chunk-top-k 64/4096 | 16",
        "significance:0.01,fp16,ef | significance 0.01 fp16 error-feedback | 1000",
      })
  void knowsItsLanguage(String spec, String name, long kept) {
    try (HostMemory memory = HostMemory.unlimited("test")) {
      Compressor compressor = Compressors.parse(spec, 1000, codec, memory);
      assertEquals(name, compressor.name());
      assertEquals(kept, compressor.maxKept(1000));
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "topk",
        "gzip",
        "top-k:0.01,fp8",
        "int8,dense",
        "int8,int8",
        "rans",
        "int8,ef,rans",
        "fp32/1024",
        "step:0.1/512",
        "int3",
        "log8,rans",
        "ef,top-k:0.01",
        "top-k:0.01,int8,ef,difference",
        "top-k:0.01,difference,ef",
        "dense,",
        "log8,ef",
        "log8,difference",
        "log8,int8",
        "log16",
        "top-k:auto,auto",
        "auto",
        "top-k:0.1,int8,"
      })
  void unknownWordsAreAnsweredWithTheKnownOnes(String spec) {
    try (HostMemory memory = HostMemory.unlimited("test")) {
      String message =
          assertThrows(
                  IllegalArgumentException.class,
                  () -> Compressors.parse(spec, 1000, codec, memory))
              .getMessage();
      assertTrue(message.contains("\"" + spec + "\""), message);
      assertTrue(message.contains("for example top-k:0.01,int8,error-feedback"), message);
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "top-k",
        "top-k:",
        "top-k:x",
        "top-k:Auto",
        "top-k:auto%",
        "top-k:%",
        "top-k:0",
        "top-k:-1",
        "top-k:1.01",
        "top-k:5",
        "top-k:101%",
        "top-k:1e-999999999"
      })
  void badDensitiesAreAnsweredWithAGoodOne(String spec) {
    try (HostMemory memory = HostMemory.unlimited("test")) {
      String message =
          assertThrows(
                  IllegalArgumentException.class,
                  () -> Compressors.parse(spec, 1000, codec, memory))
              .getMessage();
      assertTrue(message.contains("for example top-k:0.01 or top-k:1%"), message);
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "chunk-top-k:64 | for example chunk-top-k:64/4096",
        "chunk-top-k:5/4 | keeps more than there are",
        "chunk-top-k:0/4 | is not in 1.0 .. ",
        "threshold:x | for example threshold:0.01 or threshold:1%",
        "significance:-1 | for example significance:0.01",
        "int8/300 | for example int8/1024",
        "int8/128 | is not in 256.0 .. 65536.0",
        "step:0 | for example step:0.2 or step:auto",
        "int8,ef:2 | for example error-feedback:0.95",
        "int8,ef: | is not a number",
      })
  void badNumbersAreAnsweredWithAGoodOne(String spec, String answer) {
    try (HostMemory memory = HostMemory.unlimited("test")) {
      String message =
          assertThrows(
                  IllegalArgumentException.class,
                  () -> Compressors.parse(spec, 1000, codec, memory))
              .getMessage();
      assertTrue(message.contains(answer), message);
    }
  }

  @Test
  void vectorsTooLongForAPayloadAreRefusedAtOnce() {
    long n = Integer.MAX_VALUE;
    try (HostMemory memory = new HostMemory("test", 1 << 20)) {
      assertTrue(
          assertThrows(
                  IllegalArgumentException.class,
                  () -> Compressors.parse("dense", n, codec, memory))
              .getMessage()
              .contains("8589934604"));
      assertThrows(
          IllegalArgumentException.class, () -> Compressors.parse("dense", n + 1, codec, memory));
    }
  }

  /// 1 % of a Gaussian vector: the index code is within 2 % of the entropy bound.
  @Test
  void bytesPerKeptElementAreNearTheEntropyBound() {
    int n = 1 << 18;
    try (HostMemory memory = HostMemory.unlimited("test")) {
      Compressor compressor = Compressors.parse("top-k:1%,int8", n, codec, memory);
      long k = compressor.maxKept(n);
      Floats vector = memory.floats(n);
      vector.copyFrom(RoundTripTest.vector("gaussian", n, 21));
      Bytes payload = memory.bytes(compressor.maxPayloadBytes(n));
      double bits = 8.0 * compressor.encode(vector, payload) / k;
      double logChoose = 0;
      for (long i = 0; i < k; i++) {
        logChoose += Math.log((double) (n - i) / (k - i)) / Math.log(2);
      }
      double bound = logChoose / k + 8;
      assertTrue(bits >= bound, bits + " bits below the bound " + bound);
      assertTrue(bits <= 1.02 * bound, bits + " bits, bound " + bound);
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "dense",
        "int8",
        "top-k:1%",
        "top-k:1%,int8,ef",
        "top-k:60%,ef",
        "top-k:1%,difference",
        "top-k:auto",
        "top-k:auto,ef",
        "top-k:auto,int8,ef",
        "top-k:auto,int8,difference",
        "int4,rans,ef",
        "int2,rans",
        "bf16,rans,ef",
        "step:auto,rans,difference",
        "top-k:5%,int5,rans,ef:0.9",
        "threshold:2%,int8,rans,ef",
        "chunk-top-k:8/512,int2,ef",
        "significance:0.1,fp16,ef"
      })
  void encodingAndDecodingAllocateNothing(String spec) {
    int n = 4000;
    ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    try (HostMemory memory = HostMemory.unlimited("test")) {
      Compressor compressor = Compressors.parse(spec, n, codec, memory);
      Codecs codecs = new Codecs(n, compressor.maxKept(n), codec, memory);
      Floats[] inputs = new Floats[8];
      for (int i = 0; i < inputs.length; i++) {
        inputs[i] = memory.floats(n);
        inputs[i].copyFrom(RoundTripTest.vector("gaussian", n, i));
      }
      Floats vector = memory.floats(n);
      Floats sum = memory.floats(n);
      Bytes payload = memory.bytes(compressor.maxPayloadBytes(n));
      // The best of five windows: the JVM may link or recompile a path late, once.
      long least = Long.MAX_VALUE;
      for (int window = 0; window < 5; window++) {
        long before = threads.getCurrentThreadAllocatedBytes();
        for (int i = 0; i < 100; i++) {
          // With a budget, another number of elements in every step.
          compressor.tolerate(i % 7 == 0 ? Double.NaN : 10 * (i % 7));
          step(compressor, codecs, inputs[i % inputs.length], vector, payload, sum);
        }
        least = Math.min(least, threads.getCurrentThreadAllocatedBytes() - before);
      }
      assertEquals(0, least);
    }
  }

  private static void step(
      Compressor compressor,
      Codecs codecs,
      Floats input,
      Floats vector,
      Bytes payload,
      Floats sum) {
    vector.copyFrom(input);
    codecs.addDecoded(payload, compressor.encode(vector, payload), 0.5f, sum);
  }
}
