package org.strait.kernels;

import java.util.List;
import java.util.Map;
import java.util.function.IntSupplier;

/// The gate to the Vector API: nothing of {@code org.strait.kernels.simd} is loaded before the
/// incubator module has been found, and no width the CPU lacks is handed out.
final class SimdWidths {
  /// Vector widths there are kernels for, in bits.
  static final List<Integer> BITS = List.of(128, 256, 512);

  private static final String MODULE = "jdk.incubator.vector";

  /// One loader per width for all choices, so that the JVM compiles each kernel once.
  private static final Map<Integer, SimdLoader> LOADERS =
      Map.of(128, new SimdLoader(128), 256, new SimdLoader(256), 512, new SimdLoader(512));

  private SimdWidths() {}

  /// The backend of the widest vectors that the CPU prefers.
  static Backend preferred() throws BackendUnavailableException {
    return LOADERS.get(Math.min(preferredBits(), BITS.getLast())).backend();
  }

  /// The backend of a forced width.
  ///
  /// @throws BackendUnavailableException if the CPU prefers narrower vectors: wider ones would be
  ///     emulated, slower than plain loops
  static Backend of(int bits) throws BackendUnavailableException {
    int preferred = preferredBits();
    if (bits > preferred) {
      throw new BackendUnavailableException(
          "this CPU's vectors are "
              + preferred
              + " bits wide, not "
              + bits
              + "; take simd-"
              + Math.min(preferred, BITS.getLast())
              + " or auto");
    }
    return LOADERS.get(bits).backend();
  }

  /// Names of the backends that run here, from the widest vectors the CPU prefers to the narrowest.
  static List<String> names() throws BackendUnavailableException {
    int preferred = preferredBits();
    return BITS.reversed().stream()
        .filter(bits -> bits <= preferred)
        .map(bits -> "simd-" + bits)
        .toList();
  }

  private static int preferredBits() throws BackendUnavailableException {
    if (ModuleLayer.boot().findModule(MODULE).isEmpty()) {
      throw new BackendUnavailableException(
          "the Vector API is not loaded, start java with --add-modules " + MODULE);
    }
    int bits = askPreferredBits();
    if (bits < BITS.getFirst()) {
      throw new BackendUnavailableException("this JVM does not compile vectors for this CPU");
    }
    return bits;
  }

  private static int askPreferredBits() {
    try {
      return Class.forName("org.strait.kernels.simd.PreferredWidth")
          .asSubclass(IntSupplier.class)
          .getDeclaredConstructor()
          .newInstance()
          .getAsInt();
    } catch (ReflectiveOperationException e) {
      throw new LinkageError("org.strait.kernels.simd is incomplete", e);
    }
  }
}
