package org.strait.engine.net;

import org.strait.kernels.Backend;
import org.strait.memory.Floats;

/// Where a stage works: its input, its parameters and memory for what it makes.
///
/// @param number of the layer, unique in the net: what is random in it depends on it
/// @param rows number of rows
/// @param shape of the input
/// @param input of all rows
/// @param inputGradient where its derivative goes; null if nobody wants it
/// @param owned whether the stage may write its output over the input
/// @param parameters of this layer; empty if it has none
/// @param gradients of the parameters; null if there is no training
/// @param backend what to compute with
/// @param room memory to take from
record Place(
    int number,
    int rows,
    Shape shape,
    Floats input,
    Floats inputGradient,
    boolean owned,
    Floats parameters,
    Floats gradients,
    Backend backend,
    Room room) {
  /// Memory that is handed out piece by piece.
  static final class Room {
    private final Floats memory;
    private long used;

    Room(Floats memory) {
      this.memory = memory;
    }

    /// The next n floats, with any content.
    Floats take(long n) {
      // Cache lines of their own, for the next piece may be another thread's.
      long from = used;
      used = Math.addExact(from, padded(n));
      return memory.slice(from, n);
    }

    /// What n floats take up.
    static long padded(long n) {
      return (n + 15) & -16;
    }
  }

  /// Parts of the rows to share out: as many as have so many floats each, by the shape alone.
  int parts(long floatsOfRow) {
    return Math.clamp(rows * floatsOfRow / (1 << 14), 1, Math.min(16, rows));
  }

  /// First row of a part, or the end for part = parts.
  int border(int parts, int part) {
    return (int) ((long) rows * part / parts);
  }

  Floats take(long n) {
    return room.take(n);
  }
}
