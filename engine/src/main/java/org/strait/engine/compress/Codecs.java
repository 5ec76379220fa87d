package org.strait.engine.compress;

import java.lang.foreign.MemorySegment;
import java.util.List;
import org.strait.kernels.CodecOps;
import org.strait.memory.Bytes;
import org.strait.memory.Floats;
import org.strait.memory.HostMemory;

/// Payloads back to vectors: one decoder for every code, and the room they need. One instance
/// serves one thread and vectors of one length. Decoding allocates nothing, but for the log 8-bit
/// code.
public final class Codecs {
  private static final List<Decoder> DECODERS =
      List.of(
          new DenseFloat32Decoder(),
          new DenseInt8Decoder(),
          new SparseFloat32Decoder(),
          new SparseInt8Decoder(),
          new LogInt8Decoder());
  private static final Decoder[] BY_NUMBER = byNumber(DECODERS);

  private final long n;
  private final long maxKept;
  private final Decoded decoded;

  /// @param n length of the vectors, 0 … 2^31 - 1
  /// @param maxKept most elements that a payload may hold ({@link Compressor#maxKept}); memory
  ///     grows with it, by 9 bytes per element
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
    if (payloadBytes < PayloadLayout.HEADER_BYTES || payloadBytes > payload.length()) {
      throw new PayloadException(
          "payload of "
              + payloadBytes
              + " bytes; expected at least a header of "
              + PayloadLayout.HEADER_BYTES
              + " and at most the "
              + payload.length()
              + " bytes of the buffer");
    }
    MemorySegment bytes = payload.segment();
    PayloadLayout.expect(
        "magic",
        PayloadLayout.MAGIC_OFFSET,
        PayloadLayout.u16(bytes, PayloadLayout.MAGIC_OFFSET),
        PayloadLayout.MAGIC);
    PayloadLayout.expect(
        "version",
        PayloadLayout.VERSION_OFFSET,
        PayloadLayout.u8(bytes, PayloadLayout.VERSION_OFFSET),
        PayloadLayout.VERSION);
    PayloadLayout.expect(
        "payload length",
        PayloadLayout.PAYLOAD_BYTES_OFFSET,
        PayloadLayout.u32(bytes, PayloadLayout.PAYLOAD_BYTES_OFFSET),
        payloadBytes);
    PayloadLayout.expect(
        "vector length n",
        PayloadLayout.N_OFFSET,
        PayloadLayout.u32(bytes, PayloadLayout.N_OFFSET),
        n);
    long k = PayloadLayout.u32(bytes, PayloadLayout.K_OFFSET);
    if (k > maxKept) {
      throw new PayloadException(
          "payload byte "
              + PayloadLayout.K_OFFSET
              + ": "
              + k
              + " elements, expected at most "
              + maxKept);
    }
    decoder(PayloadLayout.u8(bytes, PayloadLayout.CODE_OFFSET))
        .decode(bytes, payloadBytes, n, k, decoded);
    decoded.addTo(weight, sum);
  }

  private static Decoder decoder(int number) {
    Decoder decoder = number < BY_NUMBER.length ? BY_NUMBER[number] : null;
    if (decoder == null) {
      throw new PayloadException(
          "payload byte "
              + PayloadLayout.CODE_OFFSET
              + ": unknown code "
              + number
              + "; known: "
              + DECODERS.stream().map(d -> d.code().number + " " + d.code()).toList());
    }
    return decoder;
  }

  /// A table by code number.
  ///
  /// @throws IllegalStateException unless every code has exactly one decoder
  static Decoder[] byNumber(List<Decoder> decoders) {
    Decoder[] table = new Decoder[256];
    for (Decoder decoder : decoders) {
      int number = decoder.code().number;
      if (table[number] != null) {
        throw new IllegalStateException("two decoders for payload code " + decoder.code());
      }
      table[number] = decoder;
    }
    for (PayloadCode code : PayloadCode.values()) {
      if (table[code.number] == null || table[code.number].code() != code) {
        throw new IllegalStateException("no decoder for payload code " + code);
      }
    }
    return table;
  }
}
