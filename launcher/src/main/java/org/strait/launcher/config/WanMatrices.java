package org.strait.launcher.config;

import java.util.List;
import java.util.Optional;

/// Networks between many places: who is how far from whom, and how much goes through. A data centre
/// with the name of a place is there; if none has one, they take the places in order.
///
/// Round trips and bandwidths of `aws11` are those that the Skyplane project measured between
/// virtual machines of eleven AWS regions (round trips April 2022; iperf3 with 64 connections,
/// January 2022); `aws10` is what one training process got over four times four connections between
/// ten regions (DT-FM's matrix, 2022); `aws11-2016` has the round trips of `aws11` at 100 Mbit/s.
final class WanMatrices {
  /// Row to column, in the order of the places: round trips in ms and 10⁶ bit/s, or null for 100.
  private static final class Matrix {
    final List<String> places;
    final int[][] roundTripMillis;
    final int[][] megabits;

    Matrix(List<String> places, int[][] roundTripMillis, int[][] megabits) {
      this.places = places;
      this.roundTripMillis = roundTripMillis;
      this.megabits = megabits;
    }
  }

  private static final List<String> ELEVEN =
      List.of(
          "us-east-1",
          "us-west-1",
          "us-west-2",
          "eu-west-1",
          "eu-central-1",
          "ap-northeast-1",
          "ap-northeast-2",
          "ap-southeast-1",
          "ap-southeast-2",
          "ap-south-1",
          "sa-east-1");

  private static final int[][] ELEVEN_MILLIS = {
    {0, 60, 68, 85, 90, 168, 195, 237, 197, 188, 117},
    {60, 0, 21, 136, 147, 105, 135, 178, 136, 228, 177},
    {68, 21, 0, 122, 147, 98, 125, 169, 139, 211, 187},
    {85, 136, 122, 0, 22, 214, 241, 179, 254, 123, 180},
    {90, 147, 148, 23, 0, 223, 249, 155, 246, 114, 203},
    {169, 105, 98, 214, 223, 0, 33, 72, 115, 130, 282},
    {194, 135, 125, 241, 249, 32, 0, 96, 148, 152, 308},
    {237, 178, 164, 178, 155, 77, 96, 0, 93, 59, 360},
    {197, 136, 139, 256, 246, 115, 148, 93, 0, 143, 308},
    {188, 221, 211, 120, 114, 130, 151, 59, 138, 0, 299},
    {115, 177, 187, 180, 203, 282, 308, 358, 308, 298, 0}
  };

  private static final int[][] ELEVEN_MEGABITS = {
    {0, 4363, 4352, 4318, 4120, 3653, 3389, 3026, 3117, 3036, 3912},
    {4362, 0, 4679, 3718, 3584, 3989, 3727, 3372, 3674, 2838, 3375},
    {4347, 4678, 0, 3854, 3652, 4073, 3821, 3443, 3664, 2904, 3353},
    {4311, 3710, 3872, 0, 4658, 3140, 2870, 3313, 2591, 3622, 3331},
    {4112, 3590, 3661, 4657, 0, 2871, 2872, 3499, 2612, 3739, 3089},
    {3657, 3982, 4077, 3125, 2899, 0, 4594, 4289, 3952, 3792, 2575},
    {3387, 3729, 3809, 2842, 2849, 4591, 0, 4284, 3665, 3686, 2295},
    {3045, 3371, 3455, 3313, 3502, 4278, 4238, 0, 4111, 4373, 1926},
    {3110, 3678, 3664, 2616, 2631, 3990, 3654, 4107, 0, 3604, 2061},
    {3039, 2811, 2930, 3635, 3759, 3782, 3682, 4385, 3600, 0, 1947},
    {3906, 3386, 3361, 3338, 3080, 2572, 2287, 1924, 2037, 1938, 0}
  };

  private static final List<String> TEN =
      List.of(
          "oregon",
          "virginia",
          "ohio",
          "tokyo",
          "seoul",
          "singapore",
          "sydney",
          "london",
          "frankfurt",
          "ireland");

  /// Upper half, row by row: round trip in ms, 10⁶ bit/s; 0 where nothing was published.
  private static final int[][] TEN_PAIRS = {
    {67, 790, 49, 1100, 96, 523, 124, 460, 163, 341, 139, 360, 136, 420, 143, 404, 124, 482},
    {11, 1120, 143, 524, 172, 500, 230, 364, 197, 383, 76, 1160, 90, 1020, 67, 1050},
    {0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0},
    {34, 1100, 73, 1010, 100, 761, 210, 366, 223, 360, 199, 465},
    {0, 0, 0, 0, 0, 0, 0, 0, 0, 0},
    {92, 816, 169, 500, 155, 535, 0, 0},
    {262, 326, 265, 328, 0, 0},
    {14, 1140, 12, 1090},
    {24, 1080}
  };

  private static final int[] UNKNOWN_PAIR = {200, 400};

  private WanMatrices() {}

  /// Names of the networks.
  static List<String> names() {
    return List.of("aws11", "aws11-2016", "aws10");
  }

  private static Optional<Matrix> of(String name) {
    return switch (name) {
      case "aws11" -> Optional.of(new Matrix(ELEVEN, ELEVEN_MILLIS, ELEVEN_MEGABITS));
      case "aws11-2016" -> Optional.of(new Matrix(ELEVEN, ELEVEN_MILLIS, null));
      case "aws10" -> Optional.of(ten());
      default -> Optional.empty();
    };
  }

  private static Matrix ten() {
    int n = TEN.size();
    int[][] millis = new int[n][n];
    int[][] megabits = new int[n][n];
    for (int a = 0; a < n - 1; a++) {
      for (int b = a + 1; b < n; b++) {
        int at = 2 * (b - a - 1);
        boolean known = TEN_PAIRS[a][at] > 0;
        millis[a][b] = millis[b][a] = known ? TEN_PAIRS[a][at] : UNKNOWN_PAIR[0];
        megabits[a][b] = megabits[b][a] = known ? TEN_PAIRS[a][at + 1] : UNKNOWN_PAIR[1];
      }
    }
    return new Matrix(TEN, millis, megabits);
  }

  /// The place of each data centre.
  static List<String> places(String name, List<String> dcs) {
    Matrix matrix = of(name).orElseThrow();
    if (dcs.stream().anyMatch(matrix.places::contains)) {
      return dcs;
    }
    if (dcs.size() > matrix.places.size()) {
      throw new IllegalArgumentException(
          "\""
              + name
              + "\" has "
              + matrix.places.size()
              + " places, there are "
              + dcs.size()
              + " data centres; take fewer, or a network such as \"80ms 50Mbit/s\"");
    }
    return matrix.places.subList(0, dcs.size());
  }

  /// One-way delay in nanoseconds between two places.
  static long delayNanos(String name, String from, String to) {
    Matrix matrix = of(name).orElseThrow();
    return matrix.roundTripMillis[index(matrix, name, from)][index(matrix, name, to)] * 500_000L;
  }

  /// Bandwidth between two places.
  static long bitsPerSecond(String name, String from, String to) {
    Matrix matrix = of(name).orElseThrow();
    return matrix.megabits == null
        ? 100_000_000L
        : matrix.megabits[index(matrix, name, from)][index(matrix, name, to)] * 1_000_000L;
  }

  private static int index(Matrix matrix, String name, String place) {
    int index = matrix.places.indexOf(place);
    if (index < 0) {
      throw new IllegalArgumentException(
          "\""
              + name
              + "\" has no place \""
              + place
              + "\"; it has "
              + String.join(", ", matrix.places));
    }
    return index;
  }
}
