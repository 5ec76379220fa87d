package org.strait.engine.compress;

import java.lang.foreign.MemorySegment;
import org.strait.kernels.CodecOps;
import org.strait.memory.Floats;
import org.strait.memory.HostMemory;
import org.strait.memory.Ints;

/// What one payload says, complete and checked, before any of it is added anywhere.
final class Decoded {
  private final CodecOps codec;
  private final IndexCode indexCode = new IndexCode();

  private final Ints indices;

  /// Room for codes and scales of as many values.
  final Int8Blocks blocks;

  /// Room for the kept values; the first {@link #count} are meant.
  final Floats values;

  /// Number of kept values.
  long count;

  private boolean all;

  /// Room for {@code maxKept} elements.
  Decoded(long maxKept, CodecOps codec, HostMemory memory) {
    this.codec = codec;
    values = memory.floats(maxKept);
    indices = memory.ints(maxKept);
    blocks = new Int8Blocks(maxKept, codec, memory);
  }

  /// Checks that header, values and index bytes are the whole payload, and reads the
  /// indices.
  ///
  /// @throws PayloadException if lengths do not add up or the index bytes are not k indices below n
  void readIndices(MemorySegment payload, long payloadBytes, long n, long k, long valueBytes) {
    int code = PayloadLayout.u8(payload, PayloadLayout.INDEX_CODE_OFFSET);
    int rice = PayloadLayout.u8(payload, PayloadLayout.RICE_OFFSET);
    long indexBytes = PayloadLayout.u32(payload, PayloadLayout.INDEX_BYTES_OFFSET);
    long indexAt = PayloadLayout.HEADER_BYTES + valueBytes;
    PayloadLayout.expect(
        "payload length", PayloadLayout.PAYLOAD_BYTES_OFFSET, payloadBytes, indexAt + indexBytes);
    count = k;
    all = code == IndexCode.ALL;
    indexCode.read(payload, indexAt, indexBytes, code, rice, n, k, indices);
  }

  /// Says that {@link #values} holds all n elements in order.
  void keepAll(long n) {
    count = n;
    all = true;
  }

  /// sum ← sum + weight·decoded.
  void addTo(float weight, Floats sum) {
    if (!all) {
      codec.scatterAdd(count, indices, weight, values, sum);
      return;
    }
    int n = (int) count;
    for (int i = 0; i < n; i++) {
      sum.set(i, sum.get(i) + weight * values.get(i));
    }
  }

  /// Checks that the values are finite.
  ///
  /// @throws PayloadException if one is not
  void checkFinite() {
    for (long i = 0; i < count; i++) {
      if (!Float.isFinite(values.get(i))) {
        throw new PayloadException("payload value " + i + " of " + count + " is " + values.get(i));
      }
    }
  }
}
