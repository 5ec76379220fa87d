package org.strait.engine.compress;

import java.math.BigDecimal;
import java.math.RoundingMode;
import org.strait.kernels.CodecOps;
import org.strait.memory.HostMemory;

/// The one choice of a compressor, by a specification such as {@code
/// top-k:0.01,int8,error-feedback}:
///
/// - {@code dense}: every element, float32
/// - {@code int8}: every element, 8 bits with a scale per 256
/// - {@code log8}: every element of a non-negative vector, 8 bits on a log scale, deflated
/// - {@code top-k:auto}: as few elements as leave out no more than {@link Compressor#tolerate} says
/// - {@code top-k:DENSITY}: the ⌈density·n⌉ elements of largest magnitude, at least one; the
///   density is a fraction (0.01) or a percentage (1%)
/// - {@code ,int8} after top-k: kept values in 8 bits
/// - {@code ,error-feedback} or {@code ,ef}: what was not sent is added to the next vector
/// - {@code ,difference} or {@code ,ef21}: sends differences to the previous vector
public final class Compressors {
  private static final String KNOWN =
      "log8; dense, int8, top-k:DENSITY, top-k:auto, followed by int8 (top-k only),"
          + " error-feedback (or ef), difference (or ef21);"
          + " for example top-k:0.01,int8,error-feedback";

  /// Digits after the point; a density below 10^-18 keeps one element of any vector anyway.
  private static final int MAX_DENSITY_DIGITS = 18;

  private Compressors() {}

  /// A compressor for vectors of n elements.
  ///
  /// @param n length of the vectors, 0 … 2^31 - 1
  /// @param memory owner of residuals and room; must outlive the compressor
  /// @throws IllegalArgumentException if the specification is not one; the message shows a right
  ///     one
  public static Compressor parse(String spec, long n, CodecOps codec, HostMemory memory) {
    if (n < 0 || n > PayloadLayout.MAX_N) {
      throw new IllegalArgumentException(
          "vectors of " + n + " elements; a payload can hold 0 .. " + PayloadLayout.MAX_N);
    }
    String[] words = spec.split(",", -1);
    for (int i = 0; i < words.length; i++) {
      words[i] = words[i].strip();
    }
    boolean topK = words[0].equals("top-k") || words[0].startsWith("top-k:");
    int used = 1;
    Compressor compressor;
    if (topK) {
      boolean auto = words[0].equals("top-k:auto");
      BigDecimal density = auto ? BigDecimal.ONE : density(spec, words[0]);
      long k =
          density.multiply(BigDecimal.valueOf(n)).setScale(0, RoundingMode.CEILING).longValue();
      ErrorBudget budget = auto ? new ErrorBudget(codec, memory) : null;
      String name =
          "top-k "
              + (auto
                  ? "auto"
                  : density.movePointRight(2).stripTrailingZeros().toPlainString() + "%");
      if (words.length > 1 && words[1].equals("int8")) {
        used = 2;
        compressor = new SparseQuantized(name + " int8", n, k, budget, codec, memory);
      } else {
        compressor = new TopK(name, n, k, budget, codec, memory);
      }
    } else {
      compressor =
          switch (words[0]) {
            case "dense" -> new Dense(n, codec);
            case "int8" -> new Quantized8(n, codec, memory);
            case "log8" -> new LogQuantized8(n, codec, memory);
            default -> throw unknown(spec, words[0], "");
          };
    }
    if (compressor.maxPayloadBytes(n) > PayloadLayout.MAX_PAYLOAD_BYTES) {
      throw new IllegalArgumentException(
          "compressor \""
              + spec
              + "\": payloads of "
              + n
              + " elements can take "
              + compressor.maxPayloadBytes(n)
              + " bytes, at most "
              + PayloadLayout.MAX_PAYLOAD_BYTES
              + " can be sent; keep less");
    }
    if (used == words.length) {
      return compressor;
    }
    if (words[0].equals("log8")) {
      // What is left of a non-negative vector may be negative.
      throw unknown(spec, words[1], " after \"log8\"");
    }
    if (words.length > used + 1) {
      throw unknown(spec, words[used + 1], " after \"" + words[used] + "\"");
    }
    return switch (words[used]) {
      case "error-feedback", "ef" -> new ErrorFeedback(compressor, n, memory);
      case "difference", "ef21" -> new DifferenceCoding(compressor, n, codec, memory);
      default -> throw unknown(spec, words[used], " after \"" + words[used - 1] + "\"");
    };
  }

  private static BigDecimal density(String spec, String word) {
    String text = word.substring(Math.min(word.length(), "top-k:".length())).strip();
    boolean percent = text.endsWith("%");
    BigDecimal density;
    try {
      density = new BigDecimal(percent ? text.substring(0, text.length() - 1).strip() : text);
    } catch (NumberFormatException e) {
      throw new IllegalArgumentException(
          "compressor \""
              + spec
              + "\": density \""
              + text
              + "\" is not a number; for example"
              + " top-k:0.01 or top-k:1%",
          e);
    }
    if (percent) {
      density = density.movePointLeft(2);
    }
    if (density.signum() <= 0
        || density.compareTo(BigDecimal.ONE) > 0
        || density.scale() > MAX_DENSITY_DIGITS) {
      throw new IllegalArgumentException(
          "compressor \""
              + spec
              + "\": density "
              + text
              + " is not in 0 .. 1 (0 excluded, at most 18 digits);"
              + " for example top-k:0.01 or top-k:1%");
    }
    return density;
  }

  private static IllegalArgumentException unknown(String spec, String word, String where) {
    return new IllegalArgumentException(
        "compressor \"" + spec + "\": unknown \"" + word + "\"" + where + "; known: " + KNOWN);
  }
}
