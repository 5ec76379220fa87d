package org.strait.memory;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Objects;

/// A run of float64 numbers in native memory. Length is in elements, never bytes. A run does not
/// own its memory: the {@link HostMemory} (or mapped segment) it came from does. Slices are views
/// of the same memory.
public final class Doubles {
  /// Bytes per element.
  public static final long BYTES = 8;

  private final MemorySegment segment;
  private final long length;

  private Doubles(MemorySegment segment) {
    this.segment = segment;
    this.length = segment.byteSize() / BYTES;
  }

  /// A view over a native segment whose size is a multiple of {@link #BYTES}.
  ///
  /// @throws IllegalArgumentException if the segment is heap-backed or its size is not a whole
  ///     number of elements
  public static Doubles over(MemorySegment segment) {
    if (!segment.isNative()) {
      throw new IllegalArgumentException(
          "Doubles need a native segment, got a heap segment of " + segment.byteSize() + " bytes");
    }
    if (segment.byteSize() % BYTES != 0) {
      throw new IllegalArgumentException(
          segment.byteSize() + " bytes are not a whole number of Doubles");
    }
    return new Doubles(segment);
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
  public double get(long i) {
    return segment.getAtIndex(ValueLayout.JAVA_DOUBLE, i);
  }

  /// Sets element i; throws IndexOutOfBoundsException outside [0, length).
  public void set(long i, double value) {
    segment.setAtIndex(ValueLayout.JAVA_DOUBLE, i, value);
  }

  /// A view of elements [from, from + count).
  public Doubles slice(long from, long count) {
    Objects.checkFromIndexSize(from, count, length);
    return new Doubles(segment.asSlice(from * BYTES, count * BYTES));
  }

  /// Sets every element.
  public void fill(double value) {
    for (long i = 0; i < length; i++) {
      set(i, value);
    }
  }

  /// Copies all of another run of the same length into this one.
  public void copyFrom(Doubles other) {
    if (other.length != length) {
      throw new IllegalArgumentException(
          "cannot copy " + other.length + " elements into a run of " + length);
    }
    MemorySegment.copy(other.segment, 0, segment, 0, length * BYTES);
  }

  /// Copies an array of the same length into this run.
  public void copyFrom(double[] array) {
    if (array.length != length) {
      throw new IllegalArgumentException(
          "cannot copy an array of " + array.length + " into a run of " + length);
    }
    MemorySegment.copy(array, 0, segment, ValueLayout.JAVA_DOUBLE, 0, array.length);
  }

  /// Copies this run into an array of the same length.
  public void copyTo(double[] array) {
    if (array.length != length) {
      throw new IllegalArgumentException(
          "cannot copy a run of " + length + " into an array of " + array.length);
    }
    MemorySegment.copy(segment, ValueLayout.JAVA_DOUBLE, 0, array, 0, array.length);
  }

  /// A new array with the elements; for tests and reports.
  public double[] toArray() {
    return segment.toArray(ValueLayout.JAVA_DOUBLE);
  }

  @Override
  public String toString() {
    return "Doubles[" + length + "]";
  }
}
