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
///     f32 step · varint 2·bytes of the far numbers + p · far numbers · symbols
///
/// All numbers 0: the step alone. With p = 0 a symbol is a number from -127 to 127, or -128 for a
/// far one, which is among the far numbers as a zigzag varint (7 bits a byte, low ones first), in
/// the order of the vector. With p = 1, where many are beyond ±127, symbols are those of the
/// numbers' upper parts and then those of their lowest bytes l, from -128 to 127: number =
/// 256·upper + l, and a varint with the bytes of the first run stands before it. One instance
/// serves one thread; numbers and bytes are the caller's.
public final class StepNumbers {
  private static final byte FAR = -128;
  private static final int NEAR = 127;
  private static final int PLANE_BITS = 8;
  private static final int MOST_VARINT = 5;

  /// One number in as many beyond ±127 makes two runs of symbols shorter.
  private static final int FEW_FAR = 24;

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
    return STEP_BYTES + MOST_VARINT * (n + 2) + 2 * SymbolCoder.maxBytes(n);
  }

  /// Writes the first n numbers; returns the bytes.
  ///
  /// @param step exactly a float32
  /// @param out at least {@link #maxBytes} long
  public long write(Ints numbers, long n, double step, Bytes out) {
    MemorySegment bytes = out.segment();
    bytes.set(PayloadLayout.F32, 0, (float) step);
    long far = 0;
    boolean some = false;
    for (long i = 0; i < n; i++) {
      some |= numbers.get(i) != 0;
      far += isFar(numbers.get(i)) ? 1 : 0;
    }
    if (!some) {
      return STEP_BYTES;
    }
    boolean planes = far > n / FEW_FAR;
    long farBytes = 0;
    for (long i = 0; i < n; i++) {
      int number = numbers.get(i);
      boolean isFar = isFar(planes ? upper(number) : number);
      symbols.set(i, isFar ? FAR : (byte) (planes ? upper(number) : number));
      farBytes += isFar ? varintBytes(zigzag(number)) : 0;
    }
    long at = putVarint(bytes, STEP_BYTES, 2 * farBytes + (planes ? 1 : 0));
    for (long i = 0; i < n; i++) {
      if (symbols.get(i) == FAR) {
        at = putVarint(bytes, at, zigzag(numbers.get(i)));
      }
    }
    if (!planes) {
      return at + coder.encode(symbols, n, bytes, at);
    }
    // Its length comes first: coded behind where that ends at most, then moved.
    long room = at + MOST_VARINT;
    long coded = coder.encode(symbols, n, bytes, room);
    at = putVarint(bytes, at, coded);
    MemorySegment.copy(bytes, room, bytes, at, coded);
    at += coded;
    for (long i = 0; i < n; i++) {
      symbols.set(i, (byte) numbers.get(i));
    }
    return at + coder.encode(symbols, n, bytes, at);
  }

  private static boolean isFar(int number) {
    return number < -NEAR || number > NEAR;
  }

  /// What stands above the lowest byte, as a signed one.
  private static int upper(int number) {
    return (int) (((long) number - (byte) number) >> PLANE_BITS);
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
    long head = varint(bytes, STEP_BYTES, size);
    long at = STEP_BYTES + varintBytes(head);
    boolean planes = (head & 1) != 0;
    long end = at + head / 2;
    if (end > size) {
      throw new PayloadException(head / 2 + " bytes of far numbers in " + size);
    }
    long next = end;
    long coded = size - end;
    if (planes) {
      coded = varint(bytes, end, size);
      next = end + varintBytes(coded);
      if (coded > size - next) {
        throw new PayloadException(coded + " bytes of symbols in " + (size - next));
      }
    }
    decode(bytes, next, coded, n);
    for (long i = 0; i < n; i++) {
      byte symbol = symbols.get(i);
      if (symbol == FAR) {
        long zigzag = varint(bytes, at, end);
        at += varintBytes(zigzag);
        numbers.set(i, (int) (zigzag >>> 1) ^ -(int) (zigzag & 1));
      } else {
        numbers.set(i, planes ? symbol << PLANE_BITS : symbol);
      }
    }
    if (at != end) {
      throw new PayloadException((end - at) + " bytes of far numbers too many");
    }
    if (planes) {
      lowest(bytes, next + coded, size, numbers, n);
    }
    return step;
  }

  /// Adds the lowest bytes; those of far numbers must be what the numbers say.
  private void lowest(MemorySegment bytes, long at, long size, Ints numbers, long n) {
    decode(bytes, at, size - at, n);
    for (long i = 0; i < n; i++) {
      byte low = symbols.get(i);
      int number = numbers.get(i);
      if (isFar(upper(number))) {
        if ((byte) number != low) {
          throw new PayloadException("a far number that ends in another byte");
        }
      } else {
        numbers.set(i, number + low);
      }
    }
  }

  private void decode(MemorySegment bytes, long at, long size, long n) {
    try {
      coder.decode(bytes, at, size, symbols, n, FAR, NEAR);
    } catch (CorruptStreamException e) {
      throw new PayloadException("coded numbers: " + e.getMessage());
    }
  }

  private static long zigzag(int number) {
    return ((number << 1) ^ (number >> 31)) & 0xffff_ffffL;
  }

  private static int varintBytes(long value) {
    int bytes = 1;
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
