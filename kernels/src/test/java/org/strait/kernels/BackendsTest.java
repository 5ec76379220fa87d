package org.strait.kernels;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class BackendsTest {
  /// The build says which backend must have run, so that it cannot pass on the wrong path.
  private static final String EXPECTED = System.getProperty("strait.expectBackend", "unset");

  private static boolean vectorModule() {
    return ModuleLayer.boot().findModule("jdk.incubator.vector").isPresent();
  }

  @Test
  void autoPicksWhatTheBuildSaysMustRun() throws Exception {
    Backends.Choice choice = Backends.choose("auto");
    switch (EXPECTED) {
      case "scalar" -> {
        assertEquals("scalar", choice.backend().name());
        assertTrue(
            choice.logLine().contains("--add-modules jdk.incubator.vector"), choice.logLine());
      }
      case "simd" -> {
        assertTrue(choice.backend().name().startsWith("simd-"), choice.logLine());
        assertEquals(
            "backend " + choice.backend().name() + " (openblas: no provider; cuda: no provider)",
            choice.logLine());
      }
      default -> throw new AssertionError("strait.expectBackend is " + EXPECTED);
    }
  }

  @Test
  void scalarCanBeForcedEverywhere() throws Exception {
    assertEquals("scalar", Backends.choose("scalar").backend().name());
    assertEquals("backend scalar (asked for)", Backends.choose("scalar").logLine());
  }

  @ParameterizedTest
  @ValueSource(strings = {"simd", "simd-128", "simd-256", "simd-512"})
  void withoutTheModuleForcedSimdIsRefusedWithTheFlag(String name) {
    assumeTrue(!vectorModule(), "the Vector API is loaded in this run");
    String message =
        assertThrows(BackendUnavailableException.class, () -> Backends.choose(name)).getMessage();
    assertEquals(
        "backend "
            + name
            + " cannot run here: the Vector API is not loaded, start java with --add-modules"
            + " jdk.incubator.vector",
        message);
  }

  @Test
  void widthsUpToTheCpusRunAndWiderAreRefusedWithBothNumbers() throws Exception {
    assumeTrue(vectorModule(), "the Vector API is not loaded in this run");
    String preferred = Backends.choose("simd").backend().name();
    int bits = Integer.parseInt(preferred.substring("simd-".length()));
    for (int width : new int[] {128, 256, 512}) {
      String name = "simd-" + width;
      if (width <= bits) {
        assertEquals(name, Backends.choose(name).backend().name());
      } else {
        String message =
            assertThrows(BackendUnavailableException.class, () -> Backends.choose(name))
                .getMessage();
        assertTrue(message.contains(bits + " bits") && message.contains("" + width), message);
      }
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"openblas", "cuda"})
  void joiningBackendWithoutProviderIsRefused(String name) {
    String message =
        assertThrows(BackendUnavailableException.class, () -> Backends.choose(name)).getMessage();
    assertEquals("backend " + name + " cannot run here: no provider", message);
  }

  @ParameterizedTest
  @CsvSource({"smid-256, simd-256", "simd512, simd-512", "Scalar, scalar", "opnblas, openblas"})
  void unknownNamesGetTheKnownOnesAndTheNearest(String name, String nearest) {
    String message =
        assertThrows(IllegalArgumentException.class, () -> Backends.choose(name)).getMessage();
    assertEquals(
        "unknown backend \""
            + name
            + "\"; known: auto, cuda, openblas, scalar, simd, simd-128, simd-256, simd-512; did you"
            + " mean "
            + nearest
            + "?",
        message);
  }
}
