package org.strait.engine.disk;

import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import org.strait.memory.Floats;

/// Runs of float32 as bytes, little-endian on every machine, block by block.
public final class FloatBytes {
  private static final int BLOCK_BYTES = 1 << 16;
  private static final ValueLayout.OfFloat F32 =
      ValueLayout.JAVA_FLOAT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

  /// Takes all bytes of a block.
  @FunctionalInterface
  public interface Sink {
    void write(ByteBuffer block) throws IOException;
  }

  /// Gives a block of exactly so many bytes, or fails.
  @FunctionalInterface
  public interface Source {
    ByteBuffer read(int bytes) throws IOException;
  }

  private FloatBytes() {}

  /// Writes a run.
  public static void write(Floats run, Sink sink) throws IOException {
    MemorySegment segment = run.segment();
    byte[] block = new byte[BLOCK_BYTES];
    for (long at = 0; at < segment.byteSize(); at += BLOCK_BYTES) {
      int bytes = (int) Math.min(BLOCK_BYTES, segment.byteSize() - at);
      MemorySegment.copy(
          segment,
          ValueLayout.JAVA_FLOAT,
          at,
          MemorySegment.ofArray(block),
          F32,
          0,
          bytes / Floats.BYTES);
      sink.write(ByteBuffer.wrap(block, 0, bytes));
    }
  }

  /// Reads elements.
  ///
  /// @param into as long as that, or null if they are only to be taken from the source. Modified.
  public static void read(Source source, long elements, Floats into) throws IOException {
    long bytes = elements * Floats.BYTES;
    for (long at = 0; at < bytes; at += BLOCK_BYTES) {
      int count = (int) Math.min(BLOCK_BYTES, bytes - at);
      ByteBuffer block = source.read(count);
      if (into != null) {
        MemorySegment.copy(
            MemorySegment.ofBuffer(block),
            F32,
            0,
            into.segment(),
            ValueLayout.JAVA_FLOAT,
            at,
            count / Floats.BYTES);
      }
    }
  }
}
