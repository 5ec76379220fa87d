package org.strait.engine.compress;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import org.strait.kernels.Half;

/// The inverse of {@link FloatValues}.
final class FloatDecoder implements Decoder {
  @Override
  public void decode(MemorySegment payload, Header header, Decoded into) {
    int width = FloatValues.width(header.code);
    long k = header.k;
    MemorySegment bytes = into.wide(header.code).segment();
    if (header.entropy) {
      long at = header.valuesAt;
      for (int b = 0; b < width; b++) {
        long size = PayloadLayout.length(payload, at, header.payloadBytes, "length of coded bytes");
        at += PayloadLayout.lengthBytes(size);
        if (size > header.payloadBytes - at) {
          throw new PayloadException(
              "payload byte " + at + ": " + size + " coded bytes, the payload ends before");
        }
        into.symbols.decode(payload, at, size, into.codes, k, Byte.MIN_VALUE, Byte.MAX_VALUE);
        at += size;
        for (long i = 0; i < k; i++) {
          bytes.set(ValueLayout.JAVA_BYTE, i * width + b, into.codes.get(i));
        }
      }
      PayloadLayout.expect("end of coded bytes", at, at, header.payloadBytes);
    } else {
      header.expectValueBytes(width * k);
      MemorySegment.copy(payload, header.valuesAt, bytes, 0, width * k);
    }
    if (header.code == PayloadCode.FLOAT32) {
      // In place: values are where the bytes went, turned round where the machine wants it.
      MemorySegment.copy(bytes, PayloadLayout.F32, 0, into.values.segment(), Decoded.F32, 0, k);
    } else {
      Half format = FloatValues.format(header.code);
      into.codec.widen(format, into.wide(header.code), into.values, 0, k);
    }
    into.useValues();
  }
}
