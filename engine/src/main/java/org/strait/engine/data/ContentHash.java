package org.strait.engine.data;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import org.strait.memory.Floats;
import org.strait.memory.Ints;

/// SHA-256 over runs of numbers as little-endian bytes: the same on every machine.
public final class ContentHash {
  private static final int BLOCK_BYTES = 1 << 16;

  private final MessageDigest digest;
  private final byte[] block = new byte[BLOCK_BYTES];
  private final MemorySegment blockSegment = MemorySegment.ofArray(block);

  /// The hash of nothing so far.
  public ContentHash() {
    try {
      digest = MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("this JDK has no SHA-256", e);
    }
  }

  /// Adds all elements of a run.
  public ContentHash add(Floats run) {
    return add(run.segment(), ValueLayout.JAVA_FLOAT, ValueLayout.JAVA_FLOAT_UNALIGNED);
  }

  /// Adds all elements of a run.
  public ContentHash add(Ints run) {
    return add(run.segment(), ValueLayout.JAVA_INT, ValueLayout.JAVA_INT_UNALIGNED);
  }

  /// Adds one integer.
  public ContentHash add(int value) {
    for (int shift = 0; shift < 32; shift += 8) {
      digest.update((byte) (value >>> shift));
    }
    return this;
  }

  /// The hash of what was added, 64 hexadecimal digits; starts anew.
  public String hex() {
    return HexFormat.of().formatHex(digest.digest());
  }

  private ContentHash add(MemorySegment segment, ValueLayout from, ValueLayout to) {
    ValueLayout little = to.withOrder(ByteOrder.LITTLE_ENDIAN);
    for (long at = 0; at < segment.byteSize(); at += BLOCK_BYTES) {
      int bytes = (int) Math.min(BLOCK_BYTES, segment.byteSize() - at);
      MemorySegment.copy(segment, from, at, blockSegment, little, 0, bytes / from.byteSize());
      digest.update(block, 0, bytes);
    }
    return this;
  }
}
