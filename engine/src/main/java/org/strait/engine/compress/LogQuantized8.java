package org.strait.engine.compress;

import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.util.zip.Deflater;
import org.strait.kernels.CodecOps;
import org.strait.memory.Bytes;
import org.strait.memory.Floats;
import org.strait.memory.HostMemory;

/// Every element of a non-negative vector of huge range, for instance a diagonal of curvatures, in
/// 8 bits on a log scale: code 255 is the largest element, each step below it a factor 2^(-1/4), 0
/// is exactly 0; then deflated (RFC 1951, level 6), since such vectors have many zeros and repeats.
/// A decoded element is within a factor 2^(1/8) = 1.09 of the true one, if that is above 2^-63.5 of
/// the largest; smaller ones are raised to there. Where that is below the smallest normal float32,
/// half of the smallest subnormal comes on top. For vectors that travel rarely: encoding allocates.
final class LogQuantized8 implements Compressor {
  private static final double LOG_2 = Math.log(2);

  private final long n;
  private final CodecOps codec;
  private final Bytes codes;

  /// @param n length of the vectors
  LogQuantized8(long n, CodecOps codec, HostMemory memory) {
    this.n = n;
    this.codec = codec;
    codes = memory.bytes(n);
  }

  @Override
  public String name() {
    return "log8";
  }

  @Override
  public long maxPayloadBytes(long length) {
    PayloadLayout.checkLength(name(), n, length);
    // stored blocks of at most 65535 bytes with 5 bytes each, and then some
    return PayloadLayout.MOST_HEADER_BYTES + Floats.BYTES + n + n / 1000 + 64;
  }

  @Override
  public long maxKept(long length) {
    PayloadLayout.checkLength(name(), n, length);
    return n;
  }

  @Override
  public long encode(Floats vector, Bytes payload) {
    PayloadLayout.checkOperands(name(), n, vector.length(), payload.length(), maxPayloadBytes(n));
    FiniteCheck.check(codec, "vector", vector, Float.MAX_VALUE);
    float max = codec.maxAbs(vector);
    for (long i = 0; i < n; i++) {
      codes.set(i, (byte) code(vector.get(i), max, i));
    }
    MemorySegment out = payload.segment();
    PayloadLayout.put(out, PayloadCode.LOG8, false, IndexCode.ALL, 0, n, n, 0);
    long at = PayloadLayout.headerBytes(n, n, 0);
    out.set(PayloadLayout.F32, at, max);
    long bytes = at + Floats.BYTES + deflate(out.asSlice(at + Floats.BYTES));
    float[] table = table(max);
    for (long i = 0; i < n; i++) {
      vector.set(i, vector.get(i) - table[codes.get(i) & 0xff]);
    }
    return bytes;
  }

  /// Value of each code.
  static float[] table(float max) {
    float[] table = new float[256];
    for (int code = 1; code < 256; code++) {
      table[code] = (float) (max * StrictMath.pow(2, (code - 255) / 4.0));
    }
    return table;
  }

  private static int code(float value, float max, long i) {
    if (value < 0) {
      throw new IllegalArgumentException(
          "log8 needs elements of at least 0, element " + i + " is " + value);
    }
    if (value == 0) {
      return 0;
    }
    long code = 255 + Math.round(4 * Math.log((double) value / max) / LOG_2);
    return Math.clamp(code, 1, 255);
  }

  private long deflate(MemorySegment out) {
    Deflater deflater = new Deflater(6, true);
    try {
      ByteBuffer room = out.asByteBuffer();
      deflater.setInput(codes.segment().asByteBuffer());
      deflater.finish();
      while (!deflater.finished()) {
        if (deflater.deflate(room) == 0 && !room.hasRemaining()) {
          throw new IllegalStateException("deflate needs more than " + out.byteSize() + " bytes");
        }
      }
      return room.position();
    } finally {
      deflater.end();
    }
  }
}
