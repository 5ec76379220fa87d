package org.strait.kernels.calibration;

import java.math.BigDecimal;
import java.math.MathContext;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/// What kernels cost, by backend and kind of work. As text, one figure a line:
///
/// ```
/// BACKEND start SECONDS
/// BACKEND WORKLOAD WARM_UP_SECONDS NANOS_PER_ELEMENT
/// ```
public final class Calibration {
  /// Name that stands for the widest vectors the CPU prefers, whichever they are.
  public static final String SIMD = "simd";

  private static final String START = "start";

  /// 2 cores of an AMD EPYC (Zen 4, AVX-512), Temurin 25.0.3, by {@code strait calibrate}.
  private static final String TYPICAL =
      """
      scalar start 0.03
      scalar vectors 0.2 1.01
      scalar products 0.06 1.59
      scalar sparse 0.29 1.04
      scalar loss 0.06 33
      scalar update 0.09 0.57
      scalar codec 0.41 5
      simd start 0.16
      simd vectors 0.67 0.11
      simd products 0.32 0.019
      simd sparse 0.88 1.08
      simd loss 1.56 2.4
      simd update 0.1 0.16
      simd codec 1.57 0.66
      openblas start 0.53
      openblas products 0.03 0.024
      """;

  private final String origin;
  private final Map<String, Double> starts;
  private final Map<String, Map<Workload, Cost>> costs;

  private Calibration(
      String origin, Map<String, Double> starts, Map<String, Map<Workload, Cost>> costs) {
    this.origin = origin;
    this.starts = starts;
    this.costs = costs;
  }

  /// Figures for a machine nobody has measured.
  public static Calibration typical() {
    return parse("typical figures", TYPICAL);
  }

  /// Nanoseconds per element that plain loops take.
  public static double typicalScalarNanos(Workload kind) {
    return typical().cost("scalar", kind).orElseThrow().nanosPerElement();
  }

  /// Reads text.
  ///
  /// @param origin where the figures come from, for the log line
  /// @throws IllegalArgumentException if a line is not one
  public static Calibration parse(String origin, String text) {
    Map<String, Double> starts = new LinkedHashMap<>();
    Map<String, Map<Workload, Cost>> costs = new LinkedHashMap<>();
    for (String line : text.lines().toList()) {
      String[] words = line.split(" ", -1);
      if (words.length == 3 && words[1].equals(START)) {
        starts.put(words[0], new Cost(number(line, words[2]), 0).warmUpSeconds());
      } else if (words.length == 4) {
        costs
            .computeIfAbsent(words[0], name -> new EnumMap<>(Workload.class))
            .put(
                workload(line, words[1]), new Cost(number(line, words[2]), number(line, words[3])));
      } else {
        throw new IllegalArgumentException("not a figure: \"" + line + "\"");
      }
    }
    if (!starts.keySet().equals(costs.keySet()) || !starts.containsKey("scalar")) {
      throw new IllegalArgumentException(
          "figures of " + costs.keySet() + ", starts of " + starts.keySet() + ", scalar expected");
    }
    return new Calibration(origin, starts, costs);
  }

  /// One backend's line for its start.
  static String startLine(String backend, double seconds) {
    return backend + " " + START + " " + rounded(seconds);
  }

  /// One backend's line for a kind of work.
  static String line(String backend, Workload kind, Cost cost) {
    return String.join(
        " ", backend, kind.key(), rounded(cost.warmUpSeconds()), rounded(cost.nanosPerElement()));
  }

  /// Four digits: a measurement has no more.
  private static String rounded(double figure) {
    return new BigDecimal(figure).round(new MathContext(4)).stripTrailingZeros().toPlainString();
  }

  /// The text that {@link #parse} reads.
  public String text() {
    StringBuilder text = new StringBuilder();
    for (Map.Entry<String, Double> start : starts.entrySet()) {
      text.append(startLine(start.getKey(), start.getValue())).append('\n');
      costs
          .get(start.getKey())
          .forEach((kind, cost) -> text.append(line(start.getKey(), kind, cost)).append('\n'));
    }
    return text.toString();
  }

  /// Where the figures come from.
  public String origin() {
    return origin;
  }

  /// Names of the backends there are figures for, in the order of the text.
  public Set<String> backends() {
    return starts.keySet();
  }

  /// Seconds of processor time to load a backend.
  double start(String backend) {
    return starts.get(backend);
  }

  /// What a kind of work costs on a backend; empty if it was not measured.
  Optional<Cost> cost(String backend, Workload kind) {
    return Optional.ofNullable(costs.getOrDefault(backend, Map.of()).get(kind));
  }

  private static double number(String line, String word) {
    try {
      return Double.parseDouble(word);
    } catch (NumberFormatException e) {
      throw new IllegalArgumentException("not a figure: \"" + line + "\"", e);
    }
  }

  private static Workload workload(String line, String word) {
    for (Workload kind : Workload.values()) {
      if (kind.key().equals(word)) {
        return kind;
      }
    }
    throw new IllegalArgumentException("not a figure: \"" + line + "\"");
  }
}
