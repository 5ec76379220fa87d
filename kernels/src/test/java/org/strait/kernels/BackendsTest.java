package org.strait.kernels;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.strait.kernels.calibration.Calibration;
import org.strait.kernels.calibration.Estimate;
import org.strait.kernels.calibration.Work;
import org.strait.kernels.calibration.Workload;

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
        assertTrue(message.endsWith("; take simd-" + bits + " or auto"), message);
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

  @ParameterizedTest
  @CsvSource(
      delimiter = '!',
      value = {
        "spare=simd ! unknown family of operations \"spare\"; known: dense, sparse, loss, update,"
            + " codec; did you mean sparse?",
        "loss=smid ! unknown backend \"smid\"; known: auto, cuda, openblas, scalar, simd, simd-128,"
            + " simd-256, simd-512; did you mean simd?",
        "loss=scalar,loss=simd ! backend \"loss=scalar,loss=simd\" says twice who computes; keep"
            + " one for each family",
        "scalar,simd ! backend \"scalar,simd\" says twice who computes; keep one for each family",
        "scalar, ! unknown backend \"\"; known: auto, cuda, openblas, scalar, simd, simd-128,"
            + " simd-256, simd-512; did you mean auto?"
      })
  void aMixThatIsNoneIsRefused(String name, String message) {
    assertEquals(
        message,
        assertThrows(IllegalArgumentException.class, () -> Backends.choose(name)).getMessage());
    assertEquals(
        message,
        assertThrows(IllegalArgumentException.class, () -> Backends.check(name)).getMessage());
  }

  @Test
  void familiesCanBeForcedOneByOne() throws Exception {
    Backends.Choice all = Backends.choose("loss=scalar,scalar");
    assertEquals("scalar", all.backend().name());
    Backends.Choice mixed = Backends.choose("loss=scalar");
    String others = Backends.choose("auto").backend().name();
    if (others.equals("scalar")) {
      assertEquals("scalar", mixed.backend().name());
    } else {
      assertEquals(
          String.format("dense=%1$s,sparse=%1$s,loss=scalar,update=%1$s,codec=%1$s", others),
          mixed.backend().name());
      assertEquals(
          Backends.choose("scalar").backend().loss().getClass(), mixed.backend().loss().getClass());
      // The name can be asked for again.
      assertEquals(
          mixed.backend().name(), Backends.choose(mixed.backend().name()).backend().name());
    }
    assertTrue(mixed.logLine().contains("loss scalar (asked for)"), mixed.logLine());
  }

  @Test
  void aForcedFamilyThatCannotRunIsRefused() {
    assertEquals(
        "backend openblas cannot run here: no provider",
        assertThrows(
                BackendUnavailableException.class, () -> Backends.choose("scalar,dense=openblas"))
            .getMessage());
  }

  @Test
  void anEstimateDecidesFamilyByFamily() throws Exception {
    Estimate small = new Estimate(Calibration.typical(), Work.none().with(Workload.LOSS, 1000));
    Estimate large = new Estimate(Calibration.typical(), Work.none().with(Workload.LOSS, 1e12));
    try (Backend backend =
        Backends.choose(BackendRequest.of("auto").withEstimate(small)).backend()) {
      assertEquals("scalar", backend.name());
    }
    Backends.Choice choice = Backends.choose(BackendRequest.of("auto").withEstimate(large));
    try (Backend backend = choice.backend()) {
      String line = choice.logLine();
      assertEquals(1, line.lines().count());
      assertTrue(line.contains("sparse unused"), line);
      assertTrue(line.contains("; a rank's processor time by typical figures"), line);
      if (vectorModule()) {
        assertTrue(backend.name().contains("loss=simd-"), line);
        assertTrue(backend.name().contains("codec=scalar"), line);
      } else {
        assertEquals("scalar", backend.name());
        assertTrue(line.contains("start java with --add-modules jdk.incubator.vector"), line);
      }
    }
  }

  @Test
  void aForcedBackendIsNotWeighed() throws Exception {
    Estimate large = new Estimate(Calibration.typical(), Work.none().with(Workload.LOSS, 1e12));
    Backends.Choice choice =
        Backends.choose(BackendRequest.of("scalar").withEstimate(large).withThreads(2));
    try (Backend backend = choice.backend()) {
      assertEquals("scalar", backend.name());
      assertEquals("backend scalar (asked for)", choice.logLine());
    }
  }

  @Test
  void closingABackendEndsItsThreads() throws Exception {
    BackendRequest request = BackendRequest.of("scalar").withThreads(3).withThreadName("mine");
    Backend backend = Backends.choose(request).backend();
    assertEquals(List.of("mine-1", "mine-2"), threadsNamed("mine-"));
    backend.close();
    assertEquals(List.of(), threadsNamed("mine-"));
  }

  private static List<String> threadsNamed(String prefix) {
    return Thread.getAllStackTraces().keySet().stream()
        .map(Thread::getName)
        .filter(name -> name.startsWith(prefix))
        .sorted()
        .toList();
  }

  @Test
  void aTeamSpinsOnlyWhereEveryThreadOfEveryRankHasACore() {
    BackendRequest two = BackendRequest.of("auto").withThreads(2);
    assertTrue(two.fits(2));
    assertTrue(two.withRanksOnHost(1).fits(2));
    assertTrue(two.withRanksOnHost(3).fits(6));
    assertFalse(two.withRanksOnHost(3).fits(5));
    assertFalse(two.withThreads(Integer.MAX_VALUE).withRanksOnHost(2).fits(Integer.MAX_VALUE));
  }

  @Test
  void countsAreChecked() {
    BackendRequest request = BackendRequest.of("auto");
    assertEquals(
        "0 threads for a rank; give at least 1",
        assertThrows(IllegalArgumentException.class, () -> request.withThreads(0)).getMessage());
    assertThrows(IllegalArgumentException.class, () -> request.withRanksOnHost(-1));
  }
}
