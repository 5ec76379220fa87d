package org.strait.bench.run;

/// How much memory an operation walks through.
public enum SizeClass {
  /// 16 KiB in all: the first-level cache.
  L1("l1"),
  /// 256 KiB in all: the second-level cache.
  L2("l2"),
  /// 8 MiB in all: the last-level cache.
  L3("l3"),
  /// 10 million floats an array, more or less than the last-level cache.
  TEN_MILLION("10M"),
  /// 400 MB in all: memory.
  MEMORY("memory");

  private final String label;

  SizeClass(String label) {
    this.label = label;
  }

  /// The word in the names of cases.
  ///
  /// @param quick see {@link #floats}
  public String label(boolean quick) {
    return quick && this != L1 && this != L2 ? label + "-quick" : label;
  }

  /// Floats of each array.
  ///
  /// @param arrays arrays that the operation walks through
  /// @param quick whether a check is wanted, no measurement
  public long floats(int arrays, boolean quick) {
    return switch (this) {
      case L1 -> (16L << 10) / Float.BYTES / arrays;
      case L2 -> (256L << 10) / Float.BYTES / arrays;
      case L3 -> quick ? 65_536 : (8L << 20) / Float.BYTES / arrays;
      case TEN_MILLION -> quick ? 131_072 : 10_000_000;
      case MEMORY -> quick ? 262_144 : 100_000_000L / arrays;
    };
  }

  /// Whether more threads than one can be worth their start.
  public boolean forTeams() {
    return this != L1 && this != L2;
  }
}
