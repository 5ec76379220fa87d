package org.strait.launcher.config;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// Numbers with units as people write them: `80 ms`, `50 Mbit/s`, `2 GiB`, `1%`. Methods throw
/// {@link IllegalArgumentException} whose message says what is wrong and, after "; ", what to
/// write; the caller adds where.
public final class Units {
  private static final Pattern QUANTITY =
      Pattern.compile("([+-]?[0-9]*\\.?[0-9]+(?:[eE][+-]?[0-9]+)?)\\s*([^0-9\\s].*)?");
  private static final Map<String, Double> NANOS = new LinkedHashMap<>();
  private static final Map<String, Double> BITS_PER_SECOND = new LinkedHashMap<>();
  private static final Map<String, Double> BYTES = new LinkedHashMap<>();

  static {
    NANOS.put("ms", 1e6);
    NANOS.put("s", 1e9);
    NANOS.put("us", 1e3);
    NANOS.put("µs", 1e3);
    NANOS.put("ns", 1.0);
    NANOS.put("min", 60e9);
    BITS_PER_SECOND.put("Mbit/s", 1e6);
    BITS_PER_SECOND.put("Gbit/s", 1e9);
    BITS_PER_SECOND.put("kbit/s", 1e3);
    BITS_PER_SECOND.put("bit/s", 1.0);
    BITS_PER_SECOND.put("MB/s", 8e6);
    BITS_PER_SECOND.put("GB/s", 8e9);
    BYTES.put("GiB", 1024.0 * 1024 * 1024);
    BYTES.put("MiB", 1024.0 * 1024);
    BYTES.put("KiB", 1024.0);
    BYTES.put("GB", 1e9);
    BYTES.put("MB", 1e6);
    BYTES.put("kB", 1e3);
    BYTES.put("B", 1.0);
  }

  private Units() {}

  /// A time in nanoseconds, from `80 ms`.
  public static long nanos(String text) {
    return quantity(text, NANOS, "a time", "80 ms");
  }

  /// A bandwidth in bits per second, from `50 Mbit/s`.
  public static long bitsPerSecond(String text) {
    return quantity(text, BITS_PER_SECOND, "a bandwidth", "50 Mbit/s");
  }

  /// A size in bytes, from `2 GiB`.
  public static long bytes(String text) {
    return quantity(text, BYTES, "a size", "2 GiB");
  }

  /// A share between 0 and 1, from `1%` or `0.01`.
  public static double fraction(String text) {
    String trimmed = text.strip();
    boolean percent = trimmed.endsWith("%");
    double value =
        number(percent ? trimmed.substring(0, trimmed.length() - 1) : trimmed, text, "a share");
    double share = percent ? value / 100 : value;
    if (!(share >= 0 && share <= 1)) {
      throw new IllegalArgumentException(
          "\"" + text + "\" is not between 0 and 100 %; write for instance 1% or 0.01");
    }
    return share;
  }

  /// A plain finite number.
  public static double number(String text) {
    return number(text, text, "a number");
  }

  /// A whole number.
  public static long whole(String text) {
    String digits = text.strip().replace("_", "");
    if (digits.matches("[+-]?[0-9]{1,18}")) {
      return Long.parseLong(digits);
    }
    throw new IllegalArgumentException(
        "\"" + text + "\" is not a whole number; write digits only, such as 100");
  }

  private static double number(String part, String text, String kind) {
    try {
      double value = Double.parseDouble(part.strip());
      if (Double.isFinite(value) && part.strip().matches("[-+0-9.eE]+")) {
        return value;
      }
    } catch (NumberFormatException e) {
      // Told below, together with NaN, infinities and Java's own suffixes.
    }
    throw new IllegalArgumentException(
        "\"" + text + "\" is not " + kind + "; write for instance 0.01");
  }

  private static long quantity(
      String text, Map<String, Double> units, String kind, String example) {
    Matcher m = QUANTITY.matcher(text.strip());
    String remedy = "; write for instance " + example;
    if (!m.matches()) {
      throw new IllegalArgumentException("\"" + text + "\" is not " + kind + remedy);
    }
    if (m.group(2) == null) {
      throw new IllegalArgumentException("\"" + text + "\" has no unit" + remedy);
    }
    Double factor = units.get(m.group(2).strip());
    if (factor == null) {
      throw new IllegalArgumentException(
          "\""
              + text
              + "\" has the unknown unit \""
              + m.group(2).strip()
              + "\"; known: "
              + String.join(", ", units.keySet()));
    }
    double value = Double.parseDouble(m.group(1)) * factor;
    if (value < 0 || value > Long.MAX_VALUE) {
      throw new IllegalArgumentException("\"" + text + "\" is out of range" + remedy);
    }
    return Math.round(value);
  }
}
