package org.strait.engine.compress;

import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import org.strait.engine.compress.entropy.CorruptStreamException;
import org.strait.kernels.CodecOps;
import org.strait.memory.Bytes;
import org.strait.memory.Floats;
import org.strait.memory.HostMemory;

/// Payloads back to vectors: one decoder for every code, and the room they need. One instance
/// serves one thread and vectors of one length. Decoding allocates nothing, but for the log 8-bit
/// code.
public final class Codecs {
  private final Decoder floats = new FloatDecoder();
  private final Decoder blocks = new BlockDecoder();
  private final Decoder steps = new StepDecoder();
  private final Decoder logs = new LogDecoder();
  private final Header header = new Header();
  private final long n;
  private final long maxKept;
  private final Decoded decoded;

  /// @param n length of the vectors, 0 … 2^31 - 1
  /// @param maxKept most elements that a payload may hold ({@link Compressor#maxKept}); memory
  ///     grows with it, by 11 bytes per element
  /// @param codec dequantises and adds
  /// @param memory owner of the room
  public Codecs(long n, long maxKept, CodecOps codec, HostMemory memory) {
    if (n < 0 || n > PayloadLayout.MAX_N || maxKept < 0 || maxKept > n) {
      throw new IllegalArgumentException(
          "decoder for "
              + maxKept
              + " of "
              + n
              + " elements; expected 0 <= kept <= n <= "
              + PayloadLayout.MAX_N);
    }
    this.n = n;
    this.maxKept = maxKept;
    decoded = new Decoded(maxKept, codec, memory);
  }

  /// sum ← sum + weight·decoded payload. The whole payload is checked before anything is added; if
  /// it is refused, sum is as before. Modified: sum.
  ///
  /// @param payload holds the payload in its first {@code payloadBytes} bytes
  /// @throws PayloadException if the payload is not one that a compressor for n elements writes
  /// @throws IllegalArgumentException if sum has another length than n
  public void addDecoded(Bytes payload, long payloadBytes, float weight, Floats sum) {
    if (sum.length() != n) {
      throw new IllegalArgumentException("sum has " + sum.length() + " floats, expected " + n);
    }
    MemorySegment bytes = payload.segment();
    header.read(bytes, payloadBytes, n, maxKept);
    Decoder decoder = decoder(header.code, PayloadLayout.u8(bytes, PayloadLayout.CODE_OFFSET));
    try {
      decoded.readIndices(bytes, header);
      decoder.decode(bytes, header, decoded);
    } catch (CorruptStreamException e) {
      throw new PayloadException("coded symbols: " + e.getMessage());
    }
    decoded.addTo(weight, sum);
  }

  private Decoder decoder(PayloadCode code, int number) {
    if (code == null) {
      throw new PayloadException(
          "payload byte "
              + PayloadLayout.CODE_OFFSET
              + ": unknown code "
              + number
              + "; known: "
              + Arrays.stream(PayloadCode.values()).map(c -> c.number + " " + c).toList());
    }
    return switch (code) {
      case FLOAT32, FLOAT16, BFLOAT16 -> floats;
      case INT8, INT6, INT5, INT4, INT2, SIGN -> blocks;
      case STEP -> steps;
      case LOG8 -> logs;
    };
  }
}
