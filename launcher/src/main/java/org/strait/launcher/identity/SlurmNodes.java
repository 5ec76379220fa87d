package org.strait.launcher.identity;

/// Slurm's short forms: `dc1n[1-2,5],login` for hosts, `2(x2),1` for numbers by host.
public final class SlurmNodes {
  private SlurmNodes() {}

  /// The first host of a list.
  public static String first(String list) {
    int open = list.indexOf('[');
    int comma = list.indexOf(',');
    if (open < 0 || (comma >= 0 && comma < open)) {
      return comma < 0 ? list : list.substring(0, comma);
    }
    int end = open + 1;
    while (end < list.length() && Character.isDigit(list.charAt(end))) {
      end++;
    }
    int close = list.indexOf(']', open);
    int next = list.indexOf(',', close);
    String suffix = close < 0 ? "" : list.substring(close + 1, next < 0 ? list.length() : next);
    return list.substring(0, open) + list.substring(open + 1, end) + suffix;
  }

  /// The number of one host, 0 if the list has none for it.
  ///
  /// @param index of the host, from 0
  static int numberOf(String list, int index) {
    int at = 0;
    for (String part : list.split(",", -1)) {
      if (!part.matches("\\d+(\\(x\\d+\\))?")) {
        return 0;
      }
      int open = part.indexOf('(');
      int times = open < 0 ? 1 : Integer.parseInt(part.substring(open + 2, part.length() - 1));
      if (index < at + times) {
        return Integer.parseInt(open < 0 ? part : part.substring(0, open));
      }
      at += times;
    }
    return 0;
  }
}
