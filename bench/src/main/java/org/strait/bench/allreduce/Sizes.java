package org.strait.bench.allreduce;

import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.strait.launcher.config.UserMistake;

/// Sizes in bytes as users write them: {@code 1KB,64KB}, {@code 4B..256MB} (by fours) or {@code
/// 4B..256MB:16} (by sixteens). KB or KiB is 1024 bytes.
final class Sizes {
  private static final Pattern ONE = Pattern.compile("(\\d{1,10})\\s*(B|[KMG]i?B?)?");
  private static final Pattern RANGE = Pattern.compile("(.*?)\\.\\.(.*?)(?::(\\d{1,4}))?");
  private static final long MOST = 1L << 30;
  private static final String REMEDY =
      "write sizes such as 1KB,64KB, a range 4B..256MB (by fours) or 4B..256MB:16";

  private Sizes() {}

  /// The sizes, ascending.
  ///
  /// @throws UserMistake if the text is no list of sizes
  static List<Long> parse(String text) {
    TreeSet<Long> sizes = new TreeSet<>();
    for (String word : text.split(",", -1)) {
      Matcher range = RANGE.matcher(word.strip());
      if (!range.matches()) {
        sizes.add(bytes(word.strip()));
        continue;
      }
      long from = bytes(range.group(1).strip());
      long to = bytes(range.group(2).strip());
      int step = range.group(3) == null ? 4 : Integer.parseInt(range.group(3));
      if (from > to || step < 2) {
        throw new UserMistake("--sizes: \"" + word + "\" is an empty range", REMEDY);
      }
      for (long size = from; size <= to; size *= step) {
        sizes.add(size / Float.BYTES * Float.BYTES);
      }
    }
    return new ArrayList<>(sizes);
  }

  private static long bytes(String word) {
    Matcher matcher = ONE.matcher(word);
    if (!matcher.matches()) {
      throw new UserMistake("--sizes: \"" + word + "\" is no size", REMEDY);
    }
    String unit = matcher.group(2) == null ? "B" : matcher.group(2);
    long bytes = Long.parseLong(matcher.group(1)) << (10 * "BKMG".indexOf(unit.charAt(0)));
    if (bytes < Float.BYTES || bytes > MOST || bytes % Float.BYTES != 0) {
      throw new UserMistake(
          "--sizes: \"" + word + "\" is no whole number of floats from 4B to 1GB", REMEDY);
    }
    return bytes;
  }

  /// `64 KiB`.
  static String name(long bytes) {
    String[] units = {"B", "KiB", "MiB", "GiB"};
    int unit = 0;
    long value = bytes;
    while (value >= 1024 && value % 1024 == 0) {
      value /= 1024;
      unit++;
    }
    return value + " " + units[unit];
  }
}
