package org.strait.engine.compress;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import org.strait.engine.compress.entropy.CorruptStreamException;
import org.strait.engine.compress.entropy.SymbolCoder;
import org.strait.kernels.CodecOps;
import org.strait.memory.Bytes;
import org.strait.memory.HostMemory;
import org.strait.memory.Ints;

/// Whole numbers, most of them small, as few bytes: the code of float64 vectors that travel as
/// multiples of one step.
///
///     f32 step · varint bytes of the far numbers · far numbers · entropy-coded symbols
///
/// A symbol is a number from -127 to 127, or -128 for a far one, which follows as a zigzag varint
/// (7 bits a byte, low ones first) in the order of the vector. All numbers 0: the step alone. One
/// instance serves one thread; numbers and bytes are the caller's.
public final class StepNumbers {
  private static final byte FAR = -128;
  private static final int NEAR = 127;
  private static final int LEAST_FAR_BYTES = 1;
  private static final int MOST_VARINT = 5;

  private static final long STEP_BYTES = 4;

  private final Bytes symbols;
  private final SymbolCoder coder;

  /// @param most numbers of a vector
  public StepNumbers(long most, CodecOps codec, HostMemory memory) {
    symbols = memory.bytes(Math.max(1, most));
    coder = new SymbolCoder(Math.max(1, most), codec);
  }

  /// Most bytes of n numbers.
  public static long maxBytes(long n) {
    return STEP_BYTES + MOST_VARINT * (n + 1) + SymbolCoder.maxBytes(n);
  }

  /// Writes the first n numbers; returns the bytes.
  ///
  /// @param step exactly a float32
  /// @param out at least {@link #maxBytes} long
  public long write(Ints numbers, long n, double step, Bytes out) {
    MemorySegment bytes = out.segment();
    bytes.set(PayloadLayout.F32, 0, (float) step);
    long farBytes = 0;
    boolean some = false;
    for (long i = 0; i < n; i++) {
      int number = numbers.get(i);
      some |= number != 0;
      boolean far = number < -NEAR || number > NEAR;
      symbols.set(i, far ? FAR : (byte) number);
      farBytes += far ? varintBytes(zigzag(number)) : 0;
    }
    if (!some) {
      return STEP_BYTES;
    }
    long at = putVarint(bytes, STEP_BYTES, farBytes);
    for (long i = 0; i < n; i++) {
      if (symbols.get(i) == FAR) {
        at = putVarint(bytes, at, zigzag(numbers.get(i)));
      }
    }
    return at + coder.encode(symbols, n, bytes, at);
  }

  /// Reads n numbers; returns the step. Allocates nothing, whatever the bytes say. Modified: the
  /// first n of numbers.
  ///
  /// @throws PayloadException if the bytes are not exactly such numbers
  public double read(Bytes in, long size, Ints numbers, long n) {
    MemorySegment bytes = in.segment();
    if (size < STEP_BYTES || size > in.length()) {
      throw new PayloadException(size + " bytes of numbers, there are at least " + STEP_BYTES);
    }
    float step = bytes.get(PayloadLayout.F32, 0);
    if (!(step >= 0 && step <= Float.MAX_VALUE)) {
      throw new PayloadException("a step of " + step);
    }
    if (size == STEP_BYTES) {
      for (long i = 0; i < n; i++) {
        numbers.set(i, 0);
      }
      return step;
    }
    long at = STEP_BYTES;
    long farBytes = varint(bytes, at, size);
    at += varintBytes(farBytes);
    long end = at + farBytes;
    if (end > size) {
      throw new PayloadException(farBytes + " bytes of far numbers in " + size);
    }
    try {
      coder.decode(bytes, end, size - end, symbols, n, FAR, NEAR);
    } catch (CorruptStreamException e) {
      throw new PayloadException("coded numbers: " + e.getMessage());
    }
    for (long i = 0; i < n; i++) {
      byte symbol = symbols.get(i);
      if (symbol == FAR) {
        long coded = varint(bytes, at, end);
        at += varintBytes(coded);
        numbers.set(i, (int) (coded >>> 1) ^ -(int) (coded & 1));
      } else {
        numbers.set(i, symbol);
      }
    }
    if (at != end) {
      throw new PayloadException((end - at) + " bytes of far numbers too many");
    }
    return step;
  }

  private static long zigzag(int number) {
    return ((number << 1) ^ (number >> 31)) & 0xffff_ffffL;
  }

  private static int varintBytes(long value) {
    int bytes = LEAST_FAR_BYTES;
    for (long rest = value >>> 7; rest != 0; rest >>>= 7) {
      bytes++;
    }
    return bytes;
  }

  private static long putVarint(MemorySegment out, long at, long value) {
    long rest = value;
    long to = at;
    while (rest > 127) {
      out.set(ValueLayout.JAVA_BYTE, to++, (byte) (rest | 128));
      rest >>>= 7;
    }
    out.set(ValueLayout.JAVA_BYTE, to++, (byte) rest);
    return to;
  }

  private static long varint(MemorySegment in, long at, long end) {
    long value = 0;
    for (int i = 0; i < MOST_VARINT; i++) {
      if (at + i >= end) {
        throw new PayloadException("a far number is cut short");
      }
      int part = PayloadLayout.u8(in, at + i);
      value |= (long) (part & 127) << (7 * i);
      if (part < 128) {
        if (varintBytes(value) != i + 1 || value > 0xffff_ffffL) {
          throw new PayloadException("a far number with bytes too many");
        }
        return value;
      }
    }
    throw new PayloadException("a far number of more than " + MOST_VARINT + " bytes");
  }
}
