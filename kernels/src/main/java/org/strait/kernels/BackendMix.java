package org.strait.kernels;

import java.util.ArrayList;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.strait.kernels.calibration.CheapestMix;
import org.strait.kernels.calibration.Estimate;
import org.strait.kernels.scalar.ScalarBackend;

/// Makes a backend family by family: those asked for by name as asked, the others by what is
/// cheapest for the work ahead.
final class BackendMix {
  private final AskedBackends asked;
  private final BackendRequest request;
  private final JoiningBackends joining;
  private final Map<String, Backend> made = new HashMap<>();
  private final Map<Family, Backend> parts = new EnumMap<>(Family.class);
  private final Map<Family, String> phrases = new EnumMap<>(Family.class);
  private final Map<String, String> leftOut = new LinkedHashMap<>();

  BackendMix(AskedBackends asked, BackendRequest request, JoiningBackends joining) {
    this.asked = asked;
    this.request = request;
    this.joining = joining;
  }

  /// @throws BackendUnavailableException if a backend asked for cannot run here
  Backends.Choice choose() throws BackendUnavailableException {
    Set<Family> free = EnumSet.noneOf(Family.class);
    for (Map.Entry<Family, String> entry : asked.byFamily().entrySet()) {
      if (entry.getValue().equals(AskedBackends.AUTO)) {
        free.add(entry.getKey());
      } else {
        parts.put(entry.getKey(), forced(entry.getKey(), entry.getValue()));
        phrases.put(
            entry.getKey(),
            entry.getKey().key() + " " + parts.get(entry.getKey()).name() + " (asked for)");
      }
    }
    String why = "";
    if (!free.isEmpty() && request.estimate().isPresent()) {
      Estimate estimate = request.estimate().get();
      cheapest(free, estimate);
      why = "; a rank's processor time by " + estimate.calibration().origin();
    } else if (!free.isEmpty()) {
      Backend auto = Backends.auto(joining).backend();
      free.forEach(
          family -> {
            parts.put(family, auto);
            phrases.put(family, family.key() + " " + auto.name());
          });
    }
    return new Backends.Choice(
        MixedBackend.of(parts),
        "backend "
            + String.join(", ", phrases.values())
            + why
            + (leftOut.isEmpty() ? "" : " (" + Backends.reasons(leftOut) + ")"));
  }

  private Backend forced(Family family, String name) throws BackendUnavailableException {
    try {
      Backend backend = plain(name);
      if (backend != null) {
        return backend;
      }
      Backend best = plain(Backends.best(leftOut).name());
      backend = over(name, best);
      if (family.of(backend) == family.of(best)) {
        throw new IllegalArgumentException(
            "backend \""
                + asked.text()
                + "\": "
                + name
                + " has no operations of its own for "
                + family.key()
                + "; leave "
                + family.key()
                + " to auto");
      }
      return backend;
    } catch (BackendUnavailableException e) {
      throw Backends.unavailable(name, e);
    }
  }

  private void cheapest(Set<Family> free, Estimate estimate) {
    List<String> plain = new ArrayList<>(List.of("scalar"));
    try {
      plain.addAll(SimdWidths.names());
    } catch (BackendUnavailableException e) {
      leftOut.put("simd", e.getMessage());
    }
    Set<String> started = new HashSet<>();
    parts.values().forEach(backend -> started.add(backend.name()));
    List<String> products = new ArrayList<>(List.of(Backends.OPENBLAS));
    products.retainAll(joining.names());
    Map<Family, CheapestMix.Pick> picks = Map.of();
    while (picks.isEmpty()) {
      picks = new CheapestMix(estimate, request.threads(), plain, products, started).choose(free);
      try {
        for (Map.Entry<Family, CheapestMix.Pick> pick : picks.entrySet()) {
          parts.put(pick.getKey(), make(pick.getValue().chosen()));
        }
      } catch (BackendUnavailableException e) {
        // Only a library that joins can fail here: once more, without it.
        leftOut.put(Backends.OPENBLAS, e.getMessage());
        products.clear();
        picks = Map.of();
      }
    }
    picks.forEach(
        (family, pick) -> phrases.put(family, CheapestMix.phrase(family, pick, estimate.work())));
  }

  private Backend make(CheapestMix.Option option) throws BackendUnavailableException {
    return option.below().isEmpty()
        ? plain(option.backend())
        : over(option.backend(), plain(option.below()));
  }

  /// A backend of this module, or null; always the same for a name.
  private Backend plain(String name) throws BackendUnavailableException {
    Backend backend = made.get(name);
    if (backend == null && name.equals("scalar")) {
      backend = new ScalarBackend();
    } else if (backend == null && name.startsWith("simd")) {
      backend = Backends.simd(name);
      backend = made.getOrDefault(backend.name(), backend);
    }
    if (backend != null) {
      made.put(name, backend);
      made.put(backend.name(), backend);
    }
    return backend;
  }

  private Backend over(String name, Backend below) throws BackendUnavailableException {
    String key = name + " over " + below.name();
    Backend backend = made.get(key);
    if (backend == null) {
      backend = joining.create(name, below);
      made.put(key, backend);
    }
    return backend;
  }
}
