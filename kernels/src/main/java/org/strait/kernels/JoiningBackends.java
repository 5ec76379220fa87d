package org.strait.kernels;

import java.io.UncheckedIOException;
import java.util.Iterator;
import java.util.Map;
import java.util.ServiceConfigurationError;
import java.util.ServiceLoader;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;

/// Backends that join from other modules. Whatever goes wrong while one of them is found or made
/// becomes one phrase.
final class JoiningBackends {
  private final Map<String, BackendProvider> providers = new TreeMap<>();
  private String broken = "";

  /// Looks for providers with the loader of this class: a thread's context loader may see others,
  /// or none.
  JoiningBackends() {
    this(
        ServiceLoader.load(BackendProvider.class, JoiningBackends.class.getClassLoader())
            .iterator());
  }

  JoiningBackends(Iterator<BackendProvider> found) {
    boolean more = true;
    while (more) {
      try {
        more = found.hasNext();
        if (more) {
          BackendProvider provider = found.next();
          providers.put(provider.name(), provider);
        }
      } catch (ServiceConfigurationError e) {
        broken = phrase(e);
      }
    }
  }

  /// Names of the providers found.
  SortedSet<String> names() {
    return new TreeSet<>(providers.keySet());
  }

  /// Makes a backend on top of the best one of this module.
  ///
  /// @throws BackendUnavailableException with one phrase, without the backend's name
  Backend create(String name, Backend best) throws BackendUnavailableException {
    BackendProvider provider = providers.get(name);
    if (provider == null) {
      throw new BackendUnavailableException(
          broken.isEmpty() ? "no provider" : "no provider that loads, " + broken);
    }
    try {
      return provider.create(best);
    } catch (LinkageError | UncheckedIOException e) {
      throw new BackendUnavailableException(phrase(e), e);
    }
  }

  private static String phrase(Throwable e) {
    String message = String.valueOf(e.getMessage()).lines().findFirst().orElse("");
    return e.getClass().getSimpleName() + ": " + message;
  }
}
