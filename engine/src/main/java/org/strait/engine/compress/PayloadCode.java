package org.strait.engine.compress;

/// What a payload's values look like; the number is on the wire and is never given to another code.
enum PayloadCode {
  /// Values as float32.
  FLOAT32(1, 0),
  /// Values as IEEE 754 binary16.
  FLOAT16(2, 0),
  /// Values as the upper halves of float32.
  BFLOAT16(3, 0),
  /// Numbers of 8 bits with a scale per block.
  INT8(4, 8),
  /// Numbers of 6 bits with a scale per block.
  INT6(5, 6),
  /// Numbers of 5 bits with a scale per block.
  INT5(6, 5),
  /// Numbers of 4 bits with a scale per block.
  INT4(7, 4),
  /// Two levels of either sign with a scale per block.
  INT2(8, 2),
  /// Signs with a scale per block.
  SIGN(9, 1),
  /// Multiples of one step.
  STEP(10, 8),
  /// All n values as 8 bits on a log scale, deflated.
  LOG8(11, 8);

  /// Number on the wire.
  final int number;

  /// Bits of a number of block codes, or 0.
  final int bits;

  PayloadCode(int number, int bits) {
    this.number = number;
    this.bits = bits;
  }

  /// The code of a number on the wire, or null.
  static PayloadCode of(int number) {
    for (PayloadCode code : VALUES) {
      if (code.number == number) {
        return code;
      }
    }
    return null;
  }

  private static final PayloadCode[] VALUES = values();
}
