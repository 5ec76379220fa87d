package org.strait.kernels.calibration;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.IntStream;
import org.strait.kernels.Family;

/// The cheapest backend for each family. A set of backends costs their starts and, for each family,
/// the warm-up and the work on the cheapest of them; the cheapest set wins, so a small job does not
/// pay for compiling what it hardly uses. A pure function of its arguments.
public final class CheapestMix {
  /// A backend for a family.
  ///
  /// @param backend name
  /// @param below for a backend that takes vectors from another one, that one's name, else empty
  /// @param seconds estimated processor time of a rank, without the start
  public record Option(String backend, String below, double seconds) {
    @Override
    public String toString() {
      return String.format(
          Locale.ROOT, "%s%s %s s", backend, below.isEmpty() ? "" : " over " + below, figure());
    }

    private String figure() {
      return String.format(Locale.ROOT, seconds < 9.95 ? "%.2f" : "%.0f", seconds);
    }
  }

  /// The choice for a family and, if there is any, the next best backend with its start.
  public record Pick(Option chosen, Optional<Option> next) {}

  /// A larger set of backends must be cheaper by this.
  private static final double MARGIN = 0.95;

  private static final String SCALAR = "scalar";

  private final Estimate estimate;
  private final int threads;
  private final String widest;
  private final List<String> plain;
  private final List<String> products;
  private final Set<String> started;

  /// @param threads of the rank
  /// @param plain backends with all families, scalar first, then vectors from the widest on
  /// @param products backends that compute matrix products over a plain one
  /// @param started backends that are loaded in any case
  public CheapestMix(
      Estimate estimate,
      int threads,
      List<String> plain,
      List<String> products,
      Set<String> started) {
    this.estimate = estimate;
    this.threads = threads;
    this.started = started;
    widest = plain.size() > 1 ? plain.get(1) : SCALAR;
    this.plain = plain.stream().filter(this::known).toList();
    this.products =
        estimate.work().of(Workload.PRODUCTS) == 0
            ? List.of()
            : products.stream().filter(this::known).toList();
  }

  /// The choice for some families.
  public Map<Family, Pick> choose(Set<Family> families) {
    List<String> others = new ArrayList<>(plain);
    others.remove(SCALAR);
    others.addAll(products);
    List<Integer> sets =
        IntStream.range(0, 1 << others.size())
            .boxed()
            .sorted(Comparator.comparingInt(Integer::bitCount))
            .toList();
    List<String> best = List.of();
    double bestSeconds = Double.POSITIVE_INFINITY;
    for (int set : sets) {
      List<String> members = new ArrayList<>(List.of(SCALAR));
      double seconds = 0;
      for (int i = 0; i < others.size(); i++) {
        if ((set >> i & 1) == 1) {
          members.add(others.get(i));
          seconds += start(others.get(i));
        }
      }
      for (Family family : families) {
        seconds += options(family, members).getFirst().seconds();
      }
      if (seconds < bestSeconds * MARGIN) {
        best = members;
        bestSeconds = seconds;
      }
    }
    Map<Family, Pick> picks = new EnumMap<>(Family.class);
    for (Family family : families) {
      picks.put(family, pick(family, best, others));
    }
    return picks;
  }

  private Pick pick(Family family, List<String> members, List<String> others) {
    Option chosen = options(family, members).getFirst();
    List<String> all = new ArrayList<>(List.of(SCALAR));
    all.addAll(others);
    return new Pick(
        chosen,
        options(family, all).stream()
            .filter(option -> !option.backend().equals(chosen.backend()))
            .map(option -> withStart(option, members))
            .min(Comparator.comparingDouble(Option::seconds)));
  }

  private Option withStart(Option option, List<String> members) {
    double start = members.contains(option.backend()) ? 0 : start(option.backend());
    return new Option(option.backend(), option.below(), option.seconds() + start);
  }

  /// What members can do a family, cheapest first; of equals the earlier member.
  private List<Option> options(Family family, List<String> members) {
    List<Option> options = new ArrayList<>();
    for (String member : members) {
      if (products.contains(member)) {
        continue;
      }
      Optional<Double> whole = seconds(member, Workload.of(family));
      whole.ifPresent(seconds -> options.add(new Option(member, "", seconds)));
      if (family == Family.DENSE && whole.isPresent()) {
        double vectors = seconds(member, List.of(Workload.VECTORS)).orElseThrow();
        for (String over : products) {
          if (members.contains(over)) {
            double matrices = seconds(over, List.of(Workload.PRODUCTS)).orElseThrow();
            options.add(new Option(over, member, vectors + matrices));
          }
        }
      }
    }
    options.sort(Comparator.comparingDouble(Option::seconds));
    return options;
  }

  /// Empty if a kind of work was not measured.
  private Optional<Double> seconds(String backend, List<Workload> kinds) {
    double sum = 0;
    for (Workload kind : kinds) {
      Optional<Cost> cost = estimate.calibration().cost(figures(backend), kind);
      if (cost.isEmpty()) {
        return Optional.empty();
      }
      sum += cost.get().seconds(estimate.work().of(kind), threads);
    }
    return Optional.of(sum);
  }

  private double start(String backend) {
    return started.contains(backend) ? 0 : estimate.calibration().start(figures(backend));
  }

  private boolean known(String backend) {
    return estimate.calibration().backends().contains(figures(backend));
  }

  /// The name a backend's figures stand under.
  private String figures(String backend) {
    Set<String> known = estimate.calibration().backends();
    return !known.contains(backend) && backend.equals(widest) ? Calibration.SIMD : backend;
  }

  /// A phrase for the log: what and why.
  public static String phrase(Family family, Pick pick, Work work) {
    if (Workload.of(family).stream().allMatch(kind -> work.of(kind) == 0)) {
      return family.key() + " unused";
    }
    return family.key()
        + " "
        + pick.chosen()
        + pick.next().map(next -> " (" + next + ")").orElse("");
  }
}
