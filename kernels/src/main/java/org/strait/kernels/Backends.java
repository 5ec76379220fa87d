package org.strait.kernels;

import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.strait.kernels.scalar.ScalarBackend;
import org.strait.kernels.team.Team;
import org.strait.kernels.team.TeamBackend;

/// The one choice of a backend, with the line that says why. Known names: {@code auto}, {@code
/// scalar}, {@code simd} (the width the CPU prefers), {@code simd-128}, {@code simd-256}, {@code
/// simd-512}, {@code openblas}, {@code cuda}, and whatever else joins through a {@link
/// BackendProvider}.
public final class Backends {
  /// A chosen backend and the line for the log, for instance {@code backend openblas over simd-512
  /// (cuda: no provider)}.
  ///
  /// @param backend what to compute with
  /// @param logLine what was chosen and, for each better backend there is, why it was not
  public record Choice(Backend backend, String logLine) {}

  private static final String OPENBLAS = "openblas";
  private static final String CUDA = "cuda";

  private Backends() {}

  /// Chooses by name. {@code auto} takes the widest SIMD the CPU prefers and OpenBLAS on top of it
  /// if that loads; it never takes less than what runs and always says what it left out. Any other
  /// name is honoured or refused.
  ///
  /// @throws BackendUnavailableException if a forced backend cannot run here
  /// @throws IllegalArgumentException if nobody knows the name; the message lists the known ones
  public static Choice choose(String name) throws BackendUnavailableException {
    JoiningBackends joining = new JoiningBackends();
    try {
      return switch (name) {
        case "auto" -> auto(joining);
        case "scalar" -> new Choice(new ScalarBackend(), "backend scalar (asked for)");
        case "simd" -> askedFor(SimdWidths.preferred());
        case "simd-128" -> askedFor(SimdWidths.of(128));
        case "simd-256" -> askedFor(SimdWidths.of(256));
        case "simd-512" -> askedFor(SimdWidths.of(512));
        default -> joined(name, joining);
      };
    } catch (BackendUnavailableException e) {
      throw new BackendUnavailableException(
          "backend " + name + " cannot run here: " + e.getMessage(), e);
    }
  }

  /// Chooses by name, for a rank of so many threads; close the backend to end them.
  ///
  /// @param threads threads of the rank, the caller's included, at least 1
  public static Choice choose(String name, int threads) throws BackendUnavailableException {
    Choice choice = choose(name);
    return new Choice(
        new TeamBackend(choice.backend(), new Team("strait-team", threads)), choice.logLine());
  }

  private static Choice askedFor(Backend backend) {
    return new Choice(backend, "backend " + backend.name() + " (asked for)");
  }

  private static Choice auto(JoiningBackends joining) {
    Map<String, String> leftOut = new LinkedHashMap<>();
    Backend best = best(leftOut);
    Backend chosen = best;
    try {
      chosen = joining.create(OPENBLAS, best);
    } catch (BackendUnavailableException e) {
      leftOut.put(OPENBLAS, e.getMessage());
    }
    // A GPU is somebody's property: it is taken when asked for.
    leftOut.put(CUDA, joining.names().contains(CUDA) ? "only when asked for" : "no provider");
    return new Choice(chosen, line(chosen, best, leftOut));
  }

  private static Choice joined(String name, JoiningBackends joining)
      throws BackendUnavailableException {
    SortedSet<String> known = known(joining);
    if (!known.contains(name)) {
      throw new IllegalArgumentException(
          "unknown backend \""
              + name
              + "\"; known: "
              + String.join(", ", known)
              + "; did you mean "
              + nearest(name, known)
              + "?");
    }
    Map<String, String> leftOut = new LinkedHashMap<>();
    Backend best = best(leftOut);
    Backend chosen = joining.create(name, best);
    return new Choice(chosen, line(chosen, best, leftOut));
  }

  /// The best backend of this module; says why if it is not SIMD.
  private static Backend best(Map<String, String> leftOut) {
    try {
      return SimdWidths.preferred();
    } catch (BackendUnavailableException e) {
      leftOut.put("simd", e.getMessage());
      return new ScalarBackend();
    }
  }

  private static String line(Backend chosen, Backend best, Map<String, String> leftOut) {
    String over = chosen == best ? "" : " over " + best.name();
    String reasons =
        leftOut.isEmpty()
            ? "asked for"
            : leftOut.entrySet().stream()
                .map(entry -> entry.getKey() + ": " + entry.getValue())
                .collect(Collectors.joining("; "));
    return "backend " + chosen.name() + over + " (" + reasons + ")";
  }

  private static SortedSet<String> known(JoiningBackends joining) {
    SortedSet<String> known = new TreeSet<>(joining.names());
    known.add("auto");
    known.add("scalar");
    known.add("simd");
    for (int bits : SimdWidths.BITS) {
      known.add("simd-" + bits);
    }
    known.add(OPENBLAS);
    known.add(CUDA);
    return known;
  }

  private static String nearest(String name, SortedSet<String> known) {
    return known.stream()
        .min(Comparator.comparingInt(candidate -> UnknownName.edits(name, candidate)))
        .orElseThrow();
  }
}
