package org.strait.kernels.calibration;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class CalibrationTest {
  @Test
  void textIsReadAsItWasWritten() {
    Calibration typical = Calibration.typical();
    Calibration again = Calibration.parse("again", typical.text());
    assertEquals(typical.text(), again.text());
    assertEquals(List.of("scalar", "simd", "openblas"), List.copyOf(again.backends()));
    assertEquals("again", again.origin());
    for (Workload kind : Workload.values()) {
      assertEquals(
          Calibration.typicalScalarNanos(kind),
          again.cost("scalar", kind).orElseThrow().nanosPerElement());
    }
    assertTrue(again.cost("openblas", Workload.LOSS).isEmpty());
  }

  @Test
  void figuresHaveFourDigits() {
    assertEquals("scalar start 0.03", Calibration.startLine("scalar", 0.030000000000000002));
    assertEquals(
        "simd-512 loss 1.75 0.00002403",
        Calibration.line("simd-512", Workload.LOSS, new Cost(1.749798119, 0.0000240306)));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "scalar",
        "scalar start",
        "scalar start fast",
        "scalar start 0.1",
        "scalar start -0.1\nscalar loss 1 1",
        "scalar start 0.1\nscalar loss 1 NaN",
        "scalar start 0.1\nscalar loss 1 Infinity",
        "scalar start 0.1\nscalar lost 1 1",
        "scalar start 0.1\nscalar loss 1 1 1",
        "scalar start 0.1\nscalar loss 1 1\nsimd loss 1 1",
        "simd start 0.1\nsimd loss 1 1",
        "scalar start 0.1\n\nscalar loss 1 1"
      })
  void whatIsNoFigureIsRefused(String text) {
    assertThrows(IllegalArgumentException.class, () -> Calibration.parse("test", text));
  }

  @Test
  void workIsCountedByKind() {
    Work work = Work.none().with(Workload.LOSS, 3).with(Workload.SPARSE, 5);
    assertEquals(3, work.of(Workload.LOSS));
    assertEquals(0, work.of(Workload.CODEC));
    assertThrows(IllegalArgumentException.class, () -> work.with(Workload.LOSS, -1));
    assertThrows(IllegalArgumentException.class, () -> work.with(Workload.LOSS, Double.NaN));
  }
}
