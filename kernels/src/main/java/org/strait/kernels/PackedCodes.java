package org.strait.kernels;

import org.strait.memory.Bytes;

/// How codes of 8, 6, 5, 4, 2 and 1 bits lie in bytes; the order of a wire format, the same on
/// every machine. Codes of 8 bits are bytes, one after the other. Of fewer bits, {@value #GROUP}
/// codes are a group of 32·bits bytes (the last group is filled up with codes 0), cut into planes
/// of 4, 2 and 1 bits:
///
/// - 4 bits, 128 bytes: 32 little-endian words of 32 bits; code 128h + 16m + j (h < 2, m < 8, j <
///   16) is bits 4m … 4m+3 of word 16h + j.
/// - 2 bits, 64 bytes: 16 words; code 16m + j (m < 16) is bits 2m, 2m+1 of word j.
/// - 1 bit, 32 bytes: code e is bit e mod 8 of byte e/8.
/// - 5 bits: the low 4 bits of all codes as a plane of 4, then their top bits as a plane of 1.
/// - 6 bits: the low 4 bits of all codes as a plane of 4, then their top bits as a plane of 2.
///
/// So a vector of 16, 8 or 4 lanes packs and unpacks with shifts in its own lanes.
public final class PackedCodes {
  /// Codes in a group.
  public static final int GROUP = 256;

  /// Bytes of a group's plane of 4 bits.
  public static final int PLANE_4 = 128;

  private PackedCodes() {}

  /// Bytes that so many codes take.
  public static long bytes(int bits, long count) {
    check(bits);
    return bits == 8 ? count : Math.ceilDiv(count, GROUP) * groupBytes(bits);
  }

  /// Bytes of a group.
  public static long groupBytes(int bits) {
    return (long) GROUP * bits / 8;
  }

  /// Checks that there are codes of so many bits.
  public static void check(int bits) {
    switch (bits) {
      case 1, 2, 4, 5, 6, 8 -> {}
      default ->
          throw new IllegalArgumentException(
              "codes of " + bits + " bits; there are 1, 2, 4, 5, 6 and 8");
    }
  }

  /// Code i: a two's complement number for 4 bits and more, else not negative.
  public static int get(int bits, Bytes codes, long i) {
    long group = i / GROUP * groupBytes(bits);
    int e = (int) (i % GROUP);
    return switch (bits) {
      case 8 -> codes.get(i);
      case 6 -> get4(codes, group, e) | get2(codes, group + PLANE_4, e) << 30 >> 26;
      case 5 -> get4(codes, group, e) | get1(codes, group + PLANE_4, e) << 31 >> 27;
      case 4 -> get4(codes, group, e) << 28 >> 28;
      case 2 -> get2(codes, group, e);
      default -> get1(codes, group, e);
    };
  }

  /// Sets code i, of which the low bits count, where all bits are 0 so far.
  public static void put(int bits, Bytes codes, long i, int code) {
    long group = i / GROUP * groupBytes(bits);
    int e = (int) (i % GROUP);
    switch (bits) {
      case 8 -> codes.set(i, (byte) code);
      case 6 -> {
        put4(codes, group, e, code & 15);
        put2(codes, group + PLANE_4, e, code >> 4 & 3);
      }
      case 5 -> {
        put4(codes, group, e, code & 15);
        put1(codes, group + PLANE_4, e, code >> 4 & 1);
      }
      case 4 -> put4(codes, group, e, code & 15);
      case 2 -> put2(codes, group, e, code & 3);
      default -> put1(codes, group, e, code & 1);
    }
  }

  /// Clears the group in which code i lies.
  public static void clearGroup(int bits, Bytes codes, long i) {
    long group = i / GROUP * groupBytes(bits);
    for (long b = group; b < group + groupBytes(bits); b++) {
      codes.set(b, (byte) 0);
    }
  }

  private static long at4(int e) {
    return e / 128 * 64L + e % 16 * 4L + e % 128 / 32;
  }

  private static int get4(Bytes codes, long plane, int e) {
    return codes.get(plane + at4(e)) >> (e / 16 % 2 * 4) & 15;
  }

  private static void put4(Bytes codes, long plane, int e, int code) {
    or(codes, plane + at4(e), code << (e / 16 % 2 * 4));
  }

  private static int get2(Bytes codes, long plane, int e) {
    return codes.get(plane + e % 16 * 4L + e / 64) >> (e / 16 % 4 * 2) & 3;
  }

  private static void put2(Bytes codes, long plane, int e, int code) {
    or(codes, plane + e % 16 * 4L + e / 64, code << (e / 16 % 4 * 2));
  }

  private static int get1(Bytes codes, long plane, int e) {
    return codes.get(plane + e / 8) >> e % 8 & 1;
  }

  private static void put1(Bytes codes, long plane, int e, int code) {
    or(codes, plane + e / 8, code << e % 8);
  }

  private static void or(Bytes codes, long at, int bits) {
    codes.set(at, (byte) (codes.get(at) | bits));
  }
}
