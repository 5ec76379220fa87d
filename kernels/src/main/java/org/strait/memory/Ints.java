package org.strait.memory;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Objects;

/// A run of 32-bit integers in native memory. Length is in elements, never bytes. A run does not
/// own its memory: the {@link HostMemory} (or mapped segment) it came from does. Slices are views
/// of the same memory.
public final class Ints {
  /// Bytes per element.
  public static final long BYTES = 4;

  private final MemorySegment segment;
  private final long length;

  private Ints(MemorySegment segment) {
    this.segment = segment;
    this.length = segment.byteSize() / BYTES;
  }

  /// A view over a native segment whose size is a multiple of {@link #BYTES}.
  ///
  /// @throws IllegalArgumentException if the segment is heap-backed or its size is not a whole
  ///     number of elements
  public static Ints over(MemorySegment segment) {
    if (!segment.isNative()) {
      throw new IllegalArgumentException(
          "Ints need a native segment, got a heap segment of " + segment.byteSize() + " bytes");
    }
    if (segment.byteSize() % BYTES != 0) {
      throw new IllegalArgumentException(
          segment.byteSize() + " bytes are not a whole number of Ints");
    }
    return new Ints(segment);
  }

  /// Number of elements.
  public long length() {
    return length;
  }

  /// The memory itself, for kernels and transports.
  public MemorySegment segment() {
    return segment;
  }

  /// Address of the first element, for native calls.
  public long address() {
    return segment.address();
  }

  /// Element i; throws IndexOutOfBoundsException outside [0, length).
  public int get(long i) {
    return segment.getAtIndex(ValueLayout.JAVA_INT, i);
  }

  /// Sets element i; throws IndexOutOfBoundsException outside [0, length).
  public void set(long i, int value) {
    segment.setAtIndex(ValueLayout.JAVA_INT, i, value);
  }

  /// A view of elements [from, from + count).
  public Ints slice(long from, long count) {
    Objects.checkFromIndexSize(from, count, length);
    return new Ints(segment.asSlice(from * BYTES, count * BYTES));
  }

  /// Sets every element.
  public void fill(int value) {
    for (long i = 0; i < length; i++) {
      set(i, value);
    }
  }

  /// Copies all of another run of the same length into this one.
  public void copyFrom(Ints other) {
    if (other.length != length) {
      throw new IllegalArgumentException(
          "cannot copy " + other.length + " elements into a run of " + length);
    }
    MemorySegment.copy(other.segment, 0, segment, 0, length * BYTES);
  }

  /// Copies an array of the same length into this run.
  public void copyFrom(int[] array) {
    if (array.length != length) {
      throw new IllegalArgumentException(
          "cannot copy an array of " + array.length + " into a run of " + length);
    }
    MemorySegment.copy(array, 0, segment, ValueLayout.JAVA_INT, 0, array.length);
  }

  /// Copies this run into an array of the same length.
  public void copyTo(int[] array) {
    if (array.length != length) {
      throw new IllegalArgumentException(
          "cannot copy a run of " + length + " into an array of " + array.length);
    }
    MemorySegment.copy(segment, ValueLayout.JAVA_INT, 0, array, 0, array.length);
  }

  /// A new array with the elements; for tests and reports.
  public int[] toArray() {
    return segment.toArray(ValueLayout.JAVA_INT);
  }

  @Override
  public String toString() {
    return "Ints[" + length + "]";
  }
}
