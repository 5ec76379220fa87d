package org.strait.launcher.config;

import java.util.List;
import java.util.Optional;
import org.strait.engine.adapt.Adapt;
import org.strait.engine.adapt.Controllers;

/// How a job's exchange is set as the run goes.
///
/// @param choice off, bytes, time or time:SHARE
/// @param densities bounds of the density, such as `1%..50%`
/// @param bits bounds of the width, such as `4..8`
/// @param every rounds between two samples
/// @param bound of the guard; NaN for none
/// @param leastPeriod fewest local steps; 0 if the period is fixed
/// @param mostPeriod most
public record Adaptive(
    String choice,
    String densities,
    String bits,
    int every,
    double bound,
    int leastPeriod,
    int mostPeriod) {
  private static final String AUTO = "auto";
  private static final int LEAST_PERIOD = 4;
  private static final int MOST_PERIOD = 64;
  private static final List<JobKey> KEYS =
      List.of(JobKey.DENSITY_BOUNDS, JobKey.BITS_BOUNDS, JobKey.GUARD);

  /// Whether anything is set as the run goes.
  public boolean on() {
    return !choice.equals("off");
  }

  /// Whether the period is.
  public boolean periods() {
    return leastPeriod > 0;
  }

  /// What travels where the job leaves it open.
  ///
  /// @param memory what is remembered: difference or error-feedback
  public String exchange(String memory) {
    String widths = bits.replaceFirst("(\\d)\\.\\.(\\d)", "int$1..int$2");
    return "top-k:" + densities + "," + widths + ",rans," + memory;
  }

  /// The guard as it is written.
  String guard() {
    return Double.isNaN(bound)
        ? every + ":off"
        : bound == Adapt.BOUND ? "" + every : every + ":" + bound;
  }

  /// The local steps as they are written.
  String localSteps() {
    return AUTO + ":" + leastPeriod + ".." + mostPeriod;
  }

  /// For the engine; nobody told.
  public Adapt adapt() {
    Adapt adapt = Adapt.of(Controllers.named(choice), every, bound);
    return periods() ? adapt.periods(leastPeriod, mostPeriod) : adapt;
  }

  static Adaptive of(SettingValues values, Settings settings) {
    String choice = values.must(JobKey.ADAPT);
    boolean off = choice.equals("off");
    if (!off) {
      try {
        Controllers.named(choice);
      } catch (IllegalArgumentException e) {
        throw Setting.mistake(values.where(JobKey.ADAPT).where(), e);
      }
    }
    for (JobKey key : KEYS) {
      if (off && settings.keys().contains(key) && !key.fallback().equals(values.must(key))) {
        throw values
            .where(key)
            .mistake("is for --adapt, which is off", "add --adapt time or bytes, or leave it out");
      }
    }
    int[] periods = periods(values);
    if (off && periods[0] > 0) {
      throw values
          .where(JobKey.LOCAL_STEPS)
          .mistake("is set as the run goes by --adapt, which is off", "add --adapt time");
    }
    String[] guard = values.must(JobKey.GUARD).split(":", 2);
    return new Adaptive(
        choice,
        densities(values),
        bits(values),
        guard[0].equals("off") ? Adapt.EVERY : every(values, guard[0]),
        guard[0].equals("off") ? Double.NaN : bound(values, guard),
        periods[0],
        periods[1]);
  }

  private static String densities(SettingValues values) {
    String text = values.must(JobKey.DENSITY_BOUNDS);
    String[] two = text.split("\\.\\.", -1);
    double least = 0;
    double most = 0;
    if (two.length == 2) {
      try {
        least = Units.fraction(two[0].strip());
        most = Units.fraction(two[1].strip());
      } catch (IllegalArgumentException e) {
        throw Setting.mistake(values.where(JobKey.DENSITY_BOUNDS).where(), e);
      }
    }
    if (!(least > 0 && least <= most && most <= 1)) {
      throw values
          .where(JobKey.DENSITY_BOUNDS)
          .mistake("\"" + text + "\" are no bounds of a density", "write for instance 1%..50%");
    }
    return text.replace(" ", "");
  }

  private static String bits(SettingValues values) {
    String text = values.must(JobKey.BITS_BOUNDS).replace(" ", "");
    boolean known = text.matches("[24568]\\.\\.[24568]");
    if (!known || text.charAt(0) > text.charAt(text.length() - 1)) {
      throw values
          .where(JobKey.BITS_BOUNDS)
          .mistake(
              "\"" + text + "\" are no bounds of a width",
              "write two of 2, 4, 5, 6 and 8, for instance 4..8");
    }
    return text;
  }

  private static int every(SettingValues values, String word) {
    if (!word.matches("[1-9]\\d{0,6}")) {
      throw guardMistake(values);
    }
    return Integer.parseInt(word);
  }

  private static double bound(SettingValues values, String[] guard) {
    if (guard.length == 1) {
      return Adapt.BOUND;
    }
    if (guard[1].equals("off")) {
      return Double.NaN;
    }
    try {
      double bound = Units.fraction(guard[1]);
      if (bound > 0) {
        return bound;
      }
      throw guardMistake(values);
    } catch (IllegalArgumentException e) {
      throw guardMistake(values);
    }
  }

  private static UserMistake guardMistake(SettingValues values) {
    return values
        .where(JobKey.GUARD)
        .mistake(
            "\"" + values.must(JobKey.GUARD) + "\" is no guard",
            "write rounds, or rounds and the largest distance, for instance 8 or 8:50%; or off");
  }

  /// Bounds of the period, or 0 and 0 if it is a number or there is none.
  private static int[] periods(SettingValues values) {
    Optional<String> text = values.text(JobKey.LOCAL_STEPS);
    if (text.isEmpty() || !text.get().startsWith(AUTO)) {
      return new int[2];
    }
    if (text.get().equals(AUTO)) {
      return new int[] {LEAST_PERIOD, MOST_PERIOD};
    }
    if (text.get().matches(AUTO + ":[1-9]\\d{0,6}\\.\\.[1-9]\\d{0,6}")) {
      String[] two = text.get().substring(AUTO.length() + 1).split("\\.\\.", -1);
      int[] bounds = {Integer.parseInt(two[0]), Integer.parseInt(two[1])};
      if (bounds[0] <= bounds[1]) {
        return bounds;
      }
    }
    throw values
        .where(JobKey.LOCAL_STEPS)
        .mistake("\"" + text.get() + "\" is no number of steps", "write a number, or auto:4..64");
  }
}
