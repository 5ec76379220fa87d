package org.strait.kernels;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.strait.kernels.scalar.ScalarBackend;
import org.strait.kernels.team.Team;
import org.strait.kernels.team.TeamBackend;

/// The one choice of a backend, with the line that says why. Known names: {@code auto}, {@code
/// scalar}, {@code simd} (the width the CPU prefers), {@code simd-128}, {@code simd-256}, {@code
/// simd-512}, {@code openblas}, {@code cuda}, and whatever else joins through a {@link
/// BackendProvider}; and a mix of them, {@code dense=openblas,loss=scalar}.
public final class Backends {
  /// A chosen backend and the line for the log, for instance {@code backend openblas over simd-512
  /// (cuda: no provider)}.
  ///
  /// @param backend what to compute with
  /// @param logLine what was chosen and, for each better backend there is, why it was not
  public record Choice(Backend backend, String logLine) {}

  static final String OPENBLAS = "openblas";
  private static final String CUDA = "cuda";

  private Backends() {}

  /// Chooses by name, for one thread. {@code auto} takes the widest SIMD the CPU prefers and
  /// OpenBLAS on top of it if that loads; it never takes less than what runs and always says what
  /// it left out. Any other name is honoured or refused.
  ///
  /// @throws BackendUnavailableException if a forced backend cannot run here
  /// @throws IllegalArgumentException if nobody knows the name; the message lists the known ones
  public static Choice choose(String name) throws BackendUnavailableException {
    return each(BackendRequest.of(name));
  }

  /// Chooses by name, for a rank of so many threads; close the backend to end them.
  ///
  /// @param threads threads of the rank, the caller's included, at least 1
  public static Choice choose(String name, int threads) throws BackendUnavailableException {
    return choose(BackendRequest.of(name).withThreads(threads));
  }

  /// Chooses for a rank; close the backend to end its threads. With an estimate, {@code auto} takes
  /// for each family what is cheapest for the work ahead.
  public static Choice choose(BackendRequest request) throws BackendUnavailableException {
    Choice choice = each(request);
    boolean spin = request.fits(Runtime.getRuntime().availableProcessors());
    Team team = new Team(request.threadName(), request.threads(), spin);
    return new Choice(new TeamBackend(choice.backend(), team), choice.logLine());
  }

  /// Checks names without loading what they stand for.
  ///
  /// @throws IllegalArgumentException as {@link #choose} does
  public static void check(String name) {
    AskedBackends.parse(name, known(new JoiningBackends()));
  }

  /// Whether something is left to {@code auto}.
  ///
  /// @throws IllegalArgumentException as {@link #choose} does
  public static boolean chooses(String name) {
    return AskedBackends.parse(name, known(new JoiningBackends()))
        .byFamily()
        .containsValue(AskedBackends.AUTO);
  }

  /// What every thread of the team computes with.
  private static Choice each(BackendRequest request) throws BackendUnavailableException {
    JoiningBackends joining = new JoiningBackends();
    AskedBackends asked = AskedBackends.parse(request.backend(), known(joining));
    String one = asked.one().orElse("");
    if (one.isEmpty() || (one.equals(AskedBackends.AUTO) && request.estimate().isPresent())) {
      return new BackendMix(asked, request, joining).choose();
    }
    try {
      return switch (one) {
        case AskedBackends.AUTO -> auto(joining);
        case "scalar" -> new Choice(new ScalarBackend(), "backend scalar (asked for)");
        case "simd", "simd-128", "simd-256", "simd-512" -> askedFor(simd(one));
        default -> joined(one, joining);
      };
    } catch (BackendUnavailableException e) {
      throw unavailable(one, e);
    }
  }

  static BackendUnavailableException unavailable(String name, BackendUnavailableException e) {
    return new BackendUnavailableException(
        "backend " + name + " cannot run here: " + e.getMessage(), e);
  }

  private static Choice askedFor(Backend backend) {
    return new Choice(backend, "backend " + backend.name() + " (asked for)");
  }

  /// A backend of vectors by its name.
  static Backend simd(String name) throws BackendUnavailableException {
    return name.equals("simd")
        ? SimdWidths.preferred()
        : SimdWidths.of(Integer.parseInt(name.substring("simd-".length())));
  }

  static Choice auto(JoiningBackends joining) {
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
    Map<String, String> leftOut = new LinkedHashMap<>();
    Backend best = best(leftOut);
    Backend chosen = joining.create(name, best);
    return new Choice(chosen, line(chosen, best, leftOut));
  }

  /// The best backend of this module; says why if it is not SIMD.
  static Backend best(Map<String, String> leftOut) {
    try {
      return SimdWidths.preferred();
    } catch (BackendUnavailableException e) {
      leftOut.put("simd", e.getMessage());
      return new ScalarBackend();
    }
  }

  private static String line(Backend chosen, Backend best, Map<String, String> leftOut) {
    String over = chosen == best ? "" : " over " + best.name();
    String reasons = leftOut.isEmpty() ? "asked for" : reasons(leftOut);
    return "backend " + chosen.name() + over + " (" + reasons + ")";
  }

  static String reasons(Map<String, String> leftOut) {
    return leftOut.entrySet().stream()
        .map(entry -> entry.getKey() + ": " + entry.getValue())
        .collect(Collectors.joining("; "));
  }

  private static Set<String> known(JoiningBackends joining) {
    SortedSet<String> known = new TreeSet<>(joining.names());
    known.add(AskedBackends.AUTO);
    known.add("scalar");
    known.add("simd");
    for (int bits : SimdWidths.BITS) {
      known.add("simd-" + bits);
    }
    known.add(OPENBLAS);
    known.add(CUDA);
    return known;
  }
}
