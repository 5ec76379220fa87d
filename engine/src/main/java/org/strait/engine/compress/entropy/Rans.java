package org.strait.engine.compress.entropy;

/// What encoder and decoder have in common.
final class Rans {
  /// Least state between two symbols; the one that coding begins with and decoding ends with.
  static final int LEAST = 1 << 15;

  /// Interleaved states of a long block.
  static final int MANY = 8;

  /// Symbols from which on a block has {@link #MANY} states: they cost 28 bytes more than one.
  static final int MANY_FROM = 8192;

  private Rans() {}

  /// States of a block.
  static int states(int count) {
    return count < MANY_FROM ? 1 : MANY;
  }
}
