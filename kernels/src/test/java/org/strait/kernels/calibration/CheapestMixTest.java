package org.strait.kernels.calibration;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.strait.kernels.Family;

/// Decisions from made-up figures that are easy to add up in the head.
class CheapestMixTest {
  private static final String FIGURES =
      """
      scalar start 9
      scalar vectors 0 1
      scalar products 0 1
      scalar sparse 0 1
      scalar loss 0 10
      scalar update 0 1
      scalar codec 0 1
      simd-512 start 1
      simd-512 vectors 1 0.1
      simd-512 products 1 0.1
      simd-512 sparse 1 1
      simd-512 loss 2 1
      simd-512 update 1 0.9
      simd-512 codec 1 2
      simd-256 start 1
      simd-256 vectors 1 0.2
      simd-256 products 1 0.2
      simd-256 sparse 1 0.5
      simd-256 loss 2 2
      simd-256 update 1 0.9
      simd-256 codec 1 1
      openblas start 2
      openblas products 0 0.01
      """;
  private static final List<String> PLAIN = List.of("scalar", "simd-512", "simd-256", "simd-128");
  private static final double BILLION = 1e9;

  private static Map<Family, CheapestMix.Pick> choose(Work work, int threads, Set<String> started) {
    Estimate estimate = new Estimate(Calibration.parse("test", FIGURES), work);
    return new CheapestMix(estimate, threads, PLAIN, List.of("openblas"), started)
        .choose(EnumSet.allOf(Family.class));
  }

  private static String chosen(Work work, Family family) {
    return choose(work, 1, Set.of()).get(family).chosen().backend();
  }

  @Test
  void withoutWorkEverythingIsScalar() {
    for (CheapestMix.Pick pick : choose(Work.none(), 1, Set.of()).values()) {
      assertEquals("scalar", pick.chosen().backend());
      assertEquals(0, pick.chosen().seconds());
    }
  }

  /// Plain loops 10 s a billion rows; vectors 1 s for the start, 2 s for the warm-up, then 1 s.
  @ParameterizedTest
  @CsvSource({"0.1, scalar", "0.33, scalar", "0.4, simd-512", "10, simd-512"})
  void theBreakEvenIsStartAndWarmUpAgainstTheGain(double billions, String expected) {
    assertEquals(
        expected, chosen(Work.none().with(Workload.LOSS, billions * BILLION), Family.LOSS));
  }

  @Test
  void threadsShareTheWorkButNotTheWarmUp() {
    Work work = Work.none().with(Workload.LOSS, 0.5 * BILLION);
    assertEquals("simd-512", choose(work, 1, Set.of()).get(Family.LOSS).chosen().backend());
    assertEquals("scalar", choose(work, 2, Set.of()).get(Family.LOSS).chosen().backend());
  }

  @Test
  void aBackendThatIsLoadedAnywayHasNoStart() {
    Work work = Work.none().with(Workload.LOSS, 0.3 * BILLION);
    assertEquals("scalar", choose(work, 1, Set.of()).get(Family.LOSS).chosen().backend());
    assertEquals(
        "simd-512", choose(work, 1, Set.of("simd-512")).get(Family.LOSS).chosen().backend());
  }

  @Test
  void familiesShareAStart() {
    // Each alone saves less than the start and its warm-up; together they do not.
    Work vectors = Work.none().with(Workload.VECTORS, 2.1 * BILLION);
    Work update = Work.none().with(Workload.LOSS, 0.31 * BILLION);
    assertEquals("scalar", chosen(vectors, Family.DENSE));
    assertEquals("scalar", chosen(update, Family.LOSS));
    Work both = vectors.with(Workload.LOSS, 0.31 * BILLION);
    assertEquals("simd-512", chosen(both, Family.DENSE));
    assertEquals("simd-512", chosen(both, Family.LOSS));
  }

  @Test
  void eachFamilyGetsItsOwn() {
    Work work =
        Work.none()
            .with(Workload.VECTORS, 20 * BILLION)
            .with(Workload.SPARSE, 20 * BILLION)
            .with(Workload.LOSS, 20 * BILLION)
            .with(Workload.UPDATE, BILLION)
            .with(Workload.CODEC, 20 * BILLION);
    assertEquals("simd-512", chosen(work, Family.DENSE));
    assertEquals("simd-256", chosen(work, Family.SPARSE));
    assertEquals("simd-512", chosen(work, Family.LOSS));
    assertEquals("scalar", chosen(work, Family.UPDATE));
    assertEquals("scalar", chosen(work, Family.CODEC));
  }

  @Test
  void aSecondWidthIsNotWorthAFewPerCent() {
    Work work = Work.none().with(Workload.LOSS, 100 * BILLION).with(Workload.SPARSE, 6 * BILLION);
    // 100 s of loss; 512 would do the sparse rows in 7 s, scalar in 6, 256 in 4 and its start 1.
    assertEquals("simd-512", chosen(work, Family.LOSS));
    assertEquals("scalar", chosen(work, Family.SPARSE));
  }

  @Test
  void matrixProductsTakeTheLibraryOverWhatIsBestForVectors() {
    Work work = Work.none().with(Workload.PRODUCTS, 30 * BILLION);
    CheapestMix.Pick few = choose(work, 1, Set.of()).get(Family.DENSE);
    assertEquals("openblas", few.chosen().backend());
    assertEquals("scalar", few.chosen().below());
    CheapestMix.Pick both =
        choose(work.with(Workload.VECTORS, 30 * BILLION), 1, Set.of()).get(Family.DENSE);
    assertEquals("openblas over simd-512 4.30 s", both.chosen().toString());
    assertEquals("simd-512 8.00 s", both.next().orElseThrow().toString());
    // Without products nobody asks for the library.
    Work vectors = Work.none().with(Workload.VECTORS, 30 * BILLION);
    assertEquals("simd-512", chosen(vectors, Family.DENSE));
  }

  @Test
  void figuresOfSimdStandForTheWidest() {
    Estimate estimate =
        new Estimate(Calibration.typical(), Work.none().with(Workload.LOSS, 10 * BILLION));
    Map<Family, CheapestMix.Pick> picks =
        new CheapestMix(estimate, 1, List.of("scalar", "simd-256", "simd-128"), List.of(), Set.of())
            .choose(EnumSet.of(Family.LOSS));
    assertEquals("simd-256", picks.get(Family.LOSS).chosen().backend());
  }

  @Test
  void withoutVectorsThereIsOneChoice() {
    Work work = Work.none().with(Workload.LOSS, 10 * BILLION);
    CheapestMix.Pick pick =
        new CheapestMix(
                new Estimate(Calibration.typical(), work),
                1,
                List.of("scalar"),
                List.of(),
                Set.of())
            .choose(EnumSet.of(Family.LOSS))
            .get(Family.LOSS);
    assertEquals("scalar 330 s", pick.chosen().toString());
    assertTrue(pick.next().isEmpty());
  }

  @Test
  void thePhraseSaysWhatAndWhatElse() {
    Work work = Work.none().with(Workload.LOSS, 0.1 * BILLION);
    Map<Family, CheapestMix.Pick> picks = choose(work, 1, Set.of());
    assertEquals(
        "loss scalar 1.00 s (simd-512 3.10 s)",
        CheapestMix.phrase(Family.LOSS, picks.get(Family.LOSS), work));
    assertEquals("codec unused", CheapestMix.phrase(Family.CODEC, picks.get(Family.CODEC), work));
  }
}
