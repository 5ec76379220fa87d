package org.strait.engine.compress;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import org.strait.kernels.Levels;
import org.strait.kernels.PackedCodes;
import org.strait.memory.Floats;

/// The inverse of {@link BlockValues}.
final class BlockDecoder implements Decoder {
  @Override
  public void decode(MemorySegment payload, Header header, Decoded into) {
    long k = header.k;
    int bits = header.code.bits;
    if (k == 0) {
      header.expectValueBytes(0);
      into.useValues();
      return;
    }
    int log = header.valueBytes() == 0 ? -1 : PayloadLayout.u8(payload, header.valuesAt);
    int block = log < 0 || log > 16 ? 0 : 1 << log;
    if (block < BlockValues.BLOCK || block > BlockValues.MOST_BLOCK) {
      throw new PayloadException(
          "payload byte " + header.valuesAt + ": blocks of 2^" + log + ", expected 2^8 to 2^16");
    }
    long blocks = Math.ceilDiv(k, block);
    long scalesAt = header.valuesAt + 1;
    long codesAt = scalesAt + Floats.BYTES * blocks;
    long codeBytes = header.payloadBytes - codesAt;
    if (codeBytes < 0) {
      header.expectValueBytes(1 + Floats.BYTES * blocks);
    }
    readScales(payload, scalesAt, blocks, BlockValues.maxScale(bits), into);
    if (!header.entropy) {
      long packed = PackedCodes.bytes(bits, k);
      header.expectValueBytes(1 + Floats.BYTES * blocks + packed);
      MemorySegment.copy(payload, codesAt, into.codes.segment(), 0, packed);
      into.useBlocks(bits, block);
      return;
    }
    int most = bits >= 4 ? (1 << (bits - 1)) - 1 : (1 << bits) - 1;
    int least = bits >= 4 ? -most : 0;
    into.symbols.decode(payload, codesAt, codeBytes, into.codes, k, least, most);
    if (bits >= 4) {
      into.useBlocks(8, block);
      return;
    }
    for (long i = 0; i < k; i++) {
      float level = Levels.level(bits, into.codes.get(i));
      into.values.set(i, into.scales.get(i / block) * level);
    }
    into.useValues();
  }

  private static void readScales(
      MemorySegment payload, long at, long blocks, float most, Decoded into) {
    MemorySegment.copy(
        payload, PayloadLayout.F32, at, into.scales.segment(), ValueLayout.JAVA_FLOAT, 0, blocks);
    for (long b = 0; b < blocks; b++) {
      float scale = into.scales.get(b);
      if (!(scale >= 0 && scale <= most)) {
        throw new PayloadException(
            "payload byte "
                + (at + Floats.BYTES * b)
                + ": scale of block "
                + b
                + " is "
                + scale
                + ", expected 0 .. "
                + most);
      }
    }
  }
}
