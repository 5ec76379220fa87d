package org.strait.engine.transport;

import java.lang.foreign.MemorySegment;

/// What a transport's group does better as a whole than by posts and receives: with the network's
/// own collectives, or in memory that all members share. A transport that has them returns them
/// from {@link Transport#groupCollectives}; most have none.
///
/// All members call the same operations in the same order with the same sizes; one thread at a
/// time. Operands are native memory that any thread may use. Reductions leave the same bits at
/// every member that gets the result, in every run with the same group and sizes, but the order of
/// additions is the implementation's. A mean is a sum that the caller scales by 1/n. Nothing
/// allocates in steady state.
///
/// All throw PeerLostException if a member is gone or does not come within the deadline, and
/// IllegalStateException if the transport is closed.
public interface GroupCollectives {
  /// What a reduction adds or compares; in the byte order of the machine.
  enum Element {
    /// 32-bit IEEE 754.
    FLOAT32(4),
    /// 64-bit IEEE 754.
    FLOAT64(8),
    /// 32-bit two's complement; a sum wraps around.
    INT32(4);

    private final int bytes;

    Element(int bytes) {
      this.bytes = bytes;
    }

    /// Bytes per element.
    public int bytes() {
      return bytes;
    }

    /// Number of elements in so many bytes.
    ///
    /// @throws IllegalArgumentException if that is not a whole number
    public long count(long ofBytes) {
      if (ofBytes % bytes != 0) {
        throw new IllegalArgumentException(ofBytes + " bytes are not a whole number of " + this);
      }
      return ofBytes / bytes;
    }
  }

  /// How elements are combined.
  enum Reduction {
    /// Added.
    SUM,
    /// The largest; what it is where an operand is a NaN is the implementation's.
    MAX
  }

  /// Checks that a block of every member fills a segment.
  ///
  /// @param bytes of a block
  /// @throws IllegalArgumentException if the blocks do not fill it
  static void checkBlocks(int members, long bytes, MemorySegment all) {
    if (all.byteSize() != Math.multiplyExact(bytes, (long) members)) {
      throw new IllegalArgumentException(
          members + " blocks of " + bytes + " bytes do not fill " + all.byteSize() + " bytes");
    }
  }

  /// Replaces the elements by their reduction over all members. Modified: data.
  void allReduce(MemorySegment data, Element element, Reduction reduction, Deadline deadline);

  /// Reduces n blocks, each as long as {@code mine}, and leaves member r the r-th. Modified: mine,
  /// and all, whose content is undefined afterwards; they do not overlap.
  void reduceScatter(
      MemorySegment all,
      MemorySegment mine,
      Element element,
      Reduction reduction,
      Deadline deadline);

  /// Collects the members' blocks, all of the same size, in member order at every member. Mine is
  /// apart from all, or is this member's block of it. Modified: all.
  void allGather(MemorySegment mine, MemorySegment all, Deadline deadline);

  /// Copies the root's bytes to all members. Modified: data, except at the root.
  void broadcast(MemorySegment data, int root, Deadline deadline);

  /// Returns when every member has called it.
  void barrier(Deadline deadline);
}
