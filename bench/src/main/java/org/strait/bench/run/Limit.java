package org.strait.bench.run;

/// What the machine can do at most, in the same run.
///
/// @param kind which resource
/// @param size size class of the operands; {@link SizeClass#L1} for {@link Kind#MULTIPLY_ADD}
public record Limit(Kind kind, SizeClass size) {
  /// The resources.
  public enum Kind {
    /// Σ a(i): 4 bytes an element.
    READ("read", 1),
    /// c ← a: 8 bytes an element.
    COPY("copy", 2),
    /// c ← sums of four elements of a: 5 bytes an element of a.
    NARROW("narrow", 1),
    /// c ← a + 1.5·b: 12 bytes an element.
    TRIAD("triad", 3),
    /// c ← c + a: 12 bytes an element.
    ADD("add", 2),
    /// Multiply-adds in registers.
    MULTIPLY_ADD("multiply-add", 0);

    private final String label;
    private final int arrays;

    Kind(String label, int arrays) {
      this.label = label;
      this.arrays = arrays;
    }

    /// The word in the names of cases.
    public String label() {
      return label;
    }

    /// Arrays that are walked through.
    public int arrays() {
      return arrays;
    }

    /// Bytes read and written for an element.
    public int bytesPerElement() {
      return switch (this) {
        case NARROW -> 5;
        case ADD -> 12;
        case READ, COPY, TRIAD, MULTIPLY_ADD -> arrays * Float.BYTES;
      };
    }
  }

  /// Multiply-adds.
  public static Limit multiplyAdd() {
    return new Limit(Kind.MULTIPLY_ADD, SizeClass.L1);
  }

  /// Name of its case.
  ///
  /// @param quick see {@link SizeClass#floats}
  public String caseName(boolean quick) {
    return kind == Kind.MULTIPLY_ADD
        ? "limit " + kind.label()
        : "limit " + kind.label() + " " + size.label(quick);
  }
}
