package org.strait.launcher.progress;

import java.math.BigDecimal;
import java.math.MathContext;
import java.util.Locale;

/// Numbers for people: few digits, a unit.
public final class Figures {
  private Figures() {}

  /// `1.9 MB`: decimal units, three digits.
  public static String bytes(double bytes) {
    return scaled(bytes, new String[] {"B", "kB", "MB", "GB", "TB"});
  }

  /// `31.4 k`.
  public static String count(double n) {
    return scaled(n, new String[] {"", "k", "M", "G"}).strip();
  }

  /// `850 ms`, `3.2 s`, `12 min 5 s`.
  public static String seconds(double seconds) {
    if (seconds < 1) {
      return Math.round(seconds * 1000) + " ms";
    }
    if (seconds < 99.95) {
      return String.format(Locale.ROOT, "%.1f s", seconds);
    }
    long whole = Math.round(seconds);
    return whole < 3600
        ? whole / 60 + " min " + whole % 60 + " s"
        : whole / 3600 + " h " + whole % 3600 / 60 + " min";
  }

  /// Money with enough digits to be no rounded zero, `0.0312 USD`, or `< 0.0001 USD`.
  public static String money(double amount, String currency) {
    if (amount == 0) {
      return "0 " + currency;
    }
    if (amount < 1e-4) {
      return "< 0.0001 " + currency;
    }
    int digits = amount >= 1 ? 2 : (int) Math.ceil(-Math.log10(amount)) + 2;
    return String.format(Locale.ROOT, "%." + digits + "f", amount) + " " + currency;
  }

  /// `50 Mbit/s`.
  public static String megabits(double bitsPerSecond) {
    return new BigDecimal(bitsPerSecond / 1e6)
            .round(new MathContext(4))
            .stripTrailingZeros()
            .toPlainString()
        + " Mbit/s";
  }

  /// A loss, six significant digits.
  public static String loss(double loss) {
    return String.format(Locale.ROOT, "%.6g", loss);
  }

  private static String scaled(double value, String[] units) {
    int unit = 0;
    double v = value;
    while (v >= 999.5 && unit < units.length - 1) {
      v /= 1000;
      unit++;
    }
    String digits =
        unit == 0 && v == Math.rint(v)
            ? String.valueOf((long) v)
            : String.format(Locale.ROOT, v < 9.995 ? "%.2f" : v < 99.95 ? "%.1f" : "%.0f", v);
    return digits + " " + units[unit];
  }
}
