package org.strait.kernels;

/// Floating-point numbers of 16 bits, little-endian on the wire.
public enum Half {
  /// IEEE 754 binary16: 5 bits of exponent, 10 of fraction; 6·10^-8 to 65,504.
  FLOAT16,

  /// The upper half of a float32: 8 bits of exponent, 7 of fraction.
  BFLOAT16;

  /// Bytes per number.
  public static final long BYTES = 2;
}
