package org.strait.engine.compress;

import java.util.Arrays;
import java.util.SplittableRandom;
import org.strait.memory.Bytes;
import org.strait.memory.Floats;
import org.strait.memory.HostMemory;

/// Encode and decode-add in MB/s of float32 input, and bits per kept element against the entropy
/// bound: {@code java -cp … org.strait.engine.compress.CodecThroughput SPEC N ROUNDS}. Not a test;
/// the median of the second half of the rounds is printed.
public final class CodecThroughput {
  private CodecThroughput() {}

  /// Measures one compressor.
  public static void main(String[] arguments) {
    String spec = arguments[0];
    int n = Integer.parseInt(arguments[1]);
    int rounds = Integer.parseInt(arguments[2]);
    try (HostMemory memory = HostMemory.unlimited("throughput")) {
      Compressor compressor = Compressors.parse(spec, n, TestCodec.ops(), memory);
      long k = compressor.maxKept(n);
      Codecs codecs = new Codecs(n, k, TestCodec.ops(), memory);
      Floats input = memory.floats(n);
      SplittableRandom random = new SplittableRandom(1);
      for (long i = 0; i < n; i++) {
        input.set(i, (float) random.nextGaussian());
      }
      Floats vector = memory.floats(n);
      Floats sum = memory.floats(n);
      Bytes payload = memory.bytes(compressor.maxPayloadBytes(n));
      long[] encode = new long[rounds];
      long[] decode = new long[rounds];
      long firstBytes = 0;
      for (int round = 0; round < rounds; round++) {
        vector.copyFrom(input);
        long start = System.nanoTime();
        long bytes = compressor.encode(vector, payload);
        long middle = System.nanoTime();
        codecs.addDecoded(payload, bytes, 0.5f, sum);
        encode[round] = middle - start;
        decode[round] = System.nanoTime() - middle;
        firstBytes = round == 0 ? bytes : firstBytes;
      }
      double bound = 8;
      for (long i = 0; i < k; i++) {
        bound += Math.log((double) (n - i) / (k - i)) / Math.log(2) / k;
      }
      System.out.printf(
          "%s n=%d k=%d: encode %.0f MB/s, decode-add %.0f MB/s; first payload %d bytes,"
              + " %.3f bytes = %.3f bits per element (log2 C(n,k)/k + 8 = %.3f)%n",
          compressor.name(),
          n,
          k,
          4e3 * n / median(encode),
          4e3 * n / median(decode),
          firstBytes,
          (double) firstBytes / k,
          8.0 * firstBytes / k,
          bound);
    }
  }

  private static double median(long[] nanos) {
    long[] late = Arrays.copyOfRange(nanos, nanos.length / 2, nanos.length);
    Arrays.sort(late);
    return late[late.length / 2];
  }
}
