package org.strait.engine.compress;

/// What a payload's values look like; the number is on the wire and is never given to another code.
enum PayloadCode {
  /// All n values as float32.
  DENSE_FLOAT32(1),
  /// All n values as 8-bit blocks.
  DENSE_INT8(2),
  /// k indices and k values as float32.
  SPARSE_FLOAT32(3),
  /// k indices and k values as 8-bit blocks.
  SPARSE_INT8(4),
  /// All n values as 8 bits on a log scale, deflated.
  LOG_INT8(5);

  /// Number on the wire.
  final int number;

  PayloadCode(int number) {
    this.number = number;
  }
}
