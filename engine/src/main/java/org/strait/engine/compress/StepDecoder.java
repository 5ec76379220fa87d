package org.strait.engine.compress;

import java.lang.foreign.MemorySegment;
import org.strait.memory.Floats;

/// The inverse of {@link StepValues}.
final class StepDecoder implements Decoder {
  @Override
  public void decode(MemorySegment payload, Header header, Decoded into) {
    long k = header.k;
    if (k == 0) {
      header.expectValueBytes(0);
      into.useValues();
      return;
    }
    long at = header.valuesAt;
    if (header.valueBytes() < Floats.BYTES) {
      throw new PayloadException("payload byte " + at + ": no step");
    }
    float step = payload.get(PayloadLayout.F32, at);
    if (step != 0 && !(step >= Float.MIN_NORMAL && step <= StepValues.MAX_MAGNITUDE)) {
      throw new PayloadException(
          "payload byte " + at + ": step is " + step + ", expected 0 or a normal number");
    }
    at += Floats.BYTES;
    long far = PayloadLayout.length(payload, at, header.payloadBytes, "count of far numbers");
    long farAt = at + PayloadLayout.lengthBytes(far);
    at = farAt;
    for (long f = 0; f < far; f++) {
      long code = PayloadLayout.length(payload, at, header.payloadBytes, "far number");
      if (code > 2L * StepValues.MOST_FAR) {
        throw new PayloadException("payload byte " + at + ": a number of " + code + " is too far");
      }
      at += PayloadLayout.lengthBytes(code);
    }
    if (header.entropy) {
      into.symbols.decode(
          payload, at, header.payloadBytes - at, into.codes, k, Byte.MIN_VALUE, Byte.MAX_VALUE);
    } else {
      PayloadLayout.expect("length of numbers", at, header.payloadBytes - at, k);
      MemorySegment.copy(payload, at, into.codes.segment(), 0, k);
    }
    StepValues.fill(into.scales, step, k);
    if (far == 0) {
      into.useBlocks(8, StepValues.SPAN);
    } else {
      into.codec.dequantize(8, into.codes, StepValues.SPAN, into.scales, into.values, 0, k);
      putFar(payload, farAt, far, step, k, into);
      into.useValues();
    }
  }

  private static void putFar(
      MemorySegment payload, long farAt, long far, float step, long k, Decoded into) {
    long at = farAt;
    long found = 0;
    for (long i = 0; i < k; i++) {
      if (into.codes.get(i) == StepValues.FAR) {
        if (found++ < far) {
          long code = PayloadLayout.length(payload, at, Long.MAX_VALUE, "far number");
          at += PayloadLayout.lengthBytes(code);
          into.values.set(i, StepValues.unzigzag(code) * step);
        }
      }
    }
    PayloadLayout.expect("far numbers among the others", farAt, found, far);
  }
}
